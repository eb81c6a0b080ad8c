"""A schema check on files in memory, read by the real reader; the tests' one way to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cfgc.diagnostics import Diagnostic
from cfgc.model.keypath import KeyPath, parse
from cfgc.model.layers import Entry
from cfgc.model.values import Secret, Unknown, Variable
from cfgc.stages.check.schema import Schemas, load
from cfgc.stages.read import Reader


class Memory:
    """A source of files in memory; `links` are symbolic links."""

    def __init__(self, files: Mapping[str, str], links: tuple[str, ...] = ()) -> None:
        self.files = {path: text.encode() for path, text in files.items()}
        self.links = links
        self.opened: list[str] = []

    def list(self, folder: str) -> list[Entry]:
        entries = [Entry(path, "file") for path in self.files] + [Entry(path, "symlink") for path in self.links]
        return sorted((entry for entry in entries if entry.path.startswith(folder + "/")), key=lambda entry: entry.path)

    def read(self, path: str) -> bytes:
        self.opened.append(path)
        if path not in self.files:
            raise FileNotFoundError(2, "no such file", path)
        return self.files[path]

    def exists(self, path: str) -> bool:
        return any(file == path or file.startswith(path + "/") for file in (*self.files, *self.links))

    def describe(self) -> str:
        return "working tree"

    def content_id(self, _path: str) -> str:
        return ""


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
