"""What a project of the generated history holds at a commit, in a model that merges and resolves by itself.

The model is written to be believed, not to be fast: maps merge, lists are replaced but for `users`, which the schema
matches by `name`; values are numbers, texts, references and secrets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

Tree = dict[str, Any]

LAYERS = {
    "test": ("base", "test"),
    "prod": ("base", "prod"),
    "prod-eu": ("base", "prod", "prod-eu"),
}

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"users": {"type": "array", "x-cfgc-merge": {"by": "name"}}},
}

SETTINGS = """\
environments:
  test: {extends: base}
  prod: {extends: base}
  prod-eu: {extends: prod}
components: [services/*]
outputs:
  - {for: "*", format: yaml, to: config.yaml}
  - {for: web, template: banner.j2, to: banner.txt}
"""


class Sealed(NamedTuple):
    """A secret of the model: its SOPS token."""

    token: str


@dataclass
class State:
    """The content of a commit: layer -> component -> its tree; secrets stand in files of their own."""

    layers: dict[str, dict[str, Tree]]
    secrets: dict[str, dict[str, Tree]]
    banner: int = 0
    comment: int = 0

    def files(self) -> dict[str, str]:
        """Path -> text."""
        found = {
            "cfgc.yaml": SETTINGS,
            "schemas/services/_each.schema.json": json.dumps(SCHEMA),
            "templates/banner.j2": f"banner {self.banner}\n",
        }
        for layer, components in self.layers.items():
            for name, tree in components.items():
                remark = f"# remark {self.comment}\n" if name == "web" else ""
                found[f"environments/{layer}/services/{name}.yaml"] = remark + _yaml(tree)
        for layer, components in self.secrets.items():
            for name, tree in components.items():
                if tree:
                    found[f"environments/{layer}/services/{name}.sops.yaml"] = _yaml(tree) + _BLOCK
        return found

    def effective(self, environment: str) -> Tree:
        """The merged tree with its references resolved."""
        services: Tree = {}
        for layer in LAYERS[environment]:
            for name, tree in sorted(self.layers[layer].items()):
                services[name] = merged(services.get(name, {}), tree)
            for name, tree in sorted(self.secrets.get(layer, {}).items()):
                if tree:
                    services[name] = merged(services.get(name, {}), tree)
        return {"services": _resolved(services, services)}


_BLOCK = """\
sops:
    age:
        - recipient: age1aqzy33jcge2yxs93nr2tgm42982qlmp6m2qkv7awful9z3st8qxskvqyl6
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YQ==
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2026-01-01T00:00:00Z"
    mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
    version: 3.9.0
"""


def _yaml(tree: Tree) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list) else value

    return "".join(f"{key}: {json.dumps(plain(value))}\n" for key, value in tree.items())


def merged(below: Any, over: Any, key: str = "") -> Any:
    if isinstance(below, dict) and isinstance(over, dict):
        result = dict(below)
        for name, value in over.items():
            result[name] = merged(below[name], value, name) if name in below else value
        return result
    if key == "users" and isinstance(below, list):
        known = {item["name"]: item for item in below}
        for item in over:
            known[item["name"]] = merged(known[item["name"]], item) if item["name"] in known else item
        return list(known.values())
    return over


def _resolved(value: Any, services: Tree) -> Any:
    if isinstance(value, dict):
        return {key: _resolved(item, services) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, services) for item in value]
    if isinstance(value, str) and value.startswith("${services."):
        _, name, key = value[2:-1].split(".")
        return services[name][key]
    return value


def leaves(tree: Tree, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            found |= leaves(value, (*path, key))
        else:
            found[*path, key] = value
    return found
