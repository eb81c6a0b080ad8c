"""The unified difference of one artifact, in its sealed form."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfgc.history.difference import ArtifactChange

WITHHELD = "what is a secret in one may be plain text in the other"
_NOTHING = "/dev/null"


def unified(found: ArtifactChange) -> str:
    """As `diff -u` writes it; a file that is no text, or is withheld, is only said to differ."""
    if found.withheld:
        return f"Files a/{found.path} and b/{found.path} differ (not shown: {WITHHELD})\n"
    old, new = _lines(found.old), _lines(found.new)
    if old is None or new is None:
        return f"Binary files a/{found.path} and b/{found.path} differ\n"
    names = (_NOTHING if found.old is None else f"a/{found.path}", _NOTHING if found.new is None else f"b/{found.path}")
    return "".join(_ended(line) for line in unified_diff(old, new, *names))


def _lines(content: bytes | None) -> list[str] | None:
    try:
        lines = (content or b"").decode().split("\n")
    except UnicodeDecodeError:
        return None
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
