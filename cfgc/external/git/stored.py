"""Files that Git holds as trees: what the index and a revision have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from cfgc.diagnostics import Failed, report
from cfgc.external.git.contents import Contents
from cfgc.external.git.objects import Objects
from cfgc.external.source import Kind, absent, check_depth, check_size, hidden, in_order, steps, unusable
from cfgc.model.layers import Entry
from cfgc.model.location import start_of

AnyKind: TypeAlias = Kind | Literal["folder"]

_KINDS: dict[str, AnyKind] = {"40000": "folder", "120000": "symlink", "160000": "submodule"}


class Node(NamedTuple):
    """What stands at a path, and the id of its object; a folder's says where to look for what it holds."""

    kind: AnyKind
    oid: str


Folder: TypeAlias = Mapping[str, Node]
NOTHING: Folder = {}


def node(mode: str, oid: str) -> Node:
    """The node of a mode as Git writes it; every mode that isn't special is a regular file's."""
    return Node(_KINDS.get(mode, "file"), oid)


class Stored(ABC):
    """A source of files over Git's objects; `cfgc.model.layers.Source` says what the methods do."""

    def __init__(self, objects: Objects) -> None:
        self._contents = Contents(objects)
        self.asked: set[str] = set()
        """every path that somebody has looked at, read, or listed what is below of"""

    @abstractmethod
    def describe(self) -> str:
        """`index`, or the full commit id."""

    @abstractmethod
    def _folder(self, oid: str) -> Folder:
        """What the folder of an id holds; raises `LookupError` if that is not there."""

    @abstractmethod
    def _root(self) -> Node:
        """The project's folder."""

    def exists(self, path: str) -> bool:
        try:
            return self._find(path).kind in ("file", "folder")
        except OSError:
            return False

    def content_id(self, path: str) -> str:
        try:
            found = self._find(path)
        except OSError:
            return ""
        return found.oid if found.kind == "file" else ""

    def read(self, path: str) -> bytes:
        """Raises `Failed` for a Git LFS pointer, and for content that this clone lacks."""
        found = self._find(path)
        if found.kind != "file":
            raise unusable(path, found.kind)
        return self._contents.read(path, found.oid)

    def list(self, folder: str) -> list[Entry]:
        """Raises `Failed` for a folder that this clone lacks."""
        self.asked.add(folder)
        try:
            entries = in_order(folder, self._list(folder))
        except FileNotFoundError:
            return []
        self._contents.expect(entries)
        return entries

    def _find(self, path: str) -> Node:
        """What stands at a path; raises `OSError` where nothing does, or where it lies beyond what is no folder."""
        self.asked.add(path)
        found, at = self._root(), ""
        for name in steps(path):
            if found.kind != "folder":
                raise absent(path) if found.kind == "file" else unusable(at, found.kind)
            found = self._within(at, found).get(name) or _missing(path)
            at = f"{at}/{name}" if at else name
        return found

    def _list(self, folder: str) -> Iterator[Entry]:
        found, at = self._root(), ""
        for name in steps(folder):
            found = self._within(at, found).get(name) or _missing(folder)
            at = f"{at}/{name}" if at else name
            if found.kind != "folder":
                if found.kind != "file" or at == folder:
                    yield Entry(at, found.kind, found.oid)
                return
        yield from self._walk(at, found)

    def _walk(self, folder: str, above: Node) -> Iterator[Entry]:
        """What a folder holds, level by level; raises `Failed` where there is no end to its folders."""
        level, seen = [(folder, above)], 0
        while level:
            deeper = []
            for at, held in self._open(level):
                for name, found in held.items():
                    path = f"{at}/{name}" if at else name
                    if found.kind != "folder" and not hidden(name):
                        yield Entry(path, found.kind, found.oid)
                    elif not hidden(name):
                        deeper.append((path, found))
                check_size(folder, seen + len(deeper))
            if deeper:
                check_depth(deeper[0][0])
            seen += len(deeper)
            level = deeper

    def _open(self, folders: Sequence[tuple[str, Node]]) -> Iterator[tuple[str, Folder]]:
        """What each of some folders holds."""
        for path, folder in folders:
            yield path, self._within(path, folder)

    def _within(self, path: str, folder: Node) -> Folder:
        try:
            return self._folder(folder.oid)
        except LookupError:
            raise Failed(report("missing-object", at=start_of(path), file=path or ".")) from None


def _missing(path: str) -> Node:
    raise absent(path)
