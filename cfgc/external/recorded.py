"""A source whose answers travel: what a session asks here, and the same answers on another machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from cfgc.diagnostics import Diagnostic
from cfgc.external.files import WorkTree
from cfgc.model.layers import Entry, Source

Entries: TypeAlias = list[Entry]
Findings: TypeAlias = list[Diagnostic]


class Recorder:
    """Another source, and a note of all that it answered. `cfgc.model.layers.Source` says what the methods do."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.lists: dict[str, Entries] = {}
        self.found: dict[str, bool] = {}
        self.contents: dict[str, bytes] = {}

    def describe(self) -> str:
        return self._source.describe()

    def content_id(self, path: str) -> str:
        return self._source.content_id(path)

    def list(self, folder: str) -> Entries:
        found = self.lists[folder] = self._source.list(folder)
        return found

    def exists(self, path: str) -> bool:
        found = self.found[path] = self._source.exists(path)
        return found

    def read(self, path: str) -> bytes:
        content = self.contents[path] = self._source.read(path)
        return content

    def changed(self) -> Findings:
        """What has changed since it was read, where the source is the working tree."""
        return self._source.changed() if isinstance(self._source, WorkTree) else []


class Recorded:
    """The answers of a recorder. What it was not asked is noted in `missing`, and answered as if it were not there."""

    def __init__(
        self, lists: Mapping[str, list[Any]], found: Mapping[str, bool], contents: Mapping[str, bytes]
    ) -> None:
        self._lists = {folder: [Entry(*each) for each in entries] for folder, entries in lists.items()}
        self._found = found
        self._contents = contents
        self.missing: dict[tuple[str, str], None] = {}

    def describe(self) -> str:
        return "recorded"

    def content_id(self, _path: str) -> str:
        return ""

    def list(self, folder: str) -> Entries:
        if folder not in self._lists:
            self.missing["list", folder] = None
        return self._lists.get(folder, [])

    def exists(self, path: str) -> bool:
        if path not in self._found:
            self.missing["exists", path] = None
        return self._found.get(path, False)

    def read(self, path: str) -> bytes:
        if path not in self._contents:
            self.missing["read", path] = None
            raise FileNotFoundError(path)
        return self._contents[path]
