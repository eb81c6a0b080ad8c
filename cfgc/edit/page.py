"""A layer file as text, nodes and data at once: what an edit works on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.edit.change import NotExact
from cfgc.model.layers import Format
from cfgc.model.values import Value
from cfgc.stages.read.formats import compose, parse
from cfgc.stages.read.nodes import Alias, Mapping, Node, Scalar
from cfgc.stages.read.text import Text, decode

_BOM = b"\xef\xbb\xbf"
_COMMENT = re.compile(r"(?:(?<=\s)|\A)#[^\r\n]*")
HEADER_COMMENT = re.compile(r"(?:[&!]\S*[ \t]+)*[|>][-+0-9]*([ \t]+#[^\r\n]*)")
"""The head of a text under `|` or `>`, and the comment behind it."""


class Comment(NamedTuple):
    """A comment and where it begins."""

    start: int
    text: str


class Page:
    """One version of a file. Raises `Failed` for a text that is no YAML, JSON or TOML."""

    def __init__(self, file: str, format: Format, raw: bytes) -> None:
        self.file = file
        self.format: Format = format
        self.raw = raw
        self.text = decode(raw, file)
        self.root: Node | None = compose(self.text, format)[0]

    @property
    def chars(self) -> str:
        return self.text.text

    @cached_property
    def data(self) -> Value:
        """The data, an empty map for a file that says nothing."""
        parsed = parse(self.raw, self.file, self.format)
        if any(found.is_error for found in parsed.findings):
            raise Failed(*parsed.findings)
        return {} if self.root is None else parsed.data

    @cached_property
    def comments(self) -> list[Comment]:
        """All comments, in order."""
        return [] if self.format == "json" else list(_comments(self.text, self.root))

    def but(self, text: str) -> Page:
        """The page with another text; raises `NotExact` where that can't be read."""
        raw = (_BOM if self.raw.startswith(_BOM) else b"") + text.encode()
        try:
            page = Page(self.file, self.format, raw)
            _ = page.data
        except Failed as failed:
            raise NotExact(f"the edited text would not be read ({failed.diagnostics[0].message})") from None
        return page


def _comments(text: Text, root: Node | None) -> Iterator[Comment]:
    at = 0
    for node in _leaves(root):
        yield from _gap(text.text, at, node.start)
        if isinstance(node, Scalar) and (found := HEADER_COMMENT.match(text.text, node.start, node.end)):
            yield Comment(found.end(1) - len(found[1].lstrip()), found[1].lstrip())
        at = max(at, node.end)
    yield from _gap(text.text, at, len(text.text))


def _gap(chars: str, start: int, end: int) -> Iterator[Comment]:
    for found in _COMMENT.finditer(chars, start, end):
        yield Comment(found.start(), found[0])


def _leaves(node: Node | None) -> Iterator[Node]:
    """The scalars and aliases below a node in the order of the text; keys count."""
    found: list[Node] = []
    rest = [] if node is None else [node]
    while rest:
        one = rest.pop()
        if isinstance(one, (Scalar, Alias)):
            found.append(one)
        else:
            rest += [part for pair in one.pairs for part in pair] if isinstance(one, Mapping) else one.items
    return iter(sorted(found, key=lambda leaf: leaf.start))
