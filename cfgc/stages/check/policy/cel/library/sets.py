"""Lists as sets: `sets.contains`, `sets.equivalent`, `sets.intersects`."""

from __future__ import annotations

from typing import Any, Final

from cfgc.stages.check.policy.cel.equality import contained
from cfgc.stages.check.policy.cel.leaves import items_of
from cfgc.stages.check.policy.cel.library.function import Function
from cfgc.stages.check.policy.cel.values import CelValue, Frame, Unknowns, merge_unknowns


def _contains(frame: Frame, whole: list[Any], part: list[Any]) -> bool | Unknowns:
    return _every([contained(frame, item, whole) for item in items_of(part)])


def _equivalent(frame: Frame, one: list[Any], other: list[Any]) -> bool | Unknowns:
    return _every([_contains(frame, one, other), _contains(frame, other, one)])


def _intersects(frame: Frame, one: list[Any], other: list[Any]) -> bool | Unknowns:
    found = [contained(frame, item, one) for item in items_of(other)]
    unknown = [same for same in found if type(same) is Unknowns]
    return True if True in found else merge_unknowns(unknown) if unknown else False


def _every(found: list[CelValue]) -> bool | Unknowns:
    if False in found:
        return False
    unknown = [same for same in found if type(same) is Unknowns]
    return merge_unknowns(unknown) if unknown else True


FUNCTIONS: Final = (
    Function("sets.contains", {(list, list): _contains}, framed=True),
    Function("sets.equivalent", {(list, list): _equivalent}, framed=True),
    Function("sets.intersects", {(list, list): _intersects}, framed=True),
)
