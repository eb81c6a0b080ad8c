"""`int`, `uint`, `double`, `string`, `bytes`, `bool`: from one type to another, or an error; nothing is guessed."""

from __future__ import annotations

import math
import re
from typing import Final

from cfgc.stages.check.policy.cel.library.function import Function, length
from cfgc.stages.check.policy.cel.library.operators import int64, uint64
from cfgc.stages.check.policy.cel.library.times import show_duration, show_timestamp
from cfgc.stages.check.policy.cel.values import CelError, Duration, Timestamp, UInt

_INTEGER: Final = r"[+-]?[0-9]{1,40}"
_UNSIGNED: Final = r"[0-9]{1,40}"
_DOUBLE: Final = r"(?i)[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)"
_DIGITS: Final = r"[^0-9]"
_BOOL: Final = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}


def _truncated(value: float) -> int:
    if not math.isfinite(value):
        raise CelError("the number is no integer")
    return math.trunc(value)


def _integer(value: float) -> int:
    # a double next to the limits may stand for an integer beyond them, so the limits themselves are out
    truncated = _truncated(value)
    if not -(2**63) < truncated < 2**63:
        raise CelError("integer overflow")
    return truncated


def _unsigned(value: float) -> UInt:
    if value < 0:
        raise CelError("unsigned integer overflow")
    return uint64(_truncated(value))


def _parsed_integer(text: str) -> int:
    if not re.fullmatch(_INTEGER, text):
        raise CelError("the string is no integer")
    return int64(int(text))


def _parsed_unsigned(text: str) -> UInt:
    if not re.fullmatch(_UNSIGNED, text):
        raise CelError("the string is no unsigned integer")
    return uint64(int(text))


def _parsed_double(text: str) -> float:
    if not re.fullmatch(_DOUBLE, text):
        raise CelError("the string is no number")
    return float(text)


def _parsed_bool(text: str) -> bool:
    if text not in _BOOL:
        raise CelError("the string is neither true nor false")
    return _BOOL[text]


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise CelError("the bytes are no text in UTF-8") from None


def show_double(value: float) -> str:
    """A double as Go prints it with `%g`: the shortest digits, with an exponent below 1e-4 and from 1e6 on."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    digits = len(re.sub(_DIGITS, "", repr(value).partition("e")[0]).strip("0")) or 1
    scientific = f"{value:.{digits - 1}e}"
    exponent = int(scientific.partition("e")[2])
    if -4 <= exponent < 6:
        return f"{value:.{max(digits - 1 - exponent, 0)}f}"
    return scientific


FUNCTIONS: Final = (
    Function(
        "int",
        {
            (int,): int,
            (UInt,): lambda value: int64(int(value)),
            (float,): _integer,
            (str,): _parsed_integer,
            (Timestamp,): lambda moment: moment.nanos // 10**9,
        },
    ),
    Function(
        "uint",
        {
            (int,): uint64,
            (UInt,): lambda value: value,
            (float,): _unsigned,
            (str,): _parsed_unsigned,
        },
    ),
    Function(
        "double",
        {(int,): float, (UInt,): float, (float,): lambda value: value, (str,): _parsed_double},
    ),
    Function(
        "string",
        {
            (str,): lambda value: value,
            (int,): str,
            (UInt,): lambda value: str(int(value)),
            (float,): show_double,
            (bool,): lambda value: "true" if value else "false",
            (bytes,): _decoded,
            (Timestamp,): show_timestamp,
            (Duration,): show_duration,
        },
        cost=length,
    ),
    Function("bytes", {(bytes,): lambda value: value, (str,): str.encode}, cost=length),
    Function("bool", {(bool,): lambda value: value, (str,): _parsed_bool}),
)
