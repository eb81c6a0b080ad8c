"""A short text that a pattern matches, built from the pattern itself.

It knows what linear-time patterns are made of: literals, classes, groups, alternatives, repetitions, anchors. The text
is a proposal: whoever asks checks it, and for what is not known here there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPAN = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_GROUP = re.compile(r"\?(?::|P?<[A-Za-z_][A-Za-z0-9_]*>|[a-z]+:)")
_ESCAPES = {"d": "0", "w": "a", "s": " ", "n": "\n", "t": "\t", "r": "\r", "b": "", "B": "", "A": "", "z": "", "Z": ""}
_OUTSIDE = {"D": "a", "W": "-", "S": "a"}
_PREFERRED = "aA0-_. /"
"""characters for a class that is told by what it leaves out"""
_MOST = 64
"""repetitions of one part"""


class Unknown(ValueError):
    """A pattern with something in it that this module does not know."""


def sample(pattern: str) -> str | None:
    """A text that the pattern most probably matches, the shortest that is easy to find; none where there is none."""
    try:
        reader = _Reader(pattern)
        text = reader.alternatives()
    except (Unknown, IndexError):
        return None
    return text if reader.at == len(pattern) else None


class _Reader:
    """Walks over a pattern once and writes what it asks for."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> str:
        """The text of the first alternative; the others are walked over."""
        first = "".join(self._parts())
        while self._takes("|"):
            for _ in self._parts():
                pass
        return first

    def _parts(self) -> Iterator[str]:
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            atom = self._atom()
            yield atom * self._times()

    def _atom(self) -> str:
        character = self.pattern[self.at]
        self.at += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character in "*+?{":
            raise Unknown(character)
        return {"^": "", "$": "", ".": "a"}.get(character, character)

    def _group(self) -> str:
        if self.pattern[self.at] == "?":
            found = _GROUP.match(self.pattern, self.at)
            if found is None:  # looks around, which a linear-time engine does not do
                raise Unknown(self.pattern)
            self.at = found.end()
        text = self.alternatives()
        if not self._takes(")"):
            raise Unknown(self.pattern)
        return text

    def _times(self) -> int:
        """The fewest repetitions, once rather than never where that is open."""
        times = 1
        if self._takes("*") or self._takes("+"):
            times = 1
        elif self._takes("?"):
            times = 0
        elif found := _SPAN.match(self.pattern, self.at):
            self.at = found.end()
            times = min(int(found[1]), _MOST)
        self._takes("?")
        return times

    def _escape(self) -> str:
        character = self.pattern[self.at]
        self.at += 1
        if character in "pPxuU" or character.isdigit():
            raise Unknown(character)
        return _ESCAPES.get(character, _OUTSIDE.get(character, character))

    def _class(self) -> str:
        """One character of a class."""
        negated = self._takes("^")
        start = self.at
        self.at += self.pattern[self.at] == "]"  # which in the first place is itself
        while self.pattern[self.at] != "]":
            if self.pattern[self.at] == "[" or self.pattern[self.at : self.at + 2] in ("&&", "--"):
                raise Unknown("a class in a class")
            self.at += 2 if self.pattern[self.at] == "\\" else 1
        body = self.pattern[start : self.at]
        self.at += 1
        members = re.compile(f"[{'^' if negated else ''}{body}]") if negated else None
        if members is not None:
            return next((each for each in _PREFERRED if members.match(each)), "")
        return _ESCAPES.get(body[1], _OUTSIDE.get(body[1], body[1])) if body[0] == "\\" else body[0]

    def _takes(self, mark: str) -> bool:
        if self.pattern.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False
