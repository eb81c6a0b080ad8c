"""Positions on demand: a file is parsed again, with marks, when somebody first asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cfgc.diagnostics import Failed
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location, start_of

if TYPE_CHECKING:
    from cfgc.stages.read.nodes import Node
    from cfgc.stages.read.places import Place
    from cfgc.stages.read.text import Text


class Files(Protocol):
    """Where the locator gets its files from: the bytes that the values were read from."""

    def nodes(self, path: str) -> tuple[Text, Node | None]:
        """The text and the root node of a file; raises `Failed` for one that cannot be read."""

    def text(self, path: str) -> Text:
        """The text of a file; raises `Failed`."""


class FileLocator:
    """`cfgc.model.layers.Locator` over the files of a reader; each file is parsed at most once.

    A file that cannot be read has one place: its first character; what is no file (`<--set>`) has none.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._parsed: dict[str, tuple[Text, Node | None] | None] = {}

    def value(self, file: str, path: KeyPath) -> Location:
        """The span of the value at `path`; see `places` for aliases and merge keys."""
        found = self._find(file, path)
        return found[0].location(found[1].node.start, found[1].node.end) if found else _somewhere(file)

    def key(self, file: str, path: KeyPath) -> Location:
        """The span of the key, or of the list item's dash, that leads to the value."""
        found = self._find(file, path)
        return found[0].location(*found[1].key) if found else _somewhere(file)

    def implicit(self, file: str, path: KeyPath) -> bool:
        """Whether the null at `path` was written as nothing at all."""
        from cfgc.stages.read.nodes import Scalar

        found = self._find(file, path)
        return found is not None and found[1].whole and isinstance(found[1].node, Scalar) and found[1].node.empty

    def at(self, file: str, line: int) -> KeyPath | None:
        """The deepest key path whose key or value covers `line`."""
        from cfgc.stages.read.places import path_at

        text, root = self._parse(file) or (None, None)
        return path_at(text, root, line) if text and root else None

    def quote(self, file: str, line: int) -> str | None:
        """The text of a line for display; none where the file holds secrets or cannot be read."""
        try:
            text = self._files.text(file)
        except Failed:
            return None
        return None if text.secret else text.line(line)

    def _find(self, file: str, path: KeyPath) -> tuple[Text, Place] | None:
        from cfgc.stages.read.places import find

        text, root = self._parse(file) or (None, None)
        return (text, find(text, root, path)) if text and root else None

    def _parse(self, file: str) -> tuple[Text, Node | None] | None:
        if file not in self._parsed:
            try:
                self._parsed[file] = self._files.nodes(file)
            except Failed:
                self._parsed[file] = None
        return self._parsed[file]


def _somewhere(file: str) -> Location:
    return Location(file, 0, 0, 0, 0) if file.startswith("<") else start_of(file)
