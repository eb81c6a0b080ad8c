"""One path through the stacks: what `trace` and `fate` ask. It decides with the rules that fold the tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from cfgc.model.keypath import Item, KeyPath, show
from cfgc.stages.merge.decide import decide
from cfgc.stages.merge.decision import DEEP, ONLY, Decision, Place, step
from cfgc.stages.merge.identity import ITSELF, named
from cfgc.stages.merge.lists import Slots, items_of
from cfgc.stages.merge.stack import WIDE, Entry, Stack, child, children, peel


class Node:
    """One path of the tree with its stack. `shadowed` are entries that an ancestor's decision overrides.

    `inherited` is the rule that decided above about an only entry, `matched` the rule that made this one list item.
    """

    def __init__(
        self, place: Place, stack: Stack, *, shadowed: Stack | None = None, inherited: str = "", matched: str = ""
    ) -> None:
        self.place = place
        self.stack = stack
        self.shadowed = shadowed or []
        self._inherited = inherited
        self._matched = matched

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
        if own in (ONLY, DEEP) and self._matched:
            return self._matched
        return self._inherited or own if own == ONLY else own

    @cached_property
    def files(self) -> frozenset[str]:
        """The files whose entries count here."""
        return frozenset(source.file.path for _, source in self.decision.live)

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
        shadowed = list(_below(self.shadowed + self.decision.dropped, key))
        return Node(self._deeper(key), stack, shadowed=shadowed, inherited=self._rule_of(stack))

    def _item(self, index: int) -> Node:
        slot, key = self.slots[index], self.decision.key
        if key and len(slot) > 1:
            called = key if key == ITSELF else show((Item(key, named(slot[-1][0], key) or ""),))[1:-1]
            return Node(self._deeper(index), slot, matched=f"matched by {called}")
        unmatched = key and slot[0][1].rank != self.decision.live[0][1].rank
        return Node(self._deeper(index), slot, inherited="appended" if unmatched else self._rule_of(slot))

    def _rule_of(self, stack: Stack) -> str:
        """The rule under which a child's lowest entry came in, as far as it says something about the child."""
        rule = self.decision.rules.get(stack[0][1].rank, ONLY)
        return self._inherited if rule == ONLY else "" if rule == DEEP else rule

    def _deeper(self, key: str | int) -> Place:
        return Place((*self.path, key), step(self.place.cursor, key), self.place.settings)


def _below(stack: Stack, key: str) -> Iterator[Entry]:
    for entry in stack:
        value, source, *_ = peel(entry)
        if isinstance(value, dict) and key in value:
            yield value[key], source
