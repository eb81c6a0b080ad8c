"""Entries of maps and lists in `{}` and `[]`, in YAML and JSON: inserted, removed."""

from __future__ import annotations

import re

from cfgc.edit.page import Page
from cfgc.edit.rewrite.entries import Cut, apply
from cfgc.edit.rewrite.lines import before, body, line_end, line_start, next_line, style_of
from cfgc.edit.rewrite.reach import Spot, entries
from cfgc.edit.rewrite.words import in_line, key_text
from cfgc.model.keypath import Step
from cfgc.model.values import Value
from cfgc.stages.read.nodes import Mapping

_COMMA = re.compile(r"\s*,")
_REST = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")


def inserted(page: Page, around: Spot, step: Step, value: Value) -> str:
    """The text with a new entry, a key behind the last, an item where `step` says; on its own line among such."""
    text = in_line(value, page.format)
    if isinstance(around.node, Mapping):
        text = f"{key_text(str(step), page.format, brackets=True)} {text}"
    present = entries(around.node)  # type: ignore[arg-type]
    number = step if isinstance(step, int) else len(present)
    if not present:
        return apply(page, Cut(body(page, around.node) + 1, around.node.end - 1, text))  # type: ignore[arg-type]
    if number < len(present):
        return _before(page, present[number].start, text)
    return _behind(page, present[-1], around.node.end, text)


def removed(page: Page, around: Spot, number: int) -> str:
    """The text without one entry, its comma, and its line where it has one of its own."""
    present = entries(around.node)  # type: ignore[arg-type]
    one = present[number]
    if len(present) == 1:
        return apply(page, Cut(body(page, around.node) + 1, around.node.end - 1))  # type: ignore[arg-type]
    own_line = not before(page, one.start).strip() and bool(_REST.match(page.chars, one.end))
    lines = Cut(line_start(page, one.start), next_line(page, one.end))
    if number < len(present) - 1:
        return apply(page, lines if own_line else Cut(one.start, present[number + 1].start))
    last = present[number - 1]
    if not own_line:
        return apply(page, Cut(last.end, one.end))
    comma = _COMMA.match(page.chars, last.end)
    trailing = _COMMA.match(page.chars, one.end)
    if trailing or comma is None:
        return apply(page, lines)
    return apply(page, Cut(comma.end() - 1, comma.end()), lines)


def _before(page: Page, at: int, text: str) -> str:
    pad = before(page, at)
    between = f",{style_of(page).newline}{pad}" if not pad.strip() else ", "
    return apply(page, Cut(at, at, text + between))


def _behind(page: Page, last: Spot, end: int, text: str) -> str:
    pad = before(page, last.start)
    comma = _COMMA.match(page.chars, last.end)
    if pad.strip():
        return apply(page, Cut(last.end, last.end, f", {text}"))
    line = line_end(page, comma.end() if comma else last.end)
    newline = style_of(page).newline
    if line >= end:  # the bracket closes on the line of the last entry
        return apply(page, Cut(last.end, last.end, f",{newline}{pad}{text}"))
    if comma:
        return apply(page, Cut(line, line, f"{newline}{pad}{text},"))
    return apply(page, Cut(last.end, last.end, ","), Cut(line, line, f"{newline}{pad}{text}"))
