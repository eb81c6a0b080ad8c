"""Key paths as a tree, to be told apart by whether two other trees hold the same there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cfgc.history.life.lookup import alike, child
from cfgc.model.keypath import KeyPath, Step
from cfgc.model.values import Value


class Sought(NamedTuple):
    """Some key paths below a place, and whether the place itself is one. Never changed once it is handed on."""

    here: bool
    below: dict[Step, Sought]

    def __bool__(self) -> bool:
        return self.here or bool(self.below)

    def paths(self, at: KeyPath = ()) -> Iterator[KeyPath]:
        """The key paths that are sought."""
        if self.here:
            yield at
        for step, each in self.below.items():
            yield from each.paths((*at, step))

    def split(self, old: Value, new: Value) -> tuple[Sought, Sought]:
        """Those paths at which two trees have the same, and the rest. What the trees share is not looked into."""
        if old is new:
            return self, NOTHING
        same: dict[Step, Sought] = {}
        other: dict[Step, Sought] = {}
        for step, each in self.below.items():
            kept, gone = each.split(child(old, step), child(new, step))
            if kept:
                same[step] = kept
            if gone:
                other[step] = gone
        stays = self.here and alike(old, new)
        goes = self.here and not stays
        if not other and not goes:
            return self, NOTHING
        return Sought(stays, same), Sought(goes, other)

    def joined(self, more: Sought) -> Sought:
        """The paths of both."""
        below = dict(self.below)
        for step, each in more.below.items():
            known = below.get(step)
            below[step] = each if known is None else known.joined(each)
        return Sought(self.here or more.here, below)


NOTHING = Sought(here=False, below={})


def sought(paths: Iterable[KeyPath]) -> Sought:
    """Key paths as one tree."""
    here = False
    below: dict[Step, list[KeyPath]] = {}
    for path in paths:
        if path:
            below.setdefault(path[0], []).append(path[1:])
        else:
            here = True
    return Sought(here, {step: sought(rest) for step, rest in below.items()})
