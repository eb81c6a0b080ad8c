"""Plain YAML in one quick pass: blocks of `key: value` and `- value` on lines of ASCII, which much of YAML is.

One document; keys of letters; a value is empty, `[]`, `{}`, or on one line: words that need no quotes, quotes without
escapes. What is anything else, or broken, is left to libyaml. Whatever passes here, libyaml reads the same.
"""

from __future__ import annotations

import re
from typing import Final

from cfgc.reports.scan.outline import DEEPEST, Outline, Path

_LINE: Final = re.compile(
    r"""[ ]*+(?:\#[ -~]*+)?+\n
  | (?P<indent>[ ]*+)(?P<dashes>(?:-(?:[ ]++|(?=\n)))*+)
    (?:(?P<key>[A-Za-z_][\w./-]{0,99}+):(?:[ ]++|(?=\n)))?+
    (?:(?P<quoted>"[ !\#-\[\]-~]*+"|'[ -&(-~]*+(?:''[ -&(-~]*+)*+')
      | (?P<empty>\[\]|\{\})
      | (?P<words>(?:[\w/.+~($\\^<=;]|-(?=[!-~]))[ -"$-9;-~]*+(?:(?::(?=[!-~])|(?<![ ])\#)[ -"$-9;-~]*+)*+)
    )?+(?:(?<![ ])[ ]++\#[ -~]*+|(?<=[ ])\#[ -~]*+|[ ]*+)\n""",
    re.VERBOSE | re.ASCII,
)
_START: Final = re.compile(r"(?:[ ]*+(?:\#[ -~]*+)?+\n)*+---\n")


class NotPlain(Exception):
    """The text is broken, or not so simple."""


class _Block:
    """A map or a list that is open, and the column that its keys or dashes stand in."""

    __slots__ = ("column", "count", "keys", "path")

    def __init__(self, column: int, path: Path, keys: set[str] | None) -> None:
        self.column = column
        self.path = path
        self.keys = keys
        self.count = 0


def read(text: str, outline: Outline) -> None:
    """The outline of a text. Raises `NotPlain`; what the outline holds then is of no use."""
    if not text.isascii():
        raise NotPlain
    text = text if text.endswith("\n") else f"{text}\n"
    started = _START.match(text)
    at = started.end() if started else 0
    line = text.count("\n", 0, at)
    reader = _Reader(outline)
    for found in iter(_LINE.scanner(text, at).match, None):  # type: ignore[attr-defined]
        line += 1
        at = found.end()
        parts = found.groups()
        if parts[0] is not None:
            reader.take(parts, line)
    if at < len(text):
        raise NotPlain
    reader.end()


class _Reader:
    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._open: list[_Block] = []
        self._hole: Path | None = ()
        """where a value is to come, or a map or a list"""
        self._line = 0
        """of what waits for a value"""

    def take(self, parts: tuple[str | None, ...], line: int) -> None:
        """Note a line that is neither blank nor a comment, by the groups of `_LINE`."""
        indent, dashes, key, quoted, empty, words = parts
        assert indent is not None
        column = len(indent)
        for dash in _DASH.findall(dashes) if dashes else ():
            block = self._block(column, is_map=False)
            self._hole, self._line = (*block.path, str(block.count)), line
            block.count += 1
            column += len(dash)
        if key is not None:
            block = self._block(column, is_map=True)
            if block.keys is None or key in block.keys:
                raise NotPlain
            block.keys.add(key)
            self._hole, self._line = (*block.path, key), line
            self._outline.key(self._hole)
        elif not dashes:
            raise NotPlain
        if words is not None:
            self._fill(words.rstrip(" "), line)
        elif quoted is not None:
            self._fill(quoted[1:-1].replace("''", "'") if quoted[0] == "'" else quoted[1:-1], line)
        elif empty is not None:
            self._hole = None

    def _fill(self, text: str, line: int) -> None:
        """Note a value."""
        assert self._hole is not None
        self._outline.leaf(self._hole, text, line)
        self._hole = None

    def _block(self, column: int, *, is_map: bool) -> _Block:
        """The map or the list in a column: a new one where a value is to come, else one that is open."""
        if self._hole is not None:
            above = self._open[-1] if self._open else None
            in_map = above is not None and above.keys is not None
            if above is None or column > above.column or (column == above.column and in_map and not is_map):
                return self._opened(column, is_map=is_map)
            self._leave_empty()
        blocks = self._open
        while blocks and (
            blocks[-1].column > column or (is_map and blocks[-1].column == column and blocks[-1].keys is None)
        ):
            blocks.pop()
        if not blocks or blocks[-1].column != column or (blocks[-1].keys is not None) is not is_map:
            raise NotPlain
        return blocks[-1]

    def _opened(self, column: int, *, is_map: bool) -> _Block:
        assert self._hole is not None
        if len(self._hole) >= DEEPEST:
            raise NotPlain
        block = _Block(column, self._hole, set() if is_map else None)
        self._open.append(block)
        self._hole = None
        return block

    def _leave_empty(self) -> None:
        """Nothing came where a value was to come."""
        self._fill("", self._line)

    def end(self) -> None:
        """Nothing more comes. A text without anything is for somebody else."""
        if not self._open:
            raise NotPlain
        if self._hole is not None:
            self._leave_empty()


_DASH: Final = re.compile("- *")
