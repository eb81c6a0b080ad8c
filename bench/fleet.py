"""A fleet: components x overlays, made the same every time.

The variant `plain` holds what every peer knows: maps, scalars, and a schema that only cfgc checks. `rich` adds what
cfgc is for: references, lists merged by key, policies, templates, secrets in every tenth component.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import rich

KEYS = 50
VARIANTS = ("plain", "rich")
_SECTIONS = ("database", "http", "queue", "cache", "limits", "features")


@dataclass(frozen=True)
class Fleet:
    """How many components a fleet has, which overlays stand over `base`, and which components have a secret."""

    name: str
    components: int
    overlays: tuple[str, ...]
    secret_every: int = 10

    @property
    def instances(self) -> int:
        """Components times overlays: each has two artifacts."""
        return self.components * len(self.overlays)


_TEN = ("dev", "test", "qa", "load", "demo", "staging", "prod", "prod-eu", "prod-us", "prod-jp")
SIZES = {
    "small": Fleet("small", 20, ("test", "prod")),
    "medium": Fleet("medium", 200, ("test", "prod")),
    "large": Fleet("large", 1000, _TEN),
}
SEALED = Fleet("sealed", 200, ("prod",), secret_every=1)
"""200 components with a SOPS file each"""


def write_fleet(fleet: Fleet, root: Path, variant: str = "plain") -> None:
    """The project of a fleet: `base` and one file for each component and overlay, and a schema for all components."""
    for name, text in files_of(fleet, variant):
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def files_of(fleet: Fleet, variant: str = "plain") -> Iterator[tuple[str, str]]:
    """Every file of the project: path and text."""
    dice = random.Random(fleet.name)
    more = variant == "rich"
    for number in range(fleet.components):
        name = component_name(number)
        yield layer_file("base", number), _component(number, dice) + (rich.component(name) if more else "")
        for overlay in fleet.overlays:
            text = _overlay(number, overlay, dice)
            yield layer_file(overlay, number), text + (rich.overlay(overlay) if more else "")
    schema = _schema()
    settings = "".join(f"  {overlay}: {{extends: base}}\n" for overlay in fleet.overlays)
    settings = f"version: 1\nenvironments:\n{settings}components: [managers/*]\n"
    if more:
        schema = rich.with_lists(schema)
        settings = rich.settings(fleet.overlays)
        secret = [component_name(number) for number in range(0, fleet.components, fleet.secret_every)]
        yield from rich.other_files(secret)
    yield "schemas/managers/_each.schema.json", json.dumps(schema, indent=2)
    yield "cfgc.yaml", settings


def component_name(number: int) -> str:
    return f"app-{number:04}"


def layer_file(layer: str, number: int) -> str:
    return f"environments/{layer}/managers/{component_name(number)}.yaml"


def _component(number: int, dice: random.Random) -> str:
    """50 leaves: scalars of every type, a nested map, a list, durations, URLs, quoted text."""
    lines = [
        f"owner: team-{number % 9}",
        f"replicas: {number % 5 + 1}",
        f'description: "component {number} of the fleet"',
    ]
    lines += ["image:", f"  name: registry.example.com/platform/{component_name(number)}", f"  tag: v1.{number}.0"]
    for section in _SECTIONS:
        lines += [f"{section}:", *_section(section, number, dice)]
    lines += ["ports:", "  - 8080", "  - 9090", "  - 9100"]
    return "\n".join(lines) + "\n"


def _section(section: str, number: int, dice: random.Random) -> list[str]:
    return [
        f"  url: https://{section}-{number}.svc.example.com:8443/v1",
        f"  timeout: {dice.randint(1, 90)}s",
        f"  max_connections: {dice.randint(1, 500)}",
        f"  ratio: {dice.randint(1, 99) / 100}",
        f"  enabled: {'true' if dice.random() < 0.7 else 'false'}",
        f"  mode: {dice.choice(['active', 'standby', 'mirror'])}",
        f"  note: plain words about {section}",
    ]


def _overlay(number: int, overlay: str, dice: random.Random) -> str:
    """Eight values that `base` says otherwise, and other overlays too: no lint has anything to say."""
    lines = [
        f"replicas: {number % 5 + len(overlay) + ('prod' in overlay)}",
        "image:",
        f"  tag: v2.{number}.1-{overlay}",
    ]
    for section in dice.sample(_SECTIONS, 2):
        lines += [f"{section}:", f"  max_connections: {dice.randint(501, 900)}", f"  timeout: {dice.randint(91, 180)}s"]
    return "\n".join(lines) + "\n"


def _schema() -> dict[str, object]:
    section = {
        "type": "object",
        "properties": {
            "url": {"type": "string", "pattern": "^https://"},
            "timeout": {"type": "string"},
            "max_connections": {"type": "integer", "minimum": 1, "maximum": 1000},
            "ratio": {"type": "number", "minimum": 0, "maximum": 1},
            "enabled": {"type": "boolean"},
            "mode": {"enum": ["active", "standby", "mirror"]},
            "note": {"type": "string"},
        },
        "required": ["url", "timeout"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A component of the fleet",
        "type": "object",
        "properties": {
            "owner": {"type": "string"},
            "replicas": {"type": "integer", "minimum": 1},
            "image": {"type": "object", "required": ["name", "tag"]},
            "ports": {"type": "array", "items": {"type": "integer", "maximum": 65535}},
            **dict.fromkeys(_SECTIONS, section),
        },
        "required": ["owner", "replicas", "image"],
    }
