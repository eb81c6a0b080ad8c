"""Templates told apart from broken files: without its tags a template has no error, or its first one elsewhere."""

from __future__ import annotations

import re
from typing import Final

from cfgc.reports.scan.formats import outline_of
from cfgc.reports.scan.outline import Problem

_TAG: Final = re.compile(
    r"""\{\{(?P<said>(?:[^{}]|\}(?!\})|\{(?!\{))*+)\}\}
  | \{%(?:[^%{]|%(?!\})|\{(?!%))*+%\}
  | <%(?P<equals>=?)(?:[^%<]|%(?!>)|<(?!%))*+%>
  | \{\#(?:[^#{]|\#(?!\})|\{(?!\#))*+\#\}""",
    re.VERBOSE,
)
_STEERS: Final = re.compile(r"[-~]?\s*(?:[#/^!]|(?:if|else|end|range|with|define|block|template|each)\b)")
_ON_ITS_OWN: Final = re.compile(r"^[ \t]*(?:\{%|<%|\{\{[-~]?\s{0,9}(?:[#/^]|(?:if|range|with|end)\b))", re.MULTILINE)
"""A line of a template that steers what becomes of others"""
_LENIENT: Final = frozenset(("ini", "properties", "dotenv", "dockerfile", "text"))
"""Formats that take such a line for one of their own, or have no rules at all"""


def is_template(text: str, format: str, problem: Problem | None) -> bool:
    """Whether a text is one, whose name says nothing about it; `problem` is the first that its format has with it."""
    if "{{" not in text and "{%" not in text and "<%" not in text:
        return False
    if format in _LENIENT and _ON_ITS_OWN.search(text):
        return True
    if problem is None:
        return False
    plain = _TAG.sub(_stand_in, text)
    if plain == text:
        return False
    outline = outline_of(plain, format)
    left = outline.problem if outline is not None else None
    return left is None or (left.line, left.message) != (problem.line, problem.message)


def _stand_in(tag: re.Match[str]) -> str:
    """A value for a tag that becomes text, nothing for one that steers; the lines stay as many as they are."""
    speaks = not _STEERS.match(tag["said"]) if tag["said"] is not None else tag["equals"] == "="
    return ("0" if speaks else "") + "\n" * tag[0].count("\n")
