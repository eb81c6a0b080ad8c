"""Dotenv files as Docker, Compose and the libraries of many languages take them, all of them together.

`NAME=value`, `NAME: value` and `NAME` alone; quotes may span lines; what follows ` #` is a comment.
"""

from __future__ import annotations

import re
from typing import Final

from cfgc.reports.scan.outline import Broken, Outline

_LINE: Final = re.compile(
    r"""[ \t]*+(?:
    (?:export[ \t]++)?+(?P<name>[A-Za-z_][\w.-]*+)[ \t]*+
      (?:[=:][ \t]*+(?:(?P<quoted>(?:'[^']*+'|"(?:[^"\\]|\\.)*+")(?:[^\s"'\#]|'[^']*+'|"(?:[^"\\]|\\.)*+")*+)[ \t]*+
        | (?P<plain>(?!["'])[^\r\n]*+)))?+
    )?+(?:\#[^\r\n]*+)?+(?:\r\n?|\n|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT: Final = re.compile(r"(?:^|[ \t])#")


def read(text: str, outline: Outline) -> None:
    """The outline: one key a variable."""
    at, line = 0, 1
    while at < len(text):
        found = _LINE.match(text, at)
        if found is None:
            raise Broken(line, 1, "this line is no `NAME=value`")
        name = found["name"]
        if name is not None:
            outline.key((name,))
            if (value := _value(found)) is not None:
                outline.leaf((name,), value, line)
        line += found[0].count("\n") or 1
        at = found.end()


def _value(found: re.Match[str]) -> str | None:
    """What is set; none where the name stands alone."""
    if found["quoted"] is not None:
        return found["quoted"].strip("\"'")
    plain = found["plain"]
    if plain is None:
        return None
    comment = _COMMENT.search(plain) if "#" in plain else None
    return (plain[: comment.start()] if comment else plain).rstrip()
