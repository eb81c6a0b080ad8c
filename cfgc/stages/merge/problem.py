"""What goes wrong while merging, before it is put in words and placed on lines."""

from __future__ import annotations

from typing import Any, NamedTuple

from cfgc.model.keypath import KeyPath
from cfgc.model.layers import LayerFile
from cfgc.model.values import Value
from cfgc.stages.merge.stack import Entry


class Spot(NamedTuple):
    """A value inside a file; `above` where it is only the way down to the file's mount."""

    file: LayerFile
    path: KeyPath
    value: Value
    above: bool

    @property
    def place(self) -> tuple[str, KeyPath]:
        return self.file.path, self.path


class Problem(NamedTuple):
    """A finding: the name of its rule, the tree's path, the value to blame, the other side, what the message says."""

    name: str
    path: KeyPath
    here: Spot
    there: Spot | None
    facts: dict[str, Any]


def spot(entry: Entry, path: KeyPath) -> Spot:
    """Where the entry stands that speaks about `path`."""
    value, source = entry
    return Spot(source.file, source.inside(path), value, source.above(path))


def problem(name: str, path: KeyPath, entry: Entry, other: Entry | None = None, **facts: Any) -> Problem:
    """The problem of an entry at `path`, perhaps with another one of the same stack."""
    there = None if other is None else spot(other, path)
    return Problem(name, path, spot(entry, path), there, facts)
