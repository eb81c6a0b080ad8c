"""The operators, but for `&&`, `||` and `?:`, which need not evaluate all they are given."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from itertools import product
from typing import Any, Final

from cfgc.stages.check.policy.cel.equality import as_double, contained, equal
from cfgc.stages.check.policy.cel.library.function import Function, length
from cfgc.stages.check.policy.cel.values import (
    INT_MAX,
    INT_MIN,
    UINT_MAX,
    CelError,
    CelValue,
    Duration,
    Frame,
    Timestamp,
    UInt,
    Unknowns,
)

DURATION_MAX: Final = 315_576_000_000 * 10**9 + 999_999_999
"""nanoseconds: ten thousand years (google/protobuf/duration.proto)"""
TIMESTAMP_MIN: Final = -62_135_596_800 * 10**9
"""0001-01-01T00:00:00Z (google/protobuf/timestamp.proto)"""
TIMESTAMP_MAX: Final = 253_402_300_799 * 10**9 + 999_999_999
"""9999-12-31T23:59:59.999999999Z"""


def int64(value: int) -> int:
    """The value if it is an `int` of CEL; raises `CelError`."""
    if INT_MIN <= value <= INT_MAX:
        return value
    raise CelError("integer overflow")


def uint64(value: int) -> UInt:
    """The value as a `uint` of CEL; raises `CelError`."""
    if 0 <= value <= UINT_MAX:
        return UInt(value)
    raise CelError("unsigned integer overflow")


def timestamp(nanos: int) -> Timestamp:
    """A timestamp between the years 1 and 9999; raises `CelError`."""
    if TIMESTAMP_MIN <= nanos <= TIMESTAMP_MAX:
        return Timestamp(nanos)
    raise CelError("timestamp out of range")


def duration(nanos: int) -> Duration:
    """A duration of at most ten thousand years; raises `CelError`."""
    if abs(nanos) <= DURATION_MAX:
        return Duration(nanos)
    raise CelError("duration out of range")


def _quotient(left: int, right: int) -> int:
    if right == 0:
        raise CelError("division by zero")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: int, right: int) -> int:
    if right == 0:
        raise CelError("division by zero")
    if (left, right) == (INT_MIN, -1):
        raise CelError("integer overflow")
    return left - right * _quotient(left, right)


def _divide(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _ordered(compare: Callable[[Any, Any], bool]) -> dict[tuple[type, ...], Callable[..., Any]]:
    def as_doubles(one: Any, other: Any) -> bool:
        return compare(as_double(one), as_double(other))

    table: dict[tuple[type, ...], Callable[..., Any]] = {}
    for one, other in product((int, UInt, float), repeat=2):
        table[one, other] = as_doubles if float in (one, other) else compare
    for kind in (str, bytes, bool, Timestamp, Duration):
        table[kind, kind] = compare
    return table


def _different(frame: Frame, left: CelValue, right: CelValue) -> bool | Unknowns:
    same = equal(frame, left, right)
    return (not same) if type(same) is bool else same


def _joined(left: Any, right: Any) -> int:
    return len(left) + len(right) if type(left) is list else length(left) + length(right)


FUNCTIONS: Final = (
    Function(
        "_+_",
        {
            (int, int): lambda a, b: int64(a + b),
            (UInt, UInt): lambda a, b: uint64(int(a) + int(b)),
            (float, float): operator.add,
            (str, str): operator.add,
            (bytes, bytes): operator.add,
            (list, list): operator.add,
            (Timestamp, Duration): lambda a, b: timestamp(a.nanos + b.nanos),
            (Duration, Timestamp): lambda a, b: timestamp(a.nanos + b.nanos),
            (Duration, Duration): lambda a, b: duration(a.nanos + b.nanos),
        },
        cost=_joined,
    ),
    Function(
        "_-_",
        {
            (int, int): lambda a, b: int64(a - b),
            (UInt, UInt): lambda a, b: uint64(int(a) - int(b)),
            (float, float): operator.sub,
            (Timestamp, Timestamp): lambda a, b: duration(a.nanos - b.nanos),
            (Timestamp, Duration): lambda a, b: timestamp(a.nanos - b.nanos),
            (Duration, Duration): lambda a, b: duration(a.nanos - b.nanos),
        },
    ),
    Function(
        "_*_",
        {
            (int, int): lambda a, b: int64(a * b),
            (UInt, UInt): lambda a, b: uint64(int(a) * int(b)),
            (float, float): operator.mul,
        },
    ),
    Function(
        "_/_",
        {
            (int, int): lambda a, b: int64(_quotient(a, b)),
            (UInt, UInt): lambda a, b: uint64(_quotient(int(a), int(b))),
            (float, float): _divide,
        },
    ),
    Function("_%_", {(int, int): _remainder, (UInt, UInt): lambda a, b: uint64(_remainder(int(a), int(b)))}),
    Function("-_", {(int,): lambda a: int64(-a), (float,): operator.neg}),
    Function("!_", {(bool,): operator.not_}),
    Function("_<_", _ordered(operator.lt), cost=length),
    Function("_<=_", _ordered(operator.le), cost=length),
    Function("_>_", _ordered(operator.gt), cost=length),
    Function("_>=_", _ordered(operator.ge), cost=length),
    Function("_==_", {}, fallback=equal, framed=True, extra=(2,)),
    Function("_!=_", {}, fallback=_different, framed=True, extra=(2,)),
    Function("_in_", {}, fallback=contained, framed=True, extra=(2,)),
)
