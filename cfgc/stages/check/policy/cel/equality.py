"""Equality across types, and membership: exact wherever the outcome does not depend on what is unknown."""

from __future__ import annotations

import math
from typing import Any, Final

from cfgc.stages.check.policy.cel.leaves import LEAVES, lift
from cfgc.stages.check.policy.cel.values import (
    CelError,
    CelValue,
    Frame,
    Optional,
    UInt,
    Unknowns,
    may_fail,
    merge_unknowns,
    to_key,
    type_name,
)

LONG: Final = 256
"""characters of a text from which on comparing it counts"""
NUMBERS: Final = frozenset({int, UInt, float})


def equal(frame: Frame, left: CelValue, right: CelValue) -> bool | Unknowns:
    """Whether two values are equal: numbers by value whatever their type, values of other types never.

    A difference that is known decides, also next to parts that are not.
    """
    one, other = type(left), type(right)
    if one is Unknowns or other is Unknowns:
        return merge_unknowns((left, right))
    if one is not other:
        return one in NUMBERS and other in NUMBERS and _equal_numbers(left, right)
    if one is list:
        return _equal_lists(frame, left, right)
    if one is dict:
        return _equal_maps(frame, left, right)
    if one is Optional:
        return _equal_optionals(frame, left, right)
    if one is str and len(left) > LONG:
        frame.spend(len(left) // LONG)
    return bool(left == right)


def as_double(value: int | float) -> float:
    """A number as the double next to it: integers are compared with doubles as doubles, as every CEL does."""
    try:
        return float(value)
    except OverflowError:  # an integer of the tree may have any size
        return math.inf if value > 0 else -math.inf


def _equal_numbers(left: int | float, right: int | float) -> bool:
    if type(left) is float or type(right) is float:
        return as_double(left) == as_double(right)
    return left == right


def _equal_lists(frame: Frame, left: list[Any], right: list[Any]) -> bool | Unknowns:
    frame.spend(4 + len(left))
    if len(left) != len(right):
        return False
    unknown = []
    for one, other in zip(left, right, strict=True):
        same = equal(frame, lift(one), lift(other))
        if same is False:
            return False
        if same is not True:
            unknown.append(same)
    return merge_unknowns(unknown) if unknown else True


def _equal_maps(frame: Frame, left: dict[Any, Any], right: dict[Any, Any]) -> bool | Unknowns:
    if left.keys() != right.keys():
        return False
    return _equal_lists(frame, [left[key] for key in left], [right[key] for key in left])


def _equal_optionals(frame: Frame, left: Optional, right: Optional) -> bool | Unknowns:
    if left.present and right.present:
        return equal(frame, left.value, right.value)
    return left.present == right.present


def contained(frame: Frame, item: CelValue, container: CelValue) -> bool | Unknowns:
    """Whether a list has an equal item, or a map the key; raises `CelError` for other containers."""
    kind = type(container)
    if kind is list:
        return _in_list(frame, item, container)
    if kind is Unknowns:
        return merge_unknowns((item, container))
    if kind is not dict:
        raise CelError(f"`in` looks into a list or a map, not into {type_name(container)}")
    if type(item) is Unknowns:
        return merge_unknowns((item,)) if container or may_fail(item) else False
    key = item if type(item) is float else to_key(item)
    return key in container


def _in_list(frame: Frame, item: CelValue, items: list[Any]) -> bool | Unknowns:
    frame.spend(len(items))
    if may_fail(item):
        return merge_unknowns((item,))
    if type(item) is str and not any(type(other) in LEAVES or type(other) is Unknowns for other in items):
        return item in items
    unknown = []
    for other in items:
        same = equal(frame, item, lift(other))
        if same is True:
            return True
        if same is not False:
            unknown.append(same)
    return merge_unknowns(unknown) if unknown else False
