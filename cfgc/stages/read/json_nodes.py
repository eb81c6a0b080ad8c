"""JSON text -> nodes with positions (RFC 8259, nothing beyond it)."""

from __future__ import annotations

import json
import re
from typing import Final, NoReturn

from cfgc.diagnostics import Failed, Label, report
from cfgc.stages.read.limits import MAX_DEPTH, MAX_NODES
from cfgc.stages.read.nodes import Mapping, Node, Scalar, Sequence
from cfgc.stages.read.text import Text

_BLANK: Final = re.compile(r"[ \t\n\r]*+")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrtu])*+"')
_ATOM: Final = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_BOUNDARY: Final = re.compile(r"[\s,\[\]{}:\"]|\Z")
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")


def compose(text: Text) -> Node | None:
    """The root node of a JSON text, none when it is blank; raises `Failed` with the first thing that is wrong."""
    scanner = _Scanner(text)
    if scanner.at_end():
        return None
    root = scanner.value(1)
    if not scanner.at_end():
        scanner.fail("text stands after the end of the value", "remove it: one file holds one value")
    return root


class _Scanner:
    def __init__(self, text: Text) -> None:
        self._text = text
        self._chars = text.text
        self._at = 0
        self._nodes = 0

    def at_end(self) -> bool:
        return self._look() == ""

    def fail(self, what: str, help: str, *related: Label) -> NoReturn:
        at = self._text.location(self._at)
        if self._chars.startswith(("//", "/*", "#"), self._at):
            advice = "JSON has none: remove it, or rename the file to `.yaml` and use `#`"
            raise Failed(report("json-syntax", at=at, what="a comment stands here", help=advice))
        raise Failed(report("json-syntax", at=at, what=what, help=help, related=related))

    def value(self, depth: int) -> Node:
        character = self._look()
        self._count(depth)
        if character == "{":
            return self._object(depth)
        if character == "[":
            return self._array(depth)
        return self._string() if character == '"' else self._atom()

    def _look(self) -> str:
        found = _BLANK.match(self._chars, self._at)
        self._at = found.end() if found else self._at
        return self._chars[self._at : self._at + 1]

    def _count(self, depth: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise Failed(report("too-many-nodes", at=self._text.location(self._at), limit=MAX_NODES))
        if depth > MAX_DEPTH:
            raise Failed(report("too-deep", at=self._text.location(self._at), limit=MAX_DEPTH))

    def _object(self, depth: int) -> Mapping:
        node = Mapping(self._at, self._at, [])
        while self._goes_on(node, "}"):
            if self._look() != '"':
                self.fail("a key in double quotes is missing here", "JSON keys stand in double quotes")
            self._count(depth + 1)
            key = self._string()
            if self._look() != ":":
                self.fail("a `:` is missing after the key", 'write `"key": value`')
            self._at += 1
            node.pairs.append((key, self.value(depth + 1)))
        return node

    def _array(self, depth: int) -> Sequence:
        node = Sequence(self._at, self._at, [])
        while self._goes_on(node, "]"):
            node.items.append(self.value(depth + 1))
        return node

    def _goes_on(self, node: Mapping | Sequence, closing: str) -> bool:
        """Steps over the opening bracket or a comma; false once the closing bracket is read."""
        first = self._at == node.start
        self._at += first
        character = self._look()
        if character == closing:
            self._at += 1
            node.end = self._at
            return False
        if first:
            return True
        if character != ",":
            began = Label(self._text.location(node.start), "opened here")
            self.fail(f"a `,` or `{closing}` is missing here", f"close what was opened with `{closing}`", began)
        self._at += 1
        if self._look() == closing:
            self.fail(f"a `,` stands before the `{closing}`", "remove the `,`: JSON allows none after the last value")
        return True

    def _string(self) -> Scalar:
        found = _STRING.match(self._chars, self._at)
        if not found:
            self.fail("a string is not closed, or holds a line break or an unknown escape", "escape it, as in `\\n`")
        value = _decoded(found[0])
        if value is None:
            self.fail("a string holds an incomplete `\\u` escape", "write four hexadecimal digits after `\\u`")
        if _HALF_PAIR.search(value):
            self.fail("a string holds half of a surrogate pair", "write both halves, or the character itself")
        self._at = found.end()
        return Scalar(found.start(), found.end(), value)

    def _atom(self) -> Scalar:
        found = _ATOM.match(self._chars, self._at)
        if not found or not _BOUNDARY.match(self._chars, found.end()):
            self.fail(
                "a value is missing here", 'JSON knows `"text"`, numbers, `true`, `false`, `null`, `[ ]` and `{ }`'
            )
        self._at = found.end()
        return Scalar(found.start(), found.end(), found[0], plain=True)


def _decoded(token: str) -> str | None:
    try:
        return str(json.loads(token))
    except ValueError:
        return None
