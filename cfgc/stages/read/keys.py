"""Which keys a file may hold: any text of visible characters (SPEC section 3, THREATS Y12 and Y13).

The list of characters is fixed here and not asked of Python, whose Unicode tables differ by version: the same file
must be right or wrong on every machine.
"""

from __future__ import annotations

import re
from typing import Final

from cfgc.model.keypath import show
from cfgc.stages.read.text import describe

_INVISIBLE: Final = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    "\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U000110bd\U000110cd\U00013430-\U00013455\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def invisible(key: str) -> list[str]:
    """The control, bidirectional, zero-width and odd blank characters of a key, by code point and name."""
    if key.isascii() and key.isprintable():
        return []
    return list(dict.fromkeys(describe(character) for character in _INVISIBLE.findall(key)))


def quoted(key: str) -> str:
    """A key as it stands in a key path."""
    return show((key,))
