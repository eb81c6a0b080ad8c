"""`json`: the documentation as data; `docs.schema.json` describes it."""

from __future__ import annotations

from json import dumps
from typing import Any

from cfgc.reports.docs.model import UNSET, Chain, Component, Docs, File, Key


def render(docs: Docs) -> str:
    """One JSON document."""
    return dumps(as_data(docs), ensure_ascii=False, indent=2) + "\n"


def as_data(docs: Docs) -> dict[str, Any]:
    """The documentation as plain data."""
    return {
        "project": docs.project,
        "description": docs.description,
        "environments": [_chain(each) for each in docs.environments],
        "components": [_component(each) for each in docs.components],
        "files": [_file(each) for each in docs.files],
        "references": [{"from": each.source, "to": each.target, "count": each.times} for each in docs.links],
    }


def _chain(chain: Chain) -> dict[str, Any]:
    return {"name": chain.name, "layers": list(chain.layers), "labels": dict(chain.labels)}


def _component(component: Component) -> dict[str, Any]:
    return {
        "component": component.name or None,
        "title": component.title,
        "description": component.description,
        "environments": list(component.environments),
        "files": [_file(each) for each in component.files],
        "keys": [_key(each) for each in component.keys],
    }


def _file(file: File) -> dict[str, Any]:
    return {
        "path": file.path,
        "format": file.format or None,
        "template": file.template or None,
        "environments": list(file.environments),
    }


def _key(key: Key) -> dict[str, Any]:
    default = {} if key.default is UNSET else {"default": key.default}
    return {
        "name": key.name,
        "path": key.path,
        "types": list(key.types),
        "required": key.required,
        **default,
        "constraints": list(key.constraints),
        "description": key.description,
        "secret": key.secret,
        "deprecated": key.deprecated,
        "documented": key.documented,
        "values": dict(key.values),
        "variables": list(key.variables),
        "files": list(key.files),
        "refers_to": list(key.refers_to),
        "referred_by": list(key.referred_by),
    }
