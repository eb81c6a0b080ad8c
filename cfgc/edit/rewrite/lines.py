"""Lines of a text, and the habits of its author: line ends, indents, how lists stand under keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cfgc.edit.page import Page
from cfgc.stages.read.nodes import Alias, Content, Mapping, Node, Scalar, Sequence

_BREAK = re.compile(r"\r\n|\r|\n")
_BREAKS = ("\r", "\n")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:\s+|#[^\r\n]*)*)*")
_KEEPS = re.compile(r"(?:[&!]\S*\s+)*[|>][0-9]*\+")


class Style(NamedTuple):
    """`dash` is how far a list's dashes stand right of the key above them.

    Where the last line has no break, a text under `|` would lose its own there: `literal` says whether to write any.
    """

    newline: str = "\n"
    step: str = "  "
    dash: str = "  "
    literal: bool = True


def style_of(page: Page) -> Style:
    """How the file is written, by the first example of each; two spaces where there is none."""
    newline = _BREAK.search(page.chars)
    step, dash = next(_indents(page, mapping=True), 2), next(_indents(page, mapping=False), 2)
    literal = not page.chars or page.chars.endswith(_BREAKS)
    return Style(newline[0] if newline else "\n", " " * step, " " * dash, literal)


def _indents(page: Page, *, mapping: bool) -> Iterator[int]:
    rest: list[Node] = [] if page.root is None else [page.root]
    while rest:
        node = rest.pop()
        if isinstance(node, Sequence):
            rest += reversed(node.items)
        elif isinstance(node, Mapping):
            for key, value in node.pairs:
                inner = _first(value, mapping=mapping)
                if inner is not None and not in_brackets(page, value) and page.format == "yaml":
                    yield max(0, page.text.column_of(inner) - page.text.column_of(key.start)) or (2 if mapping else 0)
            rest += reversed([value for _, value in node.pairs])


def _first(node: Node, *, mapping: bool) -> int | None:
    """Where the first key or dash below a key stands."""
    if mapping:
        return node.pairs[0][0].start if isinstance(node, Mapping) and node.pairs else None
    return node.start if isinstance(node, Sequence) and node.items and node.tag is None else None


def line_start(page: Page, offset: int) -> int:
    """Where the line of an offset begins."""
    return offset - page.text.column_of(offset) + 1


def line_end(page: Page, offset: int) -> int:
    """Where the line of an offset ends, before its break."""
    found = _BREAK.search(page.chars, offset)
    return found.start() if found else len(page.chars)


def next_line(page: Page, offset: int) -> int:
    """Where the next line begins, or the end of the text."""
    found = _BREAK.search(page.chars, offset)
    return found.end() if found else len(page.chars)


def before(page: Page, offset: int) -> str:
    """What stands before an offset on its line."""
    return page.text.before(offset)


def whole_lines(page: Page, start: int, end: int) -> tuple[int, int]:
    """The span of all lines from one offset to another; in a text without a final break, the break before them too."""
    first, last = line_start(page, start), next_line(page, end)
    if last == len(page.chars) and not page.chars.endswith(_BREAKS) and first:
        first -= 2 if page.chars.startswith("\r\n", first - 2) else 1
    return first, last


def body(page: Page, node: Content) -> int:
    """Where a node begins behind its tag and anchor."""
    found = _PROPERTIES.match(page.chars, node.start)
    return found.end() if found else node.start


def in_brackets(page: Page, node: Node) -> bool:
    """Whether a map or list is written in `{}` or `[]`; the tables of TOML under `[name]` and `[[name]]` are not."""
    if page.format == "toml":
        table = isinstance(node, Sequence) and bool(node.items) and node.items[0].start == node.start
        opening = "{" if isinstance(node, Mapping) else "["
        return not isinstance(node, (Scalar, Alias)) and not table and page.chars.startswith(opening, node.start)
    return not isinstance(node, (Scalar, Alias)) and page.chars[body(page, node) :][:1] in ("{", "[")


def end_of_entry(page: Page, node: Node) -> int:
    """Where the last line of a value ends. Empty lines behind a `|+` are of the value."""
    at = line_end(page, node.end)
    last = node
    while isinstance(last, (Mapping, Sequence)) and (last.pairs if isinstance(last, Mapping) else last.items):
        last = last.pairs[-1][1] if isinstance(last, Mapping) else last.items[-1]
    if isinstance(last, Scalar) and _KEEPS.match(page.chars, last.start):
        while (following := next_line(page, at)) < len(page.chars) and not page.chars[
            following : line_end(page, following)
        ].strip():
            at = line_end(page, following)
    return at
