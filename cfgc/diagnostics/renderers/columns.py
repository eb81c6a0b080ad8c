"""Text in columns of a terminal: tabs, wide and combining characters, and lines that are too long."""

from __future__ import annotations

import unicodedata

from cfgc.model.text import printable

_TAB = "    "
CUT = "…"


def shown(character: str) -> str:
    """How a character of a source line is displayed."""
    return _TAB if character == "\t" else printable(character)


def width(text: str) -> int:
    """How many columns a text takes."""
    return len(text) if text.isascii() else sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def marked(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """A line for display, and the column and length of the span `[start:end]` in it; at most `room` columns.

    A longer line is cut on both sides, so that the span's start stays in sight.
    """
    start, end = min(start, len(line)), min(max(end, start), len(line))
    pieces = [shown(character) for character in line]
    before, span, after = "".join(pieces[:start]), "".join(pieces[start:end]), "".join(pieces[end:])
    if width(before) + width(span) + width(after) <= room:
        return before + span + after, width(before), width(span)
    before = _cut_left(before, max(room // 3, room - width(span) - 20))
    span = _cut_right(span, room - width(before))
    after = _cut_right(after, room - width(before) - width(span)) if not span.endswith(CUT) else ""
    return before + span + after, width(before), width(span)


def _cut_right(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    kept = text[: max(room - 1, 0)]
    while kept and width(kept) > room - 1:
        kept = kept[:-1]
    return kept + CUT


def _cut_left(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    kept = text[-max(room - 1, 1) :]
    while kept and width(kept) > room - 1:
        kept = kept[1:]
    return CUT + kept
