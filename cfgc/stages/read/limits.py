"""How much a file may cost (SPEC section 3, THREATS Y01 to Y04): each budget has its own diagnostic."""

from __future__ import annotations

from collections.abc import Iterable
from time import thread_time

from cfgc.diagnostics import Failed, report
from cfgc.model.location import start_of
from cfgc.model.values import Value

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 100
MAX_NODES = 1_000_000
"""Keys, scalars, lists and maps, every alias counted as all that it stands for."""
MAX_DIGITS = 1_000
"""Of an integer as written: beyond it Python converts in quadratic time and no consumer reads it."""
MAX_SECONDS = 1.0
HONEST_BYTES_PER_SECOND = 1_000_000
"""What the exact reader does at least; time beyond that is what `MAX_SECONDS` bounds."""


class Clock:
    """The processor time that one file may take.

    The other budgets already make reading linear: this is the net below them. An honest file
    of many megabytes is given the time that its size needs, so that the verdict does not hang
    on the speed of a machine.
    """

    __slots__ = ("_deadline", "_file")

    def __init__(self, file: str, size: int) -> None:
        self._file = file
        self._deadline = thread_time() + MAX_SECONDS + size / HONEST_BYTES_PER_SECOND

    def check(self) -> None:
        """Raises `Failed` once the time is used up."""
        if thread_time() > self._deadline:
            raise Failed(report("reading-too-slow", at=start_of(self._file)))


def check_nodes(data: Value, size: int, file: str) -> None:
    """Raises `Failed` for data of too many nodes; a text of less than `MAX_NODES` characters cannot hold them."""
    if size >= MAX_NODES and _nodes(data) > MAX_NODES:
        raise Failed(report("too-many-nodes", at=start_of(file), limit=MAX_NODES))


def _nodes(value: Value) -> int:
    if isinstance(value, dict):
        return 1 + len(value) + sum(map(_nodes, value.values()))
    return 1 + sum(map(_nodes, value)) if isinstance(value, list) else 1


def is_deep(data: Value, text: str) -> bool:
    """Whether data is nested too deep; a text of few brackets is not."""
    if text.count("[") + text.count("{") < MAX_DEPTH:
        return False
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [inner for value in level if isinstance(value, (dict, list)) for inner in _inner(value)]
    return bool(level)


def _inner(value: dict[str, Value] | list[Value]) -> Iterable[Value]:
    return value.values() if isinstance(value, dict) else value
