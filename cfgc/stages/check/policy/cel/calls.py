"""Calls: dispatch by the exact types of the arguments, as many closures as there are shapes of a call worth one."""

from __future__ import annotations

from typing import Final

from cfgc.stages.check.policy.cel.equality import LONG, equal
from cfgc.stages.check.policy.cel.library.function import Function
from cfgc.stages.check.policy.cel.library.optionals import LAZY, alternative
from cfgc.stages.check.policy.cel.logic import Step
from cfgc.stages.check.policy.cel.values import CelError, CelValue, Frame, Mistyped, Unknowns, merge_unknowns, type_name

FOREIGN: Final = (OverflowError, UnicodeError)
"""what Python raises for an integer of the tree that no machine word holds, and for half a character"""


def compile_call(function: Function, steps: tuple[Step, ...], at: int) -> Step:
    """The step that calls a function with what `steps` give; its errors point at `at`."""
    if function.name in LAZY:
        return _lazy(function, *steps, at=at)
    if function.fallback is equal:
        return _equality(*steps)
    if function.framed or len(steps) not in (1, 2):
        return _any(function, steps, at)
    return _one(function, steps[0], at) if len(steps) == 1 else _two(function, steps[0], steps[1], at)


def _one(function: Function, step: Step, at: int) -> Step:
    overloads, cost = function.overloads, function.cost

    def call(frame: Frame) -> CelValue:
        value = step(frame)
        run = overloads.get((type(value),))
        try:
            if run is None:
                return _other(function, frame, [value])
            if cost:
                frame.spend(cost(value))
            return run(value)
        except CelError as error:
            raise error.placed(at) from None
        except FOREIGN:
            raise _outside(function, at) from None

    return call


def _two(function: Function, left: Step, right: Step, at: int) -> Step:
    overloads, cost = function.overloads, function.cost

    def call(frame: Frame) -> CelValue:
        one, other = left(frame), right(frame)
        run = overloads.get((type(one), type(other)))
        try:
            if run is None:
                return _other(function, frame, [one, other])
            if cost:
                frame.spend(cost(one, other))
            return run(one, other)
        except CelError as error:
            raise error.placed(at) from None
        except FOREIGN:
            raise _outside(function, at) from None

    return call


def _equality(left: Step, right: Step) -> Step:
    """`==`, by far the most frequent call, decided on the spot for two texts or two integers."""

    def call(frame: Frame) -> CelValue:
        one, other = left(frame), right(frame)
        kind = type(one)
        if kind is type(other) and (kind is int or (kind is str and len(one) <= LONG)):
            return one == other
        return equal(frame, one, other)

    return call


def _any(function: Function, steps: tuple[Step, ...], at: int) -> Step:
    overloads, cost, framed = function.overloads, function.cost, function.framed

    def call(frame: Frame) -> CelValue:
        values = [step(frame) for step in steps]
        run = overloads.get(tuple(map(type, values)))
        try:
            if run is None:
                return _other(function, frame, values)
            if cost:
                frame.spend(cost(*values))
            return run(frame, *values) if framed else run(*values)
        except CelError as error:
            raise error.placed(at) from None
        except FOREIGN:
            raise _outside(function, at) from None

    return call


def _lazy(function: Function, receiver: Step, argument: Step, *, at: int) -> Step:
    name = function.name

    def choose(frame: Frame) -> CelValue:
        optional = receiver(frame)
        try:
            decided, value = alternative(name, optional)
        except CelError as error:
            raise error.placed(at) from None
        return value if decided else argument(frame)

    return choose


def _outside(function: Function, at: int) -> CelError:
    return CelError(f"a value is outside of what `{function.spelling}` can take", at)


def _other(function: Function, frame: Frame, values: list[CelValue]) -> CelValue:
    """A call for whose types there is no overload."""
    if function.framed and function.fallback:
        return function.fallback(frame, *values)
    if any(type(value) is Unknowns for value in values):
        return merge_unknowns(values)
    if function.fallback:
        return function.fallback(*values)
    raise Mistyped(f"`{function.spelling}` does not take ({', '.join(map(type_name, values))})")
