"""The list library of Kubernetes and the parts of CEL's lists extension that policies use."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from cfgc.stages.check.policy.cel.equality import NUMBERS, equal
from cfgc.stages.check.policy.cel.leaves import items_of, known_items, lift
from cfgc.stages.check.policy.cel.library import operators, strings
from cfgc.stages.check.policy.cel.library.function import Function, length
from cfgc.stages.check.policy.cel.values import (
    CelError,
    CelValue,
    Duration,
    Frame,
    Timestamp,
    UInt,
    Unknowns,
    may_fail,
    merge_unknowns,
)

_OPERATORS: Final = {function.name: function for function in operators.FUNCTIONS}
_ORDERED: Final = frozenset({*NUMBERS, str, bytes, bool, Timestamp, Duration})


def _comparable(name: str, values: list[Any]) -> list[CelValue] | Unknowns:
    items = known_items(values)
    if isinstance(items, Unknowns):
        return items
    kinds = {type(item) for item in items}
    if kinds <= NUMBERS or (len(kinds) == 1 and kinds <= _ORDERED):
        return items
    raise CelError(f"`{name}` takes a list whose items can be compared with each other")


def _ordering(name: str, run: Callable[[list[CelValue]], CelValue]) -> Function:
    def call(values: list[Any]) -> CelValue:
        items = _comparable(name, values)
        return items if isinstance(items, Unknowns) else run(items)

    return Function(name, {(list,): call}, style="member", cost=lambda values: 4 * len(values))


def _pick(name: str, choose: Callable[[list[CelValue]], CelValue]) -> Callable[[list[CelValue]], CelValue]:
    def pick(items: list[CelValue]) -> CelValue:
        if not items:
            raise CelError(f"`{name}` of an empty list")
        return choose(items)

    return pick


def _is_sorted(items: list[CelValue]) -> bool:
    return all(one <= other for one, other in pairwise(items))


def _sum(values: list[Any]) -> CelValue:
    items = known_items(values)
    if isinstance(items, Unknowns):
        return items
    kinds = {type(item) for item in items}
    if not kinds:
        return 0
    add = _OPERATORS["_+_"].overloads.get((kind := kinds.pop(), kind))
    if kinds or add is None or kind not in (int, UInt, float, Duration):
        raise CelError("`sum` takes a list of numbers, or of durations, of one type")
    total = items[0]
    for item in items[1:]:
        total = add(total, item)
    return total


def _index(frame: Frame, values: CelValue, wanted: CelValue, *, last: bool) -> int | Unknowns:
    if type(values) is not list:
        if type(values) is Unknowns or type(wanted) is Unknowns:
            return merge_unknowns((values, wanted))
        raise CelError("`indexOf` searches a string in a string, or an item in a list")
    unknown: list[CelValue] = [wanted] if may_fail(wanted) else []
    order = range(len(values) - 1, -1, -1) if last else range(len(values))
    for at in order:
        same = equal(frame, lift(values[at]), wanted)
        frame.spend(1)
        if same is True and not unknown:
            return at
        if type(same) is Unknowns:
            unknown.append(same)
    return merge_unknowns(unknown) if unknown else -1


def _first_in_text(frame: Frame, text: str, part: str, start: int = 0) -> int:
    frame.spend(length(text))
    return strings.index_of(text, part, start)


def _last_in_text(frame: Frame, text: str, part: str, start: int | None = None) -> int:
    frame.spend(length(text))
    return strings.last_index_of(text, part, len(text) if start is None else start)


def _distinct(frame: Frame, values: list[Any]) -> list[CelValue] | Unknowns:
    kept: list[CelValue] = []
    for item in items_of(values):
        known = [equal(frame, item, other) for other in kept]
        frame.spend(len(kept) + 1)
        if True in known:
            continue
        if any(type(same) is Unknowns for same in known):
            return merge_unknowns(known)
        kept.append(item)
    return kept


def _flatten(frame: Frame, values: list[Any], depth: int = 1) -> list[CelValue] | Unknowns:
    if depth < 0:
        raise CelError("`flatten` takes a depth of 0 or more")
    frame.spend(len(values))
    if depth == 0:
        return values
    flat: list[CelValue] = []
    for item in items_of(values):
        part = _flatten(frame, item, depth - 1) if type(item) is list else [item]
        if isinstance(item, Unknowns) or isinstance(part, Unknowns):
            return merge_unknowns((item, part))
        flat.extend(part)
    return flat


def _slice(values: list[Any], start: int, end: int) -> list[Any]:
    if not 0 <= start <= end <= len(values):
        raise CelError("the slice is outside of the list")
    return values[start:end]


def _range(frame: Frame, count: int) -> list[int]:
    frame.spend(max(count, 0))
    return list(range(count))


FUNCTIONS: Final = (
    _ordering("isSorted", _is_sorted),
    _ordering("min", _pick("min", min)),
    _ordering("max", _pick("max", max)),
    _ordering("sort", sorted),
    Function("sum", {(list,): _sum}, style="member", cost=len),
    Function(
        "indexOf",
        {(str, str): _first_in_text, (str, str, int): _first_in_text},
        style="member",
        fallback=lambda frame, *args: _index(frame, *args[:2], last=False),
        framed=True,
    ),
    Function(
        "lastIndexOf",
        {(str, str): _last_in_text, (str, str, int): _last_in_text},
        style="member",
        fallback=lambda frame, *args: _index(frame, *args[:2], last=True),
        framed=True,
    ),
    Function("reverse", {(list,): lambda values: values[::-1]}, style="member", cost=len),
    Function("distinct", {(list,): _distinct}, style="member", framed=True),
    Function("flatten", {(list,): _flatten, (list, int): _flatten}, style="member", framed=True),
    Function("slice", {(list, int, int): _slice}, style="member", cost=lambda values, *_: len(values)),
    Function("lists.range", {(int,): _range}, framed=True),
)
