"""Key paths: where a value stands in a tree (SPEC section 1).

A key path is a tuple of steps. A step is a mapping key (`str`), a list index (`int`) or an
`Item`, a list item named by one of its own keys. As text: `managers.web.hosts[0]`,
`users[name=ann].role`, `labels."a.b"`. `show` and `parse` are inverse to each other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from cfgc.model.values import INCLUDE


class Item(NamedTuple):
    """The list item whose `key` equals `value`; key `.` means the item itself (a scalar)."""

    key: str
    value: str


Step: TypeAlias = "str | int | Item"
KeyPath: TypeAlias = "tuple[Step, ...]"

ROOT: KeyPath = ()

_BARE = re.compile(r"[^\s.\[\]\"'=/\\(){},;:#$*?!&|<>`~^%@]+")
_INDEX = re.compile(r"\[(-?\d+)\]")
_ITEM = re.compile(r"\[((?:\"(?:[^\"\\]|\\.)*\")|[^\]=\"]+)=((?:\"(?:[^\"\\]|\\.)*\")|[^\]\"]*)\]")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_ESCAPE = re.compile(r"\\(.)")
_NUMERIC = re.compile(r"-?\d+")


class KeyPathError(ValueError):
    """A text that is no key path; `column` is the 0-based offset of the first wrong character."""

    def __init__(self, text: str, column: int) -> None:
        super().__init__(f"`{text}` is not a key path: unexpected character at position {column + 1}")
        self.text = text
        self.column = column


def show(path: KeyPath) -> str:
    """The text of a key path; the root is `.`."""
    if not path:
        return "."
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif isinstance(step, Item):
            parts.append(f"[{_word(step.key)}={_word(step.value)}]")
        else:
            parts.append(f".{_word(step)}" if parts else _word(step))
    return "".join(parts)


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    if text == INCLUDE:
        return "<<"
    if _BARE.fullmatch(text) or text == ".":
        return text if text != "." else '"."'
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def parse(text: str) -> KeyPath:
    """The key path of a text; raises `KeyPathError` with the place of the first wrong character."""
    if text in (".", ""):
        return ROOT
    steps: list[Step] = []
    at = 0
    while at < len(text):
        step, at = _step(text, at, first=not steps)
        steps.append(step)
    return tuple(steps)


def _step(text: str, at: int, *, first: bool) -> tuple[Step, int]:
    if text[at] == "[":
        if found := _INDEX.match(text, at):
            return int(found[1]), found.end()
        if found := _ITEM.match(text, at):
            return Item(_unquote(found[1]), _unquote(found[2])), found.end()
        raise KeyPathError(text, at)
    if not first:
        if text[at] != ".":
            raise KeyPathError(text, at)
        at += 1
    if found := _QUOTED.match(text, at):
        return _ESCAPE.sub(r"\1", found[1]), found.end()
    if found := _BARE.match(text, at):
        return found[0], found.end()
    raise KeyPathError(text, at)


def _unquote(text: str) -> str:
    found = _QUOTED.fullmatch(text)
    return _ESCAPE.sub(r"\1", found[1]) if found else text


def starts_with(path: KeyPath, prefix: KeyPath) -> bool:
    """Whether `path` is `prefix` or stands below it."""
    return path[: len(prefix)] == prefix
