"""Joining lists: a list that several entries make up is a row of slots, each the stack of one item."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value
from cfgc.stages.merge.identity import ITSELF, identity, item_identity, named
from cfgc.stages.merge.problem import Problem, problem
from cfgc.stages.merge.stack import Entry, Piece, Stack, peel

Slots: TypeAlias = "list[Stack]"


def items_of(entry: Entry, path: KeyPath) -> Slots:
    """The items of one entry's list, each a stack of its own."""
    value, source, *_ = peel(entry)
    return [[(item, source.item(path, index))] for index, item in enumerate(value)]


class Looks(NamedTuple):
    """How a slot is looked at before the list is merged: whole, or as far as its identity key is concerned."""

    whole: Callable[[Stack], Value]
    by_key: Callable[[Stack, str], Value]


class Joiner:
    """Joins the lists at one path, in the order of the layers; adds the problems it meets to a list."""

    def __init__(self, path: KeyPath, problems: list[Problem], looks: Looks) -> None:
        self.path = path
        self.problems = problems
        self.looks = looks
        self._removed: dict[Hashable, Entry] = {}

    def present(self, slots: Slots) -> Slots:
        """The slots of a list that nothing is matched with: `!unset` finds no item there."""
        kept = []
        for slot in slots:
            if peel(slot[0]).op == "unset":
                self._report("marker-without-target", slot[0], marker="!unset", what="no item to remove")
            else:
                kept.append(slot)
        return kept

    def append(self, lower: Slots, upper: Slots, _: str) -> Slots:
        return lower + self.present(upper)

    def prepend(self, lower: Slots, upper: Slots, _: str) -> Slots:
        return self.present(upper) + lower

    def unique(self, lower: Slots, upper: Slots, _: str) -> Slots:
        seen = {identity(self.looks.whole(slot)) for slot in lower}
        joined = list(lower)
        for slot in self.present(upper):
            known = identity(self.looks.whole(slot))
            if known not in seen:
                seen.add(known)
                joined.append(slot)
        return joined

    def by(self, lower: Slots, upper: Slots, key: str) -> Slots:
        """Matches items by what they hold under `key`; what matches nothing comes last, in its own order."""
        table = self._table(lower, key)
        for known, slot in self._table(upper, key).items():
            self._match(table, known, slot[0], key)
        return list(table.values())

    def _table(self, slots: Slots, key: str) -> dict[Hashable, Stack]:
        table: dict[Hashable, Stack] = {}
        for slot in slots:
            value = self.looks.by_key(slot, key)
            known, why = item_identity(value, key)
            if known is None:
                self._report("list-item-identity", slot[-1], key=key, why=why)
                known = object()
            if known in table:
                self._report("duplicate-list-identity", slot[-1], table[known][-1], key=key, value=named(value, key))
            else:
                table[known] = slot
        return table

    def _match(self, table: dict[Hashable, Stack], known: Hashable, entry: Entry, key: str) -> None:
        found = table.get(known)
        rival = self._rival(known, found, entry)
        if peel(entry).op == "unset":
            self._remove(table, known, entry, rival)
        elif found is None:
            table[known] = [entry]
            if rival is not None:
                self._twice(entry, rival)
        elif rival is None:
            table[known] = [*found, entry]
        elif key != ITSELF:
            table[known] = [*found, _without(entry, key)]

    def _rival(self, known: Hashable, found: Stack | None, entry: Entry) -> Entry | None:
        """What another file of the same layer does with the same item."""
        other = found[-1] if found else self._removed.get(known)
        return other if other is not None and other[1].rank == entry[1].rank else None

    def _remove(self, table: dict[Hashable, Stack], known: Hashable, entry: Entry, rival: Entry | None) -> None:
        if rival is not None:
            self._twice(entry, rival)
        elif known not in table:
            self._report("marker-without-target", entry, marker="!unset", what="no item to remove")
        else:
            del table[known]
            self._removed[known] = entry

    def _twice(self, entry: Entry, rival: Entry) -> None:
        self._report("set-twice", entry, rival, layer=entry[1].file.layer)

    def _report(self, name: str, entry: Entry, other: Entry | None = None, **facts: object) -> None:
        self.problems.append(problem(name, self.path, entry, other, **facts))


def _without(entry: Entry, key: str) -> Entry:
    """An item without its identity, which its equal in the same layer states already."""
    piece: Piece = peel(entry)
    if piece.op is not None:
        return entry
    return {name: value for name, value in piece.value.items() if name != key}, piece.source


JOINS: Mapping[str, Callable[[Joiner, Slots, Slots, str], Slots]] = {
    "append": Joiner.append,
    "prepend": Joiner.prepend,
    "unique": Joiner.unique,
    "by": Joiner.by,
}
"""How lists meet when the upper does not replace the lower: a rule's name -> slots of both, in order, and its key."""
