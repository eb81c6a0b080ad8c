"""JSON, JSON with comments and JSON5, by one reader that notes the least of the three that a text is."""

from __future__ import annotations

import json
import re
from typing import Final

from cfgc.reports.scan.formats import json_plain
from cfgc.reports.scan.outline import Broken, Outline, Path, check_depth

_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]++)
  | (?P<comment>//[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)
  | (?P<text>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")
  | (?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![\w.$]))
  | (?P<word>(?:true|false|null)(?![\w$]))
  | (?P<mark>[\[\]{},:])
  | (?P<space5>[\s\ufeff])
  | (?P<text5>"(?:[^"\\\r\n]++|\\(?s:.))*+"|'(?:[^'\\\r\n]++|\\(?s:.))*+')
  | (?P<number5>[+-]?(?:Infinity|NaN|0[xX][0-9a-fA-F]++
      |(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+)(?![\w.$]))
  | (?P<name>[^\W\d][\w$]*+|\$[\w$]*+)""",
    re.VERBOSE,
)
_KINDS_OF_JSON5: Final = frozenset(("space5", "text5", "number5", "name"))
_PLAIN_KINDS: Final = {"text5": "text", "number5": "number"}
NOT_PLAIN: Final = "this is not plain JSON, which has no comments, bare words or commas before an end"
"""the problem of a text that is JSON5 at least, at the place where it leaves JSON"""
_RANK: Final = {"": 0, "jsonc": 1, "json5": 2}


def read(text: str, outline: Outline) -> None:
    """The outline of a text of any of the three; `dialect` tells which."""
    try:
        json_plain.read(text, outline)
    except json_plain.NotPlain:
        outline.clear()
        read_any(text, outline)


def read_any(text: str, outline: Outline) -> None:
    """The same, whichever of them it is."""
    _Reader(text, outline).document()


class _Open:
    """A map or a list that is open, and what may come next in it."""

    __slots__ = ("count", "expect", "is_map", "key", "path")

    def __init__(self, path: Path, *, is_map: bool) -> None:
        self.path = path
        self.is_map = is_map
        self.count = 0
        self.key = ""
        self.expect = "first"


class _Reader:
    def __init__(self, text: str, outline: Outline) -> None:
        self._text = text
        self._outline = outline
        self._line = 1
        self._line_start = 0
        self._open: list[_Open] = []
        self._done = False

    def document(self) -> None:
        at, end = 0, len(self._text)
        while at < end:
            found = _TOKEN.match(self._text, at)
            if found is None:
                raise self._broken(at, "a character stands here that JSON does not know, or a text that never ends")
            kind, written = str(found.lastgroup), found[0]
            if kind not in ("space", "comment", "space5"):
                self._take(kind, written, at)
            if kind == "comment":
                self._leave("jsonc", at)
            elif kind in _KINDS_OF_JSON5:
                self._leave("json5", at)
            self._count_lines(written, at)
            at = found.end()
        if self._open:
            raise self._broken(end, "the text ends inside a map or a list")
        if not self._done:
            raise self._broken(end, "there is nothing in it")

    def _take(self, kind: str, written: str, at: int) -> None:
        kind = _PLAIN_KINDS.get(kind, kind)
        inside = self._open[-1] if self._open else None
        if kind == "mark":
            self._mark(written, at, inside)
        elif inside is not None and inside.is_map and inside.expect in ("first", "key"):
            self._key(inside, kind, written, at)
        elif kind == "name":
            raise self._broken(at, "a word stands here that is no value")
        else:
            self._outline.leaf(self._value_path(at), _unquoted(written, kind), self._line)

    def _mark(self, written: str, at: int, inside: _Open | None) -> None:
        if written in "{[":
            path = self._value_path(at)
            check_depth(path, self._line, at - self._line_start + 1)
            self._open.append(_Open(path, is_map=written == "{"))
        elif inside is None:
            raise self._broken(at, "nothing is open here")
        elif written == ":":
            self._expect(inside, "colon", at)
            inside.expect = "value"
        elif written == ",":
            self._expect(inside, "comma", at)
            inside.expect = "key" if inside.is_map else "value"
        else:
            self._close(inside, written, at)

    def _close(self, inside: _Open, written: str, at: int) -> None:
        if written != ("}" if inside.is_map else "]"):
            raise self._broken(at, "another bracket is open here")
        if inside.expect == "key" or (inside.expect == "value" and not inside.is_map):
            self._leave("jsonc", at)
        elif inside.expect not in ("first", "comma"):
            raise self._broken(at, "a value is missing")
        self._open.pop()

    def _key(self, inside: _Open, kind: str, written: str, at: int) -> None:
        if kind not in ("text", "name", "word"):
            raise self._broken(at, "a key is missing")
        if kind == "word":
            self._leave("json5", at)
        inside.key = _unquoted(written, kind)
        inside.expect = "colon"
        self._outline.key((*inside.path, inside.key))

    def _value_path(self, at: int) -> Path:
        """Where the value stands that begins here."""
        if not self._open:
            if self._done:
                raise self._broken(at, "the text goes on after its end")
            self._done = True
            return ()
        inside = self._open[-1]
        if not (inside.expect == "value" or (inside.expect == "first" and not inside.is_map)):
            raise self._broken(
                at, "a comma or a bracket is missing" if inside.expect == "comma" else "a colon is missing"
            )
        inside.expect = "comma"
        inside.count += 1
        return (*inside.path, inside.key if inside.is_map else str(inside.count - 1))

    def _expect(self, inside: _Open, what: str, at: int) -> None:
        if inside.expect != what:
            raise self._broken(at, "a value or a key is missing")

    def _leave(self, dialect: str, at: int) -> None:
        """Note that the text is no plain JSON; the first place of the widest dialect is kept as a problem."""
        if _RANK[dialect] > _RANK[self._outline.dialect]:
            self._outline.dialect = dialect
        if self._outline.problem is None:
            self._outline.problem = self._broken(at, NOT_PLAIN).problem

    def _count_lines(self, written: str, at: int) -> None:
        lines = written.count("\n")
        if lines:
            self._line += lines
            self._line_start = at + written.rindex("\n") + 1

    def _broken(self, at: int, message: str) -> Broken:
        return Broken(self._line, at - self._line_start + 1, message)


def _unquoted(written: str, kind: str) -> str:
    if kind != "text":
        return written
    if "\\" in written and written[0] == '"':
        try:
            text: str = json.loads(written, strict=False)
        except json.JSONDecodeError:
            pass
        else:
            return text
    return written[1:-1]
