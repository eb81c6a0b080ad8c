"""Entries of YAML maps and lists that are written line by line: replaced, inserted, removed."""

from __future__ import annotations

import re
from typing import NamedTuple

from cfgc.edit.change import NotExact
from cfgc.edit.page import HEADER_COMMENT, Page
from cfgc.edit.rewrite.block import entry
from cfgc.edit.rewrite.lines import (
    Style,
    before,
    end_of_entry,
    in_brackets,
    line_end,
    line_start,
    style_of,
    whole_lines,
)
from cfgc.edit.rewrite.reach import Spot, dash
from cfgc.edit.rewrite.words import in_line, key_text, marker, quote_of
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value
from cfgc.stages.read.nodes import Mapping, Scalar

_BREAK = re.compile(r"[\r\n]")
_COLON = re.compile(r"\s*:")


class Cut(NamedTuple):
    """A piece of text in place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str = ""


def apply(page: Page, *cuts: Cut) -> str:
    """The text with all cuts, which do not overlap; of two at one place, the first stands first."""
    chars = page.chars
    for start, end, text in sorted(cuts, key=lambda cut: cut[:2])[::-1]:
        chars = chars[:start] + text + chars[end:]
    return chars


def replaced(page: Page, path: KeyPath, spot: Spot, value: Value) -> str:
    """The text with another value at a path."""
    head, style, node = _head(page, path, spot), style_of(page), spot.node
    lines = _lines(head, value, style, quote_of(page, node))
    first, rest = lines[0], "".join(style.newline + line for line in lines[1:])
    empty = isinstance(node, Scalar) and node.empty
    if not empty and _BREAK.search(page.chars, head.end, node.start):
        below = line_end(page, head.end)
        if rest and isinstance(marker(value)[1], str) and page.chars[below : node.start].strip():
            # a comment stands between key and value: a text of several lines would begin with it
            end = node.end if isinstance(node, Scalar) else end_of_entry(page, node)
            return apply(page, Cut(node.start, end, in_line(value)))
        return apply(page, Cut(head.end, head.end, first), Cut(below, below, rest), Cut(*_node_lines(page, spot)))
    below = line_end(page, head.end if empty else node.end)
    if empty:
        return apply(page, Cut(head.end, head.end, first), Cut(below, below, rest))
    if in_brackets(page, node) and isinstance(value, (dict, list)):
        return apply(page, Cut(node.start, node.end, in_line(value)))
    comment = HEADER_COMMENT.match(page.chars, node.start, node.end) if isinstance(node, Scalar) else None
    text = first.lstrip(" ") + (comment[1] if comment else "")
    return apply(page, Cut(node.start if first else head.end, node.end, text), Cut(below, below, rest))


def rewritten(page: Page, spot: Spot, value: Value, remark: str) -> str:
    """The text with another map in place of that of the whole file, key by key; its markers have their own line."""
    style, (marks, keys) = style_of(page), marker(value)
    lines = [*remarks(remark), *filter(None, [marks.rstrip()])]
    lines += [line for key, item in keys.items() for line in entry(key_text(key), item, "", style)]
    start, end = line_start(page, spot.node.start), end_of_entry(page, spot.node)
    return apply(page, Cut(start, end, style.newline.join(lines)))


def marked(page: Page, path: KeyPath, spot: Spot, marks: str) -> str:
    """The text with markers before a value that has none."""
    head = _head(page, path, spot)
    return apply(page, Cut(head.end, head.end, f" {marks.rstrip()}"))


def inserted(page: Page, path: KeyPath, around: Spot, value: Value, remark: str) -> str:
    """The text with a new entry: a key behind the last of its map, or an item where the path says."""
    style, said = style_of(page), remarks(remark)
    if isinstance(around.node, Mapping):
        first, last = around.node.pairs[0][0], around.node.pairs[-1][1]
        pad = " " * (page.text.column_of(first.start) - 1)
        lines = [*said, *entry(key_text(str(path[-1])), value, pad, style)]
        at = end_of_entry(page, last)
    else:
        number = path[-1]
        assert isinstance(number, int)
        neighbour = dash(page, (*path[:-1], max(number - 1, 0)))
        pad = " " * (page.text.column_of(neighbour) - 1)
        lines = [*said, *entry("-", value, pad, style)]
        if not number:
            return _first_item(page, neighbour, lines, len(said) + 1)
        at = end_of_entry(page, around.node.items[number - 1])  # type: ignore[union-attr]
    heads = len(said) + 1
    return apply(page, Cut(at, at, "".join(style.newline + line for line in _padded(lines, pad, heads))))


def appended(page: Page, key: str, value: Value, remark: str) -> str:
    """The text of a file that says nothing yet, with its first key."""
    style, chars = style_of(page), page.chars
    lines = [*remarks(remark), *entry(key_text(key), value, "", style)]
    text = style.newline.join(lines)
    if chars and not chars.endswith(("\n", "\r")):
        return chars + style.newline + text
    return chars + text + style.newline


def removed(page: Page, path: KeyPath, spot: Spot) -> str:
    """The text without an entry that is not the only one of its map or list."""
    start = dash(page, path) if spot.key is None else spot.key.start
    if not before(page, start).strip():
        return apply(page, Cut(*whole_lines(page, start, end_of_entry(page, spot.node))))
    if spot.number or not isinstance(spot.around, Mapping):
        raise NotExact("other text stands before it on its line")
    return apply(page, Cut(start, spot.around.pairs[1][0].start))  # it begins on the line of a dash


def entry_span(page: Page, path: KeyPath, spot: Spot) -> tuple[int, int]:
    """From the key or dash to the end of the last line."""
    if spot.around is None:
        return 0, len(page.chars)
    start = spot.key.start if spot.key is not None else dash(page, path)
    return start, end_of_entry(page, spot.node)


class _Head(NamedTuple):
    """What stands before a value: `key:` or `-`, where that ends, and the blanks that indent it."""

    text: str
    end: int
    pad: str


def _head(page: Page, path: KeyPath, spot: Spot) -> _Head:
    if spot.key is None:
        start = dash(page, path)
        return _Head("-", start + 1, " " * (page.text.column_of(start) - 1))
    found = _COLON.match(page.chars, spot.key.end)
    if found is None:
        raise NotExact("no `:` stands behind the key")
    return _Head("", found.end(), " " * (page.text.column_of(spot.key.start) - 1))


def _lines(head: _Head, value: Value, style: Style, like: str) -> list[str]:
    """The lines of a value, the first as it stands behind its head."""
    first, *rest = entry(head.text, value, head.pad, style, like)
    return [first.removeprefix(head.text), *rest]


def _node_lines(page: Page, spot: Spot) -> tuple[int, int]:
    return whole_lines(page, spot.node.start, end_of_entry(page, spot.node))


def _first_item(page: Page, at: int, lines: list[str], heads: int) -> str:
    pad = before(page, at)
    if pad.strip():
        raise NotExact("other text stands before the list's first item on its line")
    start, newline = line_start(page, at), style_of(page).newline
    return apply(page, Cut(start, start, "".join(line + newline for line in _padded(lines, pad, heads))))


def _padded(lines: list[str], pad: str, heads: int) -> list[str]:
    """Lines of which the first ones are not indented yet."""
    return [pad + line if number < heads else line for number, line in enumerate(lines)]


def remarks(remark: str) -> list[str]:
    """A remark as lines of comments."""
    return [f"# {line}".rstrip() for line in remark.splitlines()]
