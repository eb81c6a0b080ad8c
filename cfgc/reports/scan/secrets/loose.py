"""Assignments outside of any outline -> leaves: in text of no format, and in comments, where old values stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cfgc.external import regex
from cfgc.reports.scan.outline import Leaf, Outline

_WORDS: Final = "(?:pass|pwd|secret|token|credential|key|salt)"
_ANYWHERE: Final = rf"(?i){_WORDS}"
_IN_COMMENTS: Final = rf"(?im)^[ \t]*(?:#|;|//|--)[^\r\n]*{_WORDS}"
_LINE: Final = re.compile(
    rf"""(?im)^[ \t]*+(?P<comment>(?:\#|;|//|--)[#;/ \t-]*+)?(?:export[ \t]++|set[ \t]++|-[ \t]++)?["']?
    (?P<name>(?=[a-z_])[\w.-]{{0,99}}?{_WORDS}\w{{0,20}})["']?(?:[ \t]*+[:=][ \t]*+|[ \t]++)
    ["']?(?P<value>[^\s"';,]{{5,500}})["']?[;,]?[ \t]*+$""".replace("\n    ", "")
)
_WORD: Final = re.compile(r"[A-Za-z]+")
_MIXED: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z]).{8,}")


def loose_leaves(text: str, outline: Outline | None) -> Iterator[Leaf]:
    """`NAME=value`, `NAME: value` and `NAME value`, one a line: all of a text without an outline, else its comments.

    A word is no value here: `passwd: files`. In a comment a value has letters and digits.
    """
    if not regex.search(_ANYWHERE if outline is None else _IN_COMMENTS, text):
        return
    line, counted = 1, 0
    for found in _LINE.finditer(text):
        is_comment = found["comment"] is not None
        if (
            _MIXED.fullmatch(found["value"])
            if is_comment
            else (outline is None and not _WORD.fullmatch(found["value"]))
        ):
            line, counted = line + text.count("\n", counted, found.start("name")), found.start("name")
            yield Leaf((found["name"],), found["value"], line)
