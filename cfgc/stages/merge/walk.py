"""One path through the stacks: what `trace` and `fate` ask. It decides with the rules that fold the tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from cfgc.model.keypath import Item, KeyPath, show
from cfgc.stages.merge.decide import ONLY, Decision, Place, decide, step
from cfgc.stages.merge.identity import ITSELF, named
from cfgc.stages.merge.lists import Slots, items_of
from cfgc.stages.merge.stack import WIDE, Entry, Stack, child, children, peel


class Node:
    """One path of the tree with its stack. `shadowed` are entries that an ancestor's decision overrides."""

    def __init__(self, place: Place, stack: Stack, shadowed: Stack | None = None, inherited: str = "") -> None:
        self.place = place
        self.stack = stack
        self.shadowed = shadowed or []
        self._inherited = inherited

    @property
    def path(self) -> KeyPath:
        return self.place.path

    @cached_property
    def decision(self) -> Decision:
        return decide(self.stack, self.place)

    @property
    def exists(self) -> bool:
        return self.decision.shape != "nothing"

    @property
    def rule(self) -> str:
        """The rule that decided: here, or above where nothing is left to decide here."""
        own = self.decision.rule
        return self._inherited or own if own in (ONLY, "deep merge") else own

    @cached_property
    def slots(self) -> Slots:
        """The stacks of a list's items."""
        made = self.decision
        return items_of(made.live[-1], self.path) if made.slots is None else made.slots

    def child(self, key: str | int) -> Node | None:
        """The node one step deeper; none where nothing is said about it."""
        made = self.decision
        if isinstance(key, int):
            return self._item(key) if made.shape == "list" and key < len(self.slots) else None
        if made.shape != "map":
            return None
        if len(made.live) > WIDE:
            return self._kept.get(key)
        stack = child(made.live, key)
        return None if stack is None else self._down(key, stack)

    @cached_property
    def _kept(self) -> dict[str, Node]:
        return {key: self._down(key, stack) for key, stack in children(self.decision.live).items()}

    def every(self) -> Iterator[Node]:
        """The nodes of all children of a map."""
        if self.decision.shape == "map":
            yield from self._kept.values()

    def _down(self, key: str, stack: Stack) -> Node:
        made = self.decision
        shadowed = list(_below(self.shadowed + made.dropped, key))
        return Node(self._deeper(key), stack, shadowed, self.rule if len(made.live) == 1 else "")

    def _item(self, index: int) -> Node:
        return Node(self._deeper(index), self.slots[index], None, self._item_rule(self.slots[index]))

    def _item_rule(self, slot: Stack) -> str:
        made = self.decision
        if len(made.live) == 1:
            return self.rule
        if made.key and len(slot) > 1:
            called = named(slot[-1][0], made.key)
            return f"matched by {made.key if made.key == ITSELF else show((Item(made.key, called or ''),))[1:-1]}"
        if slot[0][1].rank == made.live[0][1].rank:
            return ""
        return "appended" if made.key else made.rule

    def _deeper(self, key: str | int) -> Place:
        return Place((*self.path, key), step(self.place.cursor, key), self.place.settings)


def _below(stack: Stack, key: str) -> Iterator[Entry]:
    for entry in stack:
        value, source, *_ = peel(entry)
        if isinstance(value, dict) and key in value:
            yield value[key], source
