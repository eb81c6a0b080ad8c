"""Small projects in memory of a test's own folder, and what is made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cfgc.model.values import Value
from cfgc.pipeline.compile import compile_environment
from cfgc.pipeline.opening import open_source
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.reports.docs import Docs, collect
from cfgc.reports.docs.model import Key

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ESTATE = Path(__file__).resolve().parents[2]
SHOP = Path(__file__).resolve().parent / "shop"


def session_of(folder: Path) -> Session:
    return Session(open_source(folder), folder)


def docs_of(folder: Path) -> Docs:
    """The documentation of all environments of a project."""
    session = session_of(folder)
    return collect(session, [compile_environment(session, Wanted(name)) for name in session.project.environments])


def with_schema(schema: dict[str, Any], **layers: Value) -> dict[str, str]:
    """The files of a project whose component `web` has a schema; `layers` are what `web` is told by each."""
    files = {
        f"environments/{name}.yaml": json.dumps({"web": value}, ensure_ascii=False) for name, value in layers.items()
    }
    return {**files, "schemas/web.schema.json": json.dumps({"$schema": DRAFT, "type": "object", **schema})}


def keys(found: Docs, component: str = "web") -> dict[str, Key]:
    (one,) = (each for each in found.components if each.name == component)
    return {key.name: key for key in one.keys}
