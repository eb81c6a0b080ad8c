"""Colours of a terminal, or none."""

from __future__ import annotations

from collections.abc import Callable

from cfgc.diagnostics.diagnostic import Severity

Paint = Callable[[str, str], str]

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "strong": "1",
    "gutter": "34",
    "other": "36",
    "help": "1;32",
}


def painter(*, color: bool) -> Paint:
    """A function of a style and a text; the text itself when there are no colours."""
    return _painted if color else lambda _, text: text


def _painted(style: str, text: str) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if text else text


def style_of(severity: Severity) -> str:
    """The style of a severity."""
    return str(severity)
