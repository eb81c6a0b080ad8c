"""TOML text -> nodes with positions. `tomllib` decides what is TOML; this follows the text along beside it.

A table stands at its name in the header or dotted key that first names it: what it holds may be anywhere.
It runs before `tomllib`, so it also counts what would cost that too much: deep nesting, and keys of
very many parts, which take `tomllib` the square of their number. Of text that is no TOML it makes what it can.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from cfgc.diagnostics import Failed, Label, report
from cfgc.stages.read.keys import quoted
from cfgc.stages.read.limits import MAX_DEPTH, MAX_NODES
from cfgc.stages.read.nodes import Mapping, Node, Scalar, Sequence, content
from cfgc.stages.read.text import Text

_BLANK: Final = re.compile(r"[ \t]*+")
_FILLER: Final = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")
_REST: Final = re.compile(r"[^\r\n]*+")
_STRING: Final = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^\']++|\'(?!\'\'))*+\'{3,5}'
    r'|"(?:[^"\\\r\n]++|\\.)*+"|\'[^\'\r\n]*+\'',
    re.DOTALL,
)
_KEY: Final = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\\r\n]++|\\.)*+"|\'[^\'\r\n]*+\'')
_BARE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9][^\s,\]}#]*|[^\s,\]}#]+")
_MAX_WORK: Final = 10_000_000
"""Squares of the parts of keys: what `tomllib` does in about half a second."""


class _Stop(Exception):
    """The text is no TOML from here on."""


def compose(text: Text) -> Mapping:
    """The root node of a TOML text; raises `Failed` for a duplicate key and for a budget that is used up."""
    scanner = _Scanner(text)
    with suppress(_Stop):
        scanner.document()
    return scanner.root


class _Scanner:
    def __init__(self, text: Text) -> None:
        self.root = Mapping(0, len(text.text), [])
        self._text = text
        self._chars = text.text
        self._at = 0
        self._nodes = 0
        self._work = 0
        self._tables: dict[int, dict[str, tuple[Scalar, Node]]] = {id(self.root): {}}

    def document(self) -> None:
        table = self.root
        header = 0
        while self._skip(_FILLER) < len(self._chars):
            if self._chars[self._at] == "[":
                table, header = self._header()
            else:
                self._pair(table, header)
            self._skip(_BLANK)
            if not self._chars.startswith(("#", "\r", "\n"), self._at) and self._at < len(self._chars):
                raise _Stop

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._chars, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _take(self, literal: str) -> bool:
        if not self._chars.startswith(literal, self._at):
            return False
        self._at += len(literal)
        return True

    def _expect(self, literal: str) -> None:
        if not self._take(literal):
            raise _Stop

    def _header(self) -> tuple[Mapping, int]:
        start = self._at
        many = self._take("[[")
        if not many:
            self._expect("[")
        keys = self._keys(0)
        self._expect("]]" if many else "]")
        parent = self._descend(self.root, keys[:-1])
        if not many:
            return self._descend(parent, keys[-1:]), len(keys)
        known = self._tables[id(parent)].get(keys[-1].text)
        items = content(known[1]) if known else self._insert(parent, keys[-1], Sequence(start, self._at, []))
        if not isinstance(items, Sequence):
            raise _Stop
        items.items.append(self._table(start, self._at))
        return self._last(items), len(keys)

    def _keys(self, above: int) -> list[Scalar]:
        keys: list[Scalar] = []
        while True:
            self._skip(_BLANK)
            if not (found := _KEY.match(self._chars, self._at)):
                raise _Stop
            self._at = found.end()
            keys.append(Scalar(found.start(), found.end(), _unquoted(found[0])))
            self._count(above + len(keys))
            self._skip(_BLANK)
            if not self._take("."):
                self._work += (above + len(keys)) * len(keys)
                if self._work > _MAX_WORK:
                    raise Failed(report("reading-too-slow", at=self._text.location(keys[0].start)))
                return keys

    def _descend(self, table: Mapping, keys: list[Scalar]) -> Mapping:
        for key in keys:
            known = self._tables[id(table)].get(key.text)
            node = content(known[1]) if known else self._insert(table, key, self._table(key.start, key.end))
            if isinstance(node, Sequence):
                node = self._last(node)
            if not isinstance(node, Mapping) or id(node) not in self._tables:
                raise _Stop
            table = node
        return table

    def _last(self, items: Sequence) -> Mapping:
        last = items.items[-1] if items.items else None
        if not isinstance(last, Mapping) or id(last) not in self._tables:
            raise _Stop
        return last

    def _table(self, start: int, end: int) -> Mapping:
        table = Mapping(start, end, [])
        self._tables[id(table)] = {}
        return table

    def _insert(self, table: Mapping, key: Scalar, node: Node) -> Node:
        entries = self._tables[id(table)]
        if key.text in entries:
            first = Label(self._text.location(entries[key.text][0].start, entries[key.text][0].end), "first here")
            at = self._text.location(key.start, key.end)
            raise Failed(report("duplicate-key", at=at, label="again here", related=[first], key=quoted(key.text)))
        entries[key.text] = (key, node)
        table.pairs.append((key, node))
        return node

    def _pair(self, table: Mapping, above: int) -> None:
        keys = self._keys(above)
        self._expect("=")
        table = self._descend(table, keys[:-1])
        self._insert(table, keys[-1], self._value(above + len(keys)))

    def _value(self, depth: int) -> Node:
        self._skip(_BLANK)
        self._count(depth + 1)
        start = self._at
        if self._take("["):
            return self._array(start, depth + 1)
        if self._take("{"):
            return self._inline(start, depth + 1)
        if found := _STRING.match(self._chars, start):
            self._at = found.end()
            return Scalar(start, self._at, found[0])
        if not (found := _BARE.match(self._chars, start)):
            raise _Stop
        self._at = found.end()
        return Scalar(start, self._at, found[0], plain=True)

    def _array(self, start: int, depth: int) -> Sequence:
        items: list[Node] = []
        while True:
            self._skip(_FILLER)
            if self._take("]"):
                return Sequence(start, self._at, items)
            items.append(self._value(depth))
            self._skip(_FILLER)
            if not self._take(",") and not self._chars.startswith("]", self._at):
                raise _Stop

    def _inline(self, start: int, depth: int) -> Mapping:
        node = self._table(start, start)
        while True:
            self._skip(_BLANK)
            if self._take("}"):
                node.end = self._at
                return node
            self._pair(node, depth)
            self._skip(_BLANK)
            if not self._take(",") and not self._chars.startswith("}", self._at):
                raise _Stop

    def _count(self, depth: int) -> None:
        self._nodes += 1
        if depth > MAX_DEPTH:
            raise Failed(report("too-deep", at=self._text.location(self._at), limit=MAX_DEPTH))
        if self._nodes > MAX_NODES:
            raise Failed(report("too-many-nodes", at=self._text.location(self._at), limit=MAX_NODES))


def _unquoted(token: str) -> str:
    import tomllib

    if token[0] not in "\"'":
        return token
    try:
        return str(tomllib.loads(f"key = {token}")["key"])
    except tomllib.TOMLDecodeError:
        raise _Stop from None
