"""Java properties: `key=value`, `key: value`, `key value`, a backslash at the end goes on, `\\uXXXX` is a character."""

from __future__ import annotations

import re

from cfgc.reports.scan.outline import Broken, Outline

_PAIR = re.compile(r"(?P<key>(?:[^\s=:\\]|\\.)*+)[ \t\f]*+(?:[=:][ \t\f]*+)?(?P<value>.*+)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


def read(text: str, outline: Outline) -> None:
    """The outline: one key a property, whose dots are part of it."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        start, line = at, lines[at].lstrip()
        at += 1
        if not line or line[0] in "#!":
            continue
        while _goes_on(line) and at < len(lines):
            line, at = line[:-1] + lines[at].lstrip(), at + 1
        found = _PAIR.match(line.removesuffix("\\") if _goes_on(line) else line)
        assert found is not None
        path = (_unescaped(found["key"], start + 1),)
        outline.key(path)
        outline.leaf(path, _unescaped(found["value"], start + 1), start + 1)


def _goes_on(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _unescaped(text: str, line: int) -> str:
    if "\\" not in text:
        return text
    if re.search(r"(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})", text):
        raise Broken(line, 1, "`\\u` needs four hexadecimal digits")
    return _ESCAPE.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _LETTERS.get(found[2], found[2])
