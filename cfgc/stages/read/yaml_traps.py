"""What a YAML 1.1 reader makes of a plain scalar, where YAML 1.2 makes something else of it.

The rules are those of the YAML 1.1 type repository (bool, int, float, timestamp, merge, value) as PyYAML
implements them; it lacks `y` and `n`, which others read as booleans.
"""

from __future__ import annotations

import re
from typing import Final

_BOOLEANS: Final = frozenset(
    word for base in ("y", "yes", "on", "n", "no", "off") for word in (base, base.capitalize(), base.upper())
)
_DAY: Final = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_ZONE: Final = "[-+][0-9]{1,2}(?::[0-9]{2})?"
_RULES: Final = tuple(
    (re.compile(pattern), reads)
    for pattern, reads in (
        (r"[-+]?0b[01_]+", "a binary integer"),
        (r"(?![-+]?0*[0-7]\Z)[-+]?0[0-7_]+", "an octal integer"),
        (r"[-+]?0x_*[0-9a-fA-F]*_[0-9a-fA-F_]*|[-+]0x[0-9a-fA-F]+", "a hexadecimal integer"),
        (r"[-+]?[1-9][0-9]*_[0-9_]*", "an integer"),
        (r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+", "an integer in base 60"),
        (r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*", "a float in base 60"),
        (r"(?=[-+0-9.]*_)(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?", "a float"),
        (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date"),
        (
            rf"{_DAY}(?:[Tt]|[ \t]+)[0-9]{{1,2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]*)?(?:[ \t]*(?:Z|{_ZONE}))?",
            "a time",
        ),
        (r"[-+]?0[0-9]*[89][0-9]*|0o[0-7]+|[-+]\.[0-9]+(?:[eE][-+]?[0-9]+)?", "a string"),
        (r"[-+]?(?:[0-9]+[eE][-+]?[0-9]+|(?:[0-9]*\.[0-9]+|[0-9]+\.)[eE][0-9]+)", "a string"),
        (r"<<", "a merge key"),
        (r"=", "a default value"),
    )
)
_FIRST: Final = frozenset("+-.0123456789<=")


def read_by_yaml11(text: str) -> str | None:
    """What YAML 1.1 reads instead, in words (`a boolean`, `a date`); none where both versions agree."""
    if text in _BOOLEANS:
        return "a boolean"
    if text[:1] not in _FIRST:
        return None
    return next((reads for pattern, reads in _RULES if pattern.fullmatch(text)), None)
