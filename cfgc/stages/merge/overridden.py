"""Every override of a tree, for the lints: who overrides whom, one layer at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from cfgc.model.annotations import Cursor
from cfgc.model.keypath import KeyPath
from cfgc.model.provenance import Contribution
from cfgc.model.values import Value
from cfgc.stages.merge.decide import decide
from cfgc.stages.merge.decision import Place, Settings, schema_rule, step
from cfgc.stages.merge.lives import contribution
from cfgc.stages.merge.stack import LEAVES, Entry, Stack, peel, shared

_MAPS = {dict}


@dataclass(slots=True, eq=False)
class Overridden:
    """One value over another at `path`: what stands in the higher layer and what it overrides in the next lower one.

    `value` and `lower` are without markers; compare their types too, and never a secret. The contributions cost
    something: ask for them once there is something to say.
    """

    path: KeyPath
    _upper: Entry
    _lower: Entry

    @property
    def value(self) -> Value:
        return peel(self._upper).value

    @property
    def lower(self) -> Value:
        return peel(self._lower).value

    @property
    def winner(self) -> Contribution:
        return contribution(self._upper, self.path)

    @property
    def loser(self) -> Contribution:
        return contribution(self._lower, self.path)


def overridden(stack: Stack, root: Place) -> list[Overridden]:
    """All overrides in the tree of a stack, in its order, at each path from the lowest layer."""
    collector = _Collector(root.settings)
    collector.collect(stack, root.path, root.cursor)
    return collector.found


class _Collector:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.found: list[Overridden] = []

    def collect(self, stack: Stack, path: KeyPath, cursor: Cursor | None) -> None:
        kinds = {value.__class__ for value, _ in stack}
        if kinds <= LEAVES:
            # equals of one layer override nobody: they are an error
            self.found += [
                Overridden(path, upper, lower) for lower, upper in pairwise(stack) if upper[1].rank != lower[1].rank
            ]
        elif kinds == _MAPS and (cursor is None or schema_rule(cursor) is None):
            self._inside(stack, path, cursor)
        else:
            self._decided(stack, path, cursor)

    def _decided(self, stack: Stack, path: KeyPath, cursor: Cursor | None) -> None:
        made = decide(stack, Place(path, cursor, self.settings))
        self.found += [Overridden(path, upper, lower) for upper, lower in made.won]
        if made.shape == "map":
            self._inside(made.live, path, cursor)
        for index, slot in enumerate(made.slots or ()):
            if len(slot) > 1:
                inside = _Collector(self.settings)
                inside.collect(slot, (*path, index), step(cursor, index))
                # the identity by which items were matched is the same in all of them, and overrides nothing
                self.found += [found for found in inside.found if found.path != (*path, index, made.key)]

    def _inside(self, stack: Stack, path: KeyPath, cursor: Cursor | None) -> None:
        for key, group in shared(stack).items():
            self.collect(group, (*path, key), None if cursor is None else cursor.step(key))
