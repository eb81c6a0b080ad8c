"""Layers as they are read: files, where they stand, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.values import Value

Format: TypeAlias = Literal["yaml", "json", "toml", "dotenv"]


class LayerFile(NamedTuple):
    """One file of a layer, not read yet.

    `at` is the key path its root mapping stands at; `each` marks an `_each` file, whose
    root mapping lies beneath every child of `at`.
    """

    path: str
    layer: str
    at: KeyPath
    format: Format
    each: bool = False
    sops: bool = False


@dataclass(slots=True)
class Document:
    """What a layer file holds: plain data, its content id, and whether any `Marked` is in it.

    An `inert` one holds neither a reference nor ciphertext, as its bytes show: nobody need look for any.
    """

    file: LayerFile
    data: Value
    content_id: str = ""
    marked: bool = False
    inert: bool = False


@dataclass(slots=True)
class Layer:
    """One layer of an environment: its documents in byte order of their key paths."""

    name: str
    documents: list[Document] = field(default_factory=list)


class Locator(Protocol):
    """Positions on demand: a file is parsed again, with marks, when somebody first asks."""

    def value(self, file: str, path: KeyPath) -> Location:
        """The span of the value at `path` inside `file` (not the tree's path)."""

    def key(self, file: str, path: KeyPath) -> Location:
        """The span of the key (or of the list item's dash) that leads to the value."""

    def implicit(self, file: str, path: KeyPath) -> bool:
        """Whether the null at `path` was written as nothing at all."""

    def at(self, file: str, line: int) -> KeyPath | None:
        """The deepest key path in `file` whose key or value covers `line`."""

    def quote(self, file: str, line: int) -> str | None:
        """The text of a line for display; none where the file holds secrets."""


class Source(Protocol):
    """Where a project's files come from: working tree, index or revision; paths are project-relative with `/`."""

    def list(self, folder: str) -> list[Entry]:
        """Every entry at any depth below `folder`, in byte order; nothing if it does not exist.

        Names that start with `.` are left out. What is no folder is listed as itself, a symbolic link or a submodule on
        the way there too. Raises `Failed` for a folder that cannot be listed whole.
        """

    def read(self, path: str) -> bytes:
        """The content of a regular file.

        Raises `FileNotFoundError`, `OSError` for what is no regular file or is too large, and `Failed` for a Git LFS
        pointer and for what Git cannot give.
        """

    def exists(self, path: str) -> bool:
        """Whether `path` is a file or a folder."""

    def describe(self) -> str:
        """`working tree`, `index`, or the full commit id."""

    def content_id(self, path: str) -> str:
        """The blob id of a file where the source knows it without reading, else an empty text."""


class Entry(NamedTuple):
    """One path of a source; `oid` is the Git blob id where the source knows it without reading."""

    path: str
    kind: Literal["file", "symlink", "submodule", "other"]
    oid: str = ""
