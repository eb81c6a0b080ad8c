"""How much references may add to a tree: a few lines could otherwise ask for terabytes (THREATS R03)."""

from __future__ import annotations

from typing import NamedTuple

from cfgc.model.values import Secret, Unknown, Value

MAX_TEXT = 8 << 20
"""Characters of one value that is put together from references."""
MAX_TOTAL_TEXT = 256 << 20
"""Characters of all values that references bring, counted wherever they appear."""
MAX_NODES = 5_000_000
"""Keys and items that references bring, counted wherever they appear."""
MAX_DEPTH = 200
"""Levels of maps and lists in a value that a reference brings; a file alone may have 100."""


class BudgetError(Exception):
    """A value is too big; the text says in what way."""


class _Size(NamedTuple):
    nodes: int
    text: int
    depth: int


class Budget:
    """What one run may still spend. Containers are measured once, however often they are referred to."""

    def __init__(self) -> None:
        self._sizes: dict[int, tuple[Value, _Size]] = {}
        self._nodes = 0
        self._text = 0

    def charge(self, value: Value) -> None:
        """Count a value that a reference brings; raises `BudgetError`."""
        size = self._measure(value)
        self._nodes += size.nodes
        self._text += size.text
        if size.depth > MAX_DEPTH:
            raise BudgetError(f"the value is deeper than {MAX_DEPTH} levels")
        if self._nodes > MAX_NODES:
            raise BudgetError(f"references bring more than {MAX_NODES:,} keys and items")
        if self._text > MAX_TOTAL_TEXT:
            raise BudgetError(f"references bring more than {MAX_TOTAL_TEXT >> 20} MiB of text")

    def _measure(self, value: Value) -> _Size:
        if type(value) is str:
            return _Size(1, len(value), 0)
        if type(value) is not dict and type(value) is not list:
            return _Size(1, _length(value), 0)
        known = self._sizes.get(id(value))
        if known is None:
            # the value is held, so that its id is not used again
            known = self._sizes[id(value)] = (value, self._sum(value))
        return known[1]

    def _sum(self, value: Value) -> _Size:
        nodes, text, depth = 1, 0, 0
        for item in value.values() if type(value) is dict else value:
            size = self._measure(item)
            nodes += size.nodes
            text += size.text
            depth = max(depth, size.depth)
        return _Size(nodes, text, depth + 1)


def _length(value: Value) -> int:
    if isinstance(value, Secret):
        return len(value.token)
    if isinstance(value, Unknown):
        return sum(_length(part) if isinstance(part, Secret) else len(str(part)) for part in value.parts)
    return 8
