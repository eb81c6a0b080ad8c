"""What may be printed without a format filter into a file with a grammar (THREATS J10).

A bare value must not be able to end what it stands in: `{{ x }}` in YAML may be `30s` or `db.example.org`, but nothing
with quotes, brackets, line breaks or `: `. A secret may be anything, so it is never printed bare there.
"""

from __future__ import annotations

import re

_YAML = re.compile(
    r"(?![-?:](?:\s|\Z)|[&*!|>%@`#])(?:[^\s\"'\\#:{}\[\],\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]|:(?=[^\s])|\x20(?=[^\s#])|(?<=\S)\#)*"
)
_JSON = re.compile(r"[^\"\\\x00-\x1f\u2028\u2029]*")
_ENV = re.compile(r"[^\s\"'\\#$`\x00-\x1f\x7f](?:[^\r\n\"'\\#$`\x00-\x1f\x7f]*[^\s\"'\\#$`\x00-\x1f\x7f])?|")
_SHELL = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")

Grammar = tuple[str, "re.Pattern[str]"]

_GRAMMARS: dict[str, Grammar] = {
    ".yaml": ("yaml", _YAML),
    ".yml": ("yaml", _YAML),
    ".json": ("json", _JSON),
    ".toml": ("toml", _JSON),
    ".env": ("env", _ENV),
    ".sh": ("shell", _SHELL),
}


def grammar_of(file: str) -> Grammar | None:
    """The filter to use and what may stand without it, for a file with a grammar that cfgc knows."""
    return next((found for suffix, found in _GRAMMARS.items() if file.endswith(suffix)), None)


class Formatted(str):
    """Text that a format filter made, or that was checked when it was printed; it stays so through `str()`."""

    __slots__ = ()

    def __str__(self) -> str:
        return self
