"""The parts of the math extension that make sense on configuration."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from cfgc.stages.check.policy.cel.equality import NUMBERS
from cfgc.stages.check.policy.cel.leaves import known_items
from cfgc.stages.check.policy.cel.library.function import Function
from cfgc.stages.check.policy.cel.library.operators import int64
from cfgc.stages.check.policy.cel.values import CelError, CelValue, UInt


def _extreme(name: str, choose: Callable[[Any], Any]) -> Function:
    def call(*given: CelValue) -> CelValue:
        items = known_items(given[0] if len(given) == 1 and type(given[0]) is list else list(given))
        if not isinstance(items, list):
            return items
        if not items or any(type(item) not in NUMBERS for item in items):
            raise CelError(f"`{name}` takes numbers, or one list of numbers")
        return choose(items)

    return Function(name, {}, fallback=call, extra=tuple(range(1, 9)))


def _round(value: float) -> float:
    if not math.isfinite(value):
        return value
    size = abs(value)
    below = math.floor(size)
    return math.copysign(below + (size - below >= 0.5), value)


def _whole(run: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: float(run(value)) if math.isfinite(value) else value


def _sign(value: float) -> float:
    return value if math.isnan(value) else float((value > 0) - (value < 0))


FUNCTIONS: Final = (
    _extreme("math.greatest", max),
    _extreme("math.least", min),
    Function("math.abs", {(int,): lambda value: int64(abs(value)), (UInt,): lambda value: value, (float,): abs}),
    Function(
        "math.sign",
        {(int,): lambda value: (value > 0) - (value < 0), (UInt,): lambda value: UInt(value > 0), (float,): _sign},
    ),
    Function("math.ceil", {(float,): _whole(math.ceil)}),
    Function("math.floor", {(float,): _whole(math.floor)}),
    Function("math.trunc", {(float,): _whole(math.trunc)}),
    Function("math.round", {(float,): _round}),
    Function("math.isNaN", {(float,): math.isnan}),
    Function("math.isInf", {(float,): math.isinf}),
    Function("math.isFinite", {(float,): math.isfinite}),
)
