"""Optional values. `or` and `orValue` stand in the table for their shape; the evaluator runs them lazily."""

from __future__ import annotations

from typing import Final

from cfgc.stages.check.policy.cel.library.function import Function
from cfgc.stages.check.policy.cel.values import (
    NONE,
    CelError,
    CelValue,
    Duration,
    Optional,
    Timestamp,
    Unknowns,
    merge_unknowns,
)

LAZY: Final = frozenset({"or", "orValue"})
"""functions of an optional that evaluate their argument only when there is no value"""


def _value(optional: Optional) -> CelValue:
    if optional.present:
        return optional.value
    raise CelError("`value()` of an optional that is none")


def _of_non_zero(value: CelValue) -> Optional:
    zero = value is None or (type(value) in (Timestamp, Duration) and value.nanos == 0)
    if (not zero and type(value) in (bool, int, float, str, bytes, list, dict)) or isinstance(value, int):
        zero = not value
    return NONE if zero else Optional(present=True, value=value)


def alternative(name: str, optional: CelValue) -> tuple[bool, CelValue]:
    """Whether `or`/`orValue` is decided by its receiver, and the value then."""
    if type(optional) is Unknowns:
        return True, merge_unknowns((optional,))
    if type(optional) is not Optional:
        raise CelError(f"`{name}` is asked of something that is no optional")
    return optional.present, optional if name == "or" else optional.value


def _lazy(*_: CelValue) -> CelValue:
    raise CelError("`or` and `orValue` are evaluated by the evaluator itself")


FUNCTIONS: Final = (
    Function("optional.of", {}, fallback=lambda value: Optional(present=True, value=value), extra=(1,)),
    Function("optional.ofNonZeroValue", {}, fallback=_of_non_zero, extra=(1,)),
    Function("optional.none", {(): lambda: NONE}),
    Function("hasValue", {(Optional,): lambda optional: optional.present}, style="member"),
    Function("value", {(Optional,): _value}, style="member"),
    Function("or", {}, style="member", fallback=_lazy, extra=(2,)),
    Function("orValue", {}, style="member", fallback=_lazy, extra=(2,)),
)
