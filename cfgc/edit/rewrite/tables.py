"""Entries of TOML tables: keys inserted and removed on lines of their own; what stands in brackets is `brackets`' work.

A table's own keys stand behind its header, or with its name before a dot; both are continued as they are written. A
table that has neither gets a header at the end of the file.
"""

from __future__ import annotations

import re

from cfgc.edit.change import NotExact
from cfgc.edit.page import Page
from cfgc.edit.rewrite.entries import Cut, apply
from cfgc.edit.rewrite.lines import before, line_end, line_start, next_line, style_of
from cfgc.edit.rewrite.reach import Spot
from cfgc.edit.rewrite.words import in_line, key_text
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value
from cfgc.stages.read.nodes import Mapping, Node

_HEADER_END = re.compile(r"[ \t]*\]{1,2}[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")


def inserted(page: Page, path: KeyPath, around: Spot, value: Value, remarks: list[str]) -> str:
    """The text with a new key behind the last of its table that is written as `key = value`."""
    table = around.node
    if not isinstance(table, Mapping) or not isinstance(path[-1], str):
        raise NotExact("items of arrays of tables are edited by hand")
    newline = style_of(page).newline
    said = f"{key_text(path[-1], 'toml')} {in_line(value, 'toml')}"
    last = next((pair for pair in reversed(table.pairs) if _on_line(page, *pair)), None)
    if last is not None:
        pad = page.chars[line_start(page, last[0].start) : last[0].start]
        blank = pad[: len(pad) - len(pad.lstrip())]
        return _behind(page, last[1].end, [*(blank + line for line in remarks), pad + said])
    if table is page.root:
        at = _first_header(page)
        if at == len(page.chars):
            return _at_end(page, [*remarks, said], apart="")
        lines = "".join(line + newline for line in (*remarks, said))
        return apply(page, Cut(at, at, lines + newline))
    if _HEADER_END.match(page.chars, table.end) or page.chars[table.start] == "[":
        return _behind(page, table.end, [*remarks, said])
    if not all(isinstance(step, str) for step in path):
        raise NotExact("items of arrays of tables are edited by hand")
    names = ".".join(key_text(str(step), "toml").removesuffix(" =") for step in path[:-1])
    return _at_end(page, [*remarks, f"[{names}]", said], apart=newline)


def removed(page: Page, path: KeyPath, spot: Spot) -> str:
    """The text without a key, which has lines of its own."""
    inner = _innermost(page, spot)
    if inner.key is None or not isinstance(inner.around, Mapping) or not _on_line(page, inner.key, inner.node):
        raise NotExact(f"`{path[-1]}` is a table with a header: remove it by hand")
    return apply(page, Cut(*span(page, spot)))


def span(page: Page, spot: Spot) -> tuple[int, int]:
    """The lines of a key and its value."""
    inner = _innermost(page, spot)
    start = inner.node.start if inner.key is None else inner.key.start
    return line_start(page, start), next_line(page, inner.node.end)


def _innermost(page: Page, spot: Spot) -> Spot:
    """The only key in what dotted keys alone make."""
    while is_dotted(page, spot) and isinstance(spot.node, Mapping) and len(spot.node.pairs) == 1:
        ((key, value),) = spot.node.pairs
        spot = Spot(value, spot.node, 0, key)
    return spot


def is_dotted(page: Page, spot: Spot) -> bool:
    """Whether a table is made by dotted keys (`a.b = 1`), on lines of their own."""
    if not isinstance(spot.node, Mapping) or spot.key is None or is_written(spot.node, spot.key):
        return False
    return not before(page, spot.node.start).lstrip().startswith(("[", "{"))


def is_written(node: Node, key: Node | None) -> bool:
    """Whether a value stands behind its key and `=`; tables of headers and of dotted keys do not."""
    return key is not None and node.start > key.start


def _on_line(page: Page, key: Node, node: Node) -> bool:
    """Whether an entry is `key = value` on lines of its own."""
    return is_written(node, key) and "{" not in before(page, key.start)


def _behind(page: Page, offset: int, lines: list[str]) -> str:
    at = line_end(page, offset)
    return apply(page, Cut(at, at, "".join(style_of(page).newline + line for line in lines)))


def _at_end(page: Page, lines: list[str], *, apart: str) -> str:
    newline = style_of(page).newline
    text = page.chars if not page.chars or page.chars.endswith(("\n", "\r")) else page.chars + newline
    return text + apart + "".join(line + newline for line in lines)


def _first_header(page: Page) -> int:
    """Where the first table begins, with the remarks right above it; the end of a text without any."""
    assert isinstance(page.root, Mapping)
    if not page.root.pairs:
        return len(page.chars)
    at = line_start(page, page.root.pairs[0][0].start)
    while at and (above := line_start(page, at - 1)) < at and page.chars.startswith("#", above):
        at = above
    return at
