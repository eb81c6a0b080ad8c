"""`size`, `type`, `dyn` and the string functions of the language definition."""

from __future__ import annotations

import operator
from typing import Final

from cfgc.stages.check.policy.cel.library.function import Function, length
from cfgc.stages.check.policy.cel.values import CelError, CelValue, TypeValue, type_name

_NO_PATTERN: Final = "the pattern of `matches` is not valid, or not one that can be matched in linear time"


def check_pattern(pattern: str) -> str:
    """Why a text is no pattern; empty if it is one."""
    from cfgc.external import regex

    try:
        regex.check(pattern)
    except regex.PatternError:
        return _NO_PATTERN
    return ""


def _matches(text: str, pattern: str) -> bool:
    from cfgc.external import regex

    try:
        return regex.search(pattern, text)
    except regex.PatternError:
        raise CelError(_NO_PATTERN) from None


def _type(value: CelValue) -> TypeValue:
    return TypeValue(type_name(value))


FUNCTIONS: Final = (
    Function("size", {(kind,): len for kind in (str, bytes, list, dict)}, style="both"),
    Function("contains", {(str, str): operator.contains}, style="member", cost=length),
    Function("startsWith", {(str, str): str.startswith}, style="member", cost=lambda _, part: length(part)),
    Function("endsWith", {(str, str): str.endswith}, style="member", cost=lambda _, part: length(part)),
    Function(
        "matches", {(str, str): _matches}, style="both", cost=lambda text, pattern: length(text) + length(pattern)
    ),
    Function("type", {}, fallback=_type, extra=(1,)),
    Function("dyn", {}, fallback=lambda value: value, extra=(1,)),
)
