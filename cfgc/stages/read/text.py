"""Bytes of a file -> its text: UTF-8 only, no invisible control character, at most 16 MiB."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from cfgc.diagnostics import Failed, report
from cfgc.model.location import Location, start_of
from cfgc.model.values import MASK
from cfgc.stages.read.limits import MAX_BYTES

_BREAK = re.compile(r"\r\n|\r|\n")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
"""What YAML 1.2 does not call printable, and a byte order mark that is not the first character."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Text:
    """The text of one file and where its lines begin. Offsets count characters.

    Lines end at LF, CR LF and CR, and nowhere else: U+0085, U+2028 and U+2029 are ordinary characters,
    as in YAML 1.2.
    """

    def __init__(self, file: str, text: str, *, secret: bool = False) -> None:
        self.file = file
        self.text = text
        self.secret = secret

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _BREAK.finditer(self.text))]

    def location(self, start: int, end: int | None = None) -> Location:
        """The span of two offsets; without an end, of the one character at `start`."""
        if self.file.startswith("<"):
            return Location(self.file, 0, 0, 0, 0)
        line, column = self.line_of(start), self.column_of(start)
        if end is None:
            return Location(self.file, line, column, line, column + 1)
        return Location(self.file, line, column, self.line_of(end), self.column_of(end))

    def line_of(self, offset: int) -> int:
        """The line, from 1, of an offset."""
        return bisect_right(self._starts, offset)

    def column_of(self, offset: int) -> int:
        """The column, from 1, of an offset."""
        return offset - self._starts[self.line_of(offset) - 1] + 1

    def line(self, number: int) -> str | None:
        """The text of a line without its break; none beyond the last."""
        if not 1 <= number <= len(self._starts):
            return None
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def before(self, offset: int) -> str:
        """What stands before an offset on its line."""
        return self.text[self._starts[self.line_of(offset) - 1] : offset]

    def shown(self, words: str) -> str:
        """Words of the file for a message: masked where the file holds secrets."""
        return MASK if self.secret else words


def decode(raw: bytes, file: str, *, secret: bool = False) -> Text:
    """The text of a file's bytes; a leading byte order mark is dropped.

    Raises `Failed` for a file that is too large, for bytes that are not UTF-8, and for
    characters that YAML 1.2 does not allow unescaped.
    """
    if len(raw) > MAX_BYTES:
        raise Failed(report("file-too-large", at=start_of(file), size=len(raw), limit=MAX_BYTES))
    if raw.startswith(_UTF16):
        raise Failed(report("not-utf8", at=start_of(file), what="it begins like UTF-16"))
    text = Text(file, _characters(raw, file).removeprefix("\ufeff"), secret=secret)
    if found := _UNWRITABLE.search(text.text):
        raise Failed(report("control-character", at=text.location(found.start()), character=describe(found[0])))
    return text


def _characters(raw: bytes, file: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        before = Text(file, raw[: error.start].decode().removeprefix("\ufeff"))
        at = before.location(len(before.text))
        raise Failed(report("not-utf8", at=at, what="no UTF-8 character begins here")) from None


def describe(character: str) -> str:
    """A character for a message, by code point and name: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    from unicodedata import name as name_of

    return f"U+{ord(character):04X} {name_of(character, '')}".rstrip()
