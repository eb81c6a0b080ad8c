"""The text of a plain scalar -> its value, by the YAML 1.2 core schema (YAML 1.2.2, section 10.3.2).

Two deviations, both errors and never another value: `.nan` and `.inf`, and numbers that
a double cannot hold, since no emitter could write them for every reader (THREATS Y10).
"""

from __future__ import annotations

import re
from math import isinf
from typing import Final

from cfgc.model.values import Value
from cfgc.stages.read.limits import MAX_DIGITS

NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
BOOLEANS: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WORDS: Final[dict[str, Value]] = {**dict.fromkeys(NULLS), **BOOLEANS}
_NUMERIC: Final = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class NumberError(ValueError):
    """A number that no value can hold; `rule` names the diagnostic."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def resolve(text: str) -> Value:
    """The value of a plain scalar; raises `NumberError`."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _NUMERIC else text


def _number(text: str) -> Value:
    if _INTEGER.fullmatch(text):
        return integer(text, 10)
    if _FLOAT.fullmatch(text):
        return finite(text)
    if _HEXADECIMAL.fullmatch(text):
        return integer(text[2:], 16)
    if _OCTAL.fullmatch(text):
        return integer(text[2:], 8)
    if _ENDLESS.fullmatch(text):
        raise NumberError("number-out-of-range")
    return text


def integer(digits: str, base: int) -> int:
    """An integer of at most `MAX_DIGITS` digits; raises `NumberError`."""
    if len(digits) > MAX_DIGITS:
        raise NumberError("integer-too-long")
    return int(digits, base)


def finite(text: str) -> float:
    """A double; raises `NumberError` where the number is too large for one."""
    value = float(text)
    if isinf(value):
        raise NumberError("number-out-of-range")
    return value
