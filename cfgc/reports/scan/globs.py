"""Patterns of paths as `.gitignore` and CODEOWNERS have them -> patterns that are matched in linear time."""

from __future__ import annotations

import re
from functools import lru_cache

from cfgc.external import regex

_PART = re.compile(r"\*\*/|\*\*|\*|\?|\[![^\]/]+\]|\[[^\]/]+\]|\\.|.", re.DOTALL)
_MEANS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern names a path, or a folder above it.

    A `/` at its start or inside ties it to the root, `*` and `?` stay within a name, `**` does not.
    """
    try:
        return regex.search(_expression(pattern), path)
    except regex.PatternError:
        return False


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> str:
    bare = pattern.strip("/") if pattern != "/" else "**"
    tied = pattern.startswith("/") or "/" in bare
    body = "".join(_MEANS.get(part[0]) or _plain(part[0]) for part in _PART.finditer(bare))
    ends = "/.*$" if pattern.endswith("/") and pattern != "/" else "(?:/.*)?$"
    return f"^{'' if tied else '(?:.*/)?'}{body}{ends}"


def _plain(part: str) -> str:
    if part.startswith("[!"):
        return f"[^{part[2:-1]}]"
    if part.startswith("[") and len(part) > 2:
        return part
    character = part[-1]
    return character if character.isalnum() or ord(character) > 127 or character in " _-/" else f"\\{character}"
