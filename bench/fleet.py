"""A fleet: components x overlays, made the same every time."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

KEYS = 50
_SECTIONS = ("database", "http", "queue", "cache", "limits", "features")


@dataclass(frozen=True)
class Fleet:
    """How many components a fleet has, and which overlays stand over `base`."""

    name: str
    components: int
    overlays: tuple[str, ...]


SIZES = {
    "small": Fleet("small", 20, ("test", "prod")),
    "medium": Fleet("medium", 200, ("test", "prod")),
}


def write_fleet(fleet: Fleet, root: Path) -> None:
    """The project of a fleet: `base` and one file for each component and overlay, and a schema for all components."""
    dice = random.Random(fleet.name)
    for number in range(fleet.components):
        _write(root, "base", number, _component(number, dice))
        for overlay in fleet.overlays:
            _write(root, overlay, number, _overlay(number, overlay, dice))
    schemas = root / "schemas" / "managers"
    schemas.mkdir(parents=True)
    (schemas / "_each.schema.json").write_text(json.dumps(_schema(), indent=2))
    environments = "".join(f"  {overlay}: {{extends: base}}\n" for overlay in fleet.overlays)
    (root / "cfgc.yaml").write_text(f"version: 1\nenvironments:\n{environments}components: [managers/*]\n")


def component_name(number: int) -> str:
    return f"app-{number:04}"


def _write(root: Path, layer: str, number: int, text: str) -> None:
    place = root / "environments" / layer / "managers" / f"{component_name(number)}.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


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
    sections = dice.sample(_SECTIONS, 2)
    lines = [f"replicas: {number % 5 + 3}", "image:", f"  tag: v2.{number}.1-{overlay}"]
    for section in sections:
        lines += [f"{section}:", f"  max_connections: {dice.randint(500, 900)}", f"  timeout: {dice.randint(1, 90)}s"]
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
