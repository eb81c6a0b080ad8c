"""Lines of text up to a bound: whole rows or none, and how many were left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_MORE = 40
"""room for the line that says how many rows of a block are left out"""


class Block(NamedTuple):
    """Rows with the lines around them, which stand only where a row does. `unit` is what its rows are called."""

    head: Sequence[str]
    rows: Sequence[str]
    tail: Sequence[str] = ()
    unit: str = "rows"


class Section(NamedTuple):
    """Blocks with the lines around them."""

    head: Sequence[str]
    blocks: Sequence[Block]
    tail: Sequence[str] = ()


class Sheet:
    """Text that grows up to a number of characters; `left_out` counts by unit what did not fit."""

    def __init__(self, room: int) -> None:
        self.lines: list[str] = []
        self.left_out: dict[str, int] = {}
        self._room = room

    def add(self, section: Section) -> None:
        """As much of a section as there is room for."""
        frame = _size((*section.head, *section.tail))
        smallest = min((_size((*each.head, *each.rows[:1], *each.tail)) + _MORE for each in section.blocks), default=0)
        if frame + smallest > self._room:
            for each in section.blocks:
                self._leave(each, len(each.rows))
            return
        self._room -= frame
        self.lines += section.head
        for each in section.blocks:
            self._block(each)
        self.lines += section.tail

    def _block(self, block: Block) -> None:
        room = self._room - _size((*block.head, *block.tail)) - _MORE
        fitting = 0
        for row in block.rows:
            room -= len(row) + 1
            if room < 0:
                break
            fitting += 1
        missing = len(block.rows) - fitting
        self._leave(block, missing)
        if fitting or not block.rows:
            more = ("", f"… and {missing} more {block.unit}") if missing else ()
            lines = (*block.head, *block.rows[:fitting], *block.tail, *more)
            self._room -= _size(lines)
            self.lines += lines

    def _leave(self, block: Block, number: int) -> None:
        if number:
            self.left_out[block.unit] = self.left_out.get(block.unit, 0) + number


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
