"""A text and its outline -> what in it looks like a secret in plain text: kind, line and key, never the value."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from cfgc.reports.scan.outline import Leaf, Outline, Path
from cfgc.reports.scan.secrets.by_name import Hit, by_name
from cfgc.reports.scan.secrets.forms import Form, present
from cfgc.reports.scan.secrets.loose import loose_leaves
from cfgc.reports.scan.secrets.placeholders import is_placeholder
from cfgc.reports.scan.secrets.shown import shown_path

MOST = 200
"""so many of one file are named"""
_MOST_BESIDE = 1_000
"""so many leaves of one line are looked through for the one that holds a secret"""
_ALLOWED = re.compile(r"cfgc:allow-secret(?::[ \t]*(?P<reason>[^\r\n]{0,200}))?")
_WITH_ANY_WORD = frozenset(("private key", "PGP private key", "PuTTY private key"))
"""what follows these words is no text of anybody's"""


class Suspicion(NamedTuple):
    """What looks like a secret in plain text: its kind, its line, the key path where there is one.

    `allowed` is the reason that a comment `cfgc:allow-secret: REASON` gives on the line or on the one before.
    """

    kind: str
    line: int
    key: str
    allowed: str | None = None


class _Found(NamedTuple):
    kind: str
    line: int
    path: Path
    value: str


def find_secrets(text: str, outline: Outline | None, *, code: bool = False) -> list[Suspicion]:
    """What is suspected, in order of lines, one a line, kind and key; a form says more than the name of a key does.

    In `code` only a form counts.
    """
    found = list(islice(_by_form(text, outline.leaves if outline is not None else []), MOST))
    if not code:
        told: dict[int, list[str]] = {}
        for each in found:
            told.setdefault(each.line, []).append(each.value)
        for hit in islice(by_name(outline, loose_leaves(text, outline)), MOST):
            line = _line_of(hit, text)
            if not any(value in hit.leaf.text for value in told.get(line, ())):
                found.append(_Found(hit.kind, line, hit.leaf.path, hit.value))
    allowed = _allowed(text) if found else {}
    shown = sorted({(each.line, each.kind, shown_path(each.path)) for each in found})
    return [Suspicion(kind, line, key, allowed.get(line)) for line, kind, key in shown[:MOST]]


def _line_of(hit: Hit, text: str) -> int:
    """The line of a value, which in a leaf of many lines is a later one."""
    if "\n" not in hit.leaf.text:
        return hit.leaf.line
    starts = _line_starts(text)
    at = text.find(hit.value, starts[hit.leaf.line - 1])
    return bisect_right(starts, at) if at >= 0 else hit.leaf.line


def _by_form(text: str, leaves: list[Leaf]) -> Iterator[_Found]:
    forms = present(text)
    if not forms:
        return
    starts = _line_starts(text)
    ordered = sorted(leaves, key=lambda leaf: leaf.line)
    lines = [leaf.line for leaf in ordered]
    taken: list[tuple[int, int]] = []
    for form, pattern in forms:
        for found in pattern.finditer(text):
            start, end = found.span("s")
            if not _is_meant(form, found["s"]) or any(start < other[1] and other[0] < end for other in taken):
                continue
            taken.append((start, end))
            line = bisect_right(starts, start)
            yield _Found(form.kind, line, _path_of(found["s"], line, ordered, lines), found["s"])
            if len(taken) >= MOST:
                return


def _is_meant(form: Form, value: str) -> bool:
    if form.kind in _WITH_ANY_WORD:
        return True
    if form.kind == "authorization header":
        value = _decoded(value).partition(":")[2] or value
    return not is_placeholder(value)


def _decoded(text: str) -> str:
    try:
        return b64decode(text, validate=True).decode()
    except (Error, UnicodeDecodeError, ValueError):
        return text


def _path_of(value: str, line: int, ordered: list[Leaf], lines: list[int]) -> Path:
    """Where the leaf stands that holds a value of this line; else of the last one that began before its end."""
    last = bisect_right(lines, line)
    first = max(bisect_left(lines, line), last - _MOST_BESIDE)
    holder = next((leaf for leaf in reversed(ordered[first:last]) if value in leaf.text), None)
    if holder is not None:
        return holder.path
    return ordered[last - 1].path if last else ()


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer(r"\n", text))]


def _allowed(text: str) -> dict[int, str]:
    """The lines that a comment speaks of, with its reason."""
    found: dict[int, str] = {}
    starts = _line_starts(text) if "cfgc:allow-secret" in text else []
    for comment in _ALLOWED.finditer(text) if starts else ():
        line = bisect_right(starts, comment.start())
        reason = (comment["reason"] or "").strip().removesuffix("*/").removesuffix("-->").strip()
        found.setdefault(line, reason)
        found[line + 1] = reason
    return found
