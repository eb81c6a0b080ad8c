"""A schema check on files in memory, read by the real reader; the tests' one way to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cfgc.diagnostics import Diagnostic
from cfgc.model.keypath import KeyPath, parse
from cfgc.model.values import Secret, Unknown, Variable
from cfgc.stages.check.schema import Schemas, load
from cfgc.stages.read import Reader
from tests.memory import Memory


def opened(files: Mapping[str, Any], links: tuple[str, ...] = ()) -> tuple[Schemas, list[Diagnostic]]:
    """The schemas of files (path below `schemas/` -> text, or data that becomes JSON) and the findings of `load`."""
    texts = {
        f"schemas/{name}": content if isinstance(content, str) else json.dumps(content, indent=1)
        for name, content in files.items()
    }
    reader = Reader(Memory(texts, links))
    return load(reader._source, reader.data, reader.locator)


def schemas(files: Mapping[str, Any]) -> Schemas:
    """Schemas that have nothing wrong with them."""
    loaded, found = opened(files)
    assert not found, lines(found)
    return loaded


def root(schema: Any) -> Schemas:
    """One schema for the whole tree."""
    return schemas({"config.schema.json": schema})


def found(schema: Any, tree: Any, **options: Any) -> list[Diagnostic]:
    """What one schema for the whole tree says of a tree."""
    return root(schema).check(tree, [], **options)


def lines(diagnostics: list[Diagnostic]) -> list[str]:
    """Findings as `severity name path: message`, for comparison."""
    return [f"{each.severity} {each.name} {each.path_text}: {each.message}" for each in diagnostics]


def said(schema: Any, tree: Any, **options: Any) -> list[str]:
    """The findings of one schema about one tree, as lines."""
    return lines(found(schema, tree, **options))


def at(path: str) -> KeyPath:
    return parse(path)


def sealed(kind: Any = "string") -> Secret:
    return Secret("ENC[AES256_GCM,data:x,type:str]", kind)


def revealed(plain: Any, kind: Any = "string") -> Secret:
    return Secret("ENC[AES256_GCM,data:x,type:str]", kind, plain)


def variable(*texts: str) -> Unknown:
    """A runtime variable alone, or inside text."""
    return Unknown((texts[0], Variable("X"), *texts[1:]) if texts else (Variable("X"),))


def text_of(diagnostic: Diagnostic) -> str:
    """Where a finding points, as `file:line:column`."""
    return str(diagnostic.location)
