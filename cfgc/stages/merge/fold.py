"""Stacks into values: the tree is the fold of the stack at its root.

Most of a tree is scalars over scalars and maps that only one layer writes. Those are settled without a decision; a test
holds that the shortcut and `decide` agree everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cfgc.model.annotations import Cursor
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Marked, Tree, Value
from cfgc.stages.merge.decision import Decision, Place, Settings, schema_rule, step
from cfgc.stages.merge.stack import Ghost, Pick, Source, Stack, children, peel, settle

if TYPE_CHECKING:
    from cfgc.stages.merge.problem import Problem

ABSENT: Any = object()
"""What a stack comes to that leaves nothing, e.g. after `!unset`."""


Mark: TypeAlias = "tuple[str, KeyPath]"


class Fold:
    """Folds stacks, and keeps what it meets: problems, paths of raw texts, markers of `_each` files that acted."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.problems: list[Problem] = []
        self.raw: set[KeyPath] = set()
        self.acted: set[Mark] = set()
        self._clean: dict[int, tuple[bool, Value]] = {}

    def value(self, stack: Stack, path: KeyPath, cursor: Cursor | None) -> Value:
        """The value of a stack, or `ABSENT`; what only one unmarked document says is taken as it is."""
        if len(stack) == 1:
            value, source = stack[0]
            if (source.plain or self._unmarked(value, source)) and value.__class__ is not Ghost:
                return value
        elif cursor is None or schema_rule(cursor) is None:
            settled = settle(stack)
            if settled is not None:
                result, groups = settled
                return self._fill(result, groups, path, cursor) if groups else result
        return self._decided(stack, path, cursor)

    def _decided(self, stack: Stack, path: KeyPath, cursor: Cursor | None) -> Value:
        from cfgc.stages.merge.decide import decide

        decision = decide(stack, Place(path, cursor, self.settings))
        self._keep(stack, path, decision)
        return self._build(decision, path, cursor)

    def _unmarked(self, value: Value, source: Source) -> bool:
        """Whether a value of a document with markers has none itself; remembered, for aliases and `_each` files."""
        if source.raw or isinstance(value, (Marked, Pick)):
            return False
        if not isinstance(value, (dict, list)):
            return True
        if id(value) not in self._clean:
            items = value.values() if isinstance(value, dict) else value
            # with the value, so that its id is not given to another meanwhile
            self._clean[id(value)] = all(self._unmarked(item, source) for item in items), value
        return self._clean[id(value)][0]

    def _build(self, decision: Decision, path: KeyPath, cursor: Cursor | None) -> Value:
        if decision.shape == "nothing":
            return ABSENT
        if decision.slots is not None:
            return [self.value(slot, (*path, at), step(cursor, at)) for at, slot in enumerate(decision.slots)]
        value, source, *_ = peel(decision.live[-1])
        if decision.shape == "map" and not (len(decision.live) == 1 and source.plain):
            return self._fill({}, children(decision.live), path, cursor)
        if source.raw and isinstance(value, str):
            self.raw.add(path)
        return value

    def _fill(self, result: Tree, groups: dict[str, Stack], path: KeyPath, cursor: Cursor | None) -> Tree:
        """A map with the values of its undecided keys put in."""
        for key, group in groups.items():
            value = self.value(group, (*path, key), None if cursor is None else cursor.step(key))
            if value is not ABSENT:
                result[key] = value
        return result

    def _keep(self, stack: Stack, path: KeyPath, decision: Decision) -> None:
        from cfgc.stages.merge.problem import spot

        self.problems += decision.problems
        for entry in stack:
            if entry[0].__class__ is Marked and entry[1].file.each:
                place = spot(entry, path).place
                if place not in {found.here.place for found in decision.problems}:
                    self.acted.add(place)


def look(stack: Stack, place: Place) -> Value:
    """The value of a stack, for comparing; what is met on the way is not kept."""
    return Fold(place.settings).value(stack, place.path, place.cursor)
