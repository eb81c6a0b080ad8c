"""What a file of any format says, flat: its keys and its leaves with their lines. Nothing is merged or typed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, TypeAlias

MOST_LEAVES = 100_000
"""So much of a file is looked at; what lies behind is left out, and the outline says that it is not whole."""
DEEPEST = 100

Path: TypeAlias = tuple[str, ...]
"""Keys from the root; an item of a list stands at its number, several documents each begin at the root."""


class Problem(NamedTuple):
    """Why a file is not what its format asks for, and where that begins. No word of the file is in it."""

    line: int
    column: int
    message: str


class Leaf(NamedTuple):
    """A scalar as text, where it stands, and whether a tag says that it is encrypted."""

    path: Path
    text: str
    line: int
    sealed: bool = False


class Full(Exception):
    """There is no room in the outline for more."""


class Broken(Exception):
    """The text is not of its format."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, column, message)


class Outline:
    """Collects what a reader finds. A reader raises `Broken`, or `Full` through this, and keeps what it gave before."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.top: dict[str, None] = {}
        self.keys = 0
        self.documents = 1
        self.starts = [0]
        """where in `leaves` each document begins"""
        self.problem: Problem | None = None
        self.whole = True
        self.dialect = ""
        """what the text turned out to be, where that is more than its name says: `jsonc`, `json5`"""

    def key(self, path: Path) -> None:
        """Count a key; `path` ends in it."""
        self.keys += 1
        if len(path) == 1:
            self.top[path[0]] = None
        if self.keys > MOST_LEAVES:
            raise Full

    def leaf(self, path: Path, text: str, line: int, *, sealed: bool = False) -> None:
        """Note a scalar."""
        if len(self.leaves) >= MOST_LEAVES:
            raise Full
        self.leaves.append(Leaf(path, text, line, sealed))

    def clear(self) -> None:
        """Forget all leaves and keys: somebody else reads the text anew."""
        self.leaves.clear()
        self.top.clear()
        self.keys = 0

    def parts(self) -> Iterator[list[Leaf]]:
        """The leaves of each document."""
        for start, end in pairwise([*self.starts, len(self.leaves)]):
            yield self.leaves[start:end]

    def values(self, *path: str) -> list[str]:
        """The texts at a path, one a document."""
        return [leaf.text for leaf in self.leaves if leaf.path == path]


def check_depth(path: Path, line: int, column: int) -> None:
    """Raises `Broken` for what is nested too deep."""
    if len(path) >= DEEPEST:
        raise Broken(line, column, f"nested more than {DEEPEST} deep")
