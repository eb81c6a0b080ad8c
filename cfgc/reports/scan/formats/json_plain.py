"""Plain JSON, which nearly all JSON is, in one quick pass; all else is left to the reader of all dialects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from cfgc.reports.scan.outline import DEEPEST, Outline, Path

_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*+(?:
    ("(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")(?:[ \t\r\n]*+(:))?+
  | ((?:-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|true|false|null)(?![\w.$]))
  | ([\[{]) | ([\]}]) | (,))""",
    re.VERBOSE,
)
_KEY, _FIRST_KEY, _VALUE, _FIRST_ITEM, _NEXT = range(5)
"""What may come next: a key, a key or the end of the map, a value, an item or the end of the list, a comma or an end"""


class NotPlain(Exception):
    """The text is broken, of another dialect, or nested too deep."""


def read(text: str, outline: Outline) -> None:
    """The outline of a text. Raises `NotPlain`; what the outline holds then is of no use."""
    reader = _Reader(text, outline)
    handlers = reader.handlers()
    at = 0
    for found in iter(_TOKEN.scanner(text).match, None):  # type: ignore[attr-defined]
        handlers[found.lastindex](found)
        at = found.end()
    if not reader.is_done or text[at:].strip(" \t\r\n"):
        raise NotPlain


class _Reader:
    def __init__(self, text: str, outline: Outline) -> None:
        self._outline = outline
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._breaks.append(len(text))
        self._line = 0
        self._state = _VALUE
        self._path: Path = ()
        """of what is open"""
        self._step = ""
        self._counts: list[int] = []
        """of each list that is open how many items it has; -1 for a map"""

    def handlers(self) -> tuple[Callable[[re.Match[str]], None], ...]:
        """What to do with a token, by the number of its last group."""
        return self._comma, self._text, self._key, self._bare, self._start, self._end, self._comma

    @property
    def is_done(self) -> bool:
        return self._state == _NEXT and not self._counts

    def _text(self, found: re.Match[str]) -> None:
        written = found[1]
        self._leaf(json.loads(written) if "\\" in written else written[1:-1], found.start(1))

    def _bare(self, found: re.Match[str]) -> None:
        self._leaf(found[3], found.start(3))

    def _leaf(self, text: str, at: int) -> None:
        path = self._value_path()
        breaks, line = self._breaks, self._line
        while breaks[line] < at:
            line += 1
        self._line = line
        self._outline.leaf(path, text, line + 1)

    def _key(self, found: re.Match[str]) -> None:
        if self._state > _FIRST_KEY:
            raise NotPlain
        written = found[1]
        self._step = json.loads(written) if "\\" in written else written[1:-1]
        self._outline.key((*self._path, self._step))
        self._state = _VALUE

    def _value_path(self) -> Path:
        """Where the value stands that is here."""
        if self._state not in (_VALUE, _FIRST_ITEM):
            raise NotPlain
        self._state = _NEXT
        if not self._counts:
            return ()
        if self._counts[-1] >= 0:
            self._step = str(self._counts[-1])
            self._counts[-1] += 1
        return (*self._path, self._step)

    def _start(self, found: re.Match[str]) -> None:
        self._path = self._value_path()
        if len(self._path) >= DEEPEST:
            raise NotPlain
        is_map = found[4] == "{"
        self._counts.append(-1 if is_map else 0)
        self._state = _FIRST_KEY if is_map else _FIRST_ITEM

    def _end(self, found: re.Match[str]) -> None:
        is_map = found[5] == "}"
        if not self._counts or (self._counts[-1] < 0) is not is_map:
            raise NotPlain
        if self._state not in (_NEXT, _FIRST_KEY if is_map else _FIRST_ITEM):
            raise NotPlain
        self._counts.pop()
        self._path = self._path[:-1]
        self._state = _NEXT

    def _comma(self, _found: re.Match[str]) -> None:
        if self._state != _NEXT or not self._counts:
            raise NotPlain
        self._state = _KEY if self._counts[-1] < 0 else _VALUE
