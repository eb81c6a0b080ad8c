"""`&&`, `||`, `?:` and the macros: what need not evaluate all it is given.

`&&` and `||` are commutative over errors and unknown values: one decisive operand decides. Where none does,
something unknown outweighs an error, since the one that is unknown might have decided (partial evaluation of CEL).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from cfgc.stages.check.policy.cel.leaves import items_of, lift
from cfgc.stages.check.policy.cel.values import (
    CelError,
    CelValue,
    Frame,
    Mistyped,
    Unknowns,
    from_key,
    may_fail,
    merge_unknowns,
    to_key,
    type_name,
)

Step: TypeAlias = Callable[[Frame], CelValue]
Entries: TypeAlias = "list[tuple[CelValue, ...]]"


def decide(frame: Frame, steps: Iterable[Step], *, decisive: bool) -> bool | Unknowns:
    """`decisive` as soon as one step gives it, its opposite if all give that; `&&` is decided by false."""
    unknown: list[CelValue] = []
    error: CelError | None = None
    for step in steps:
        try:
            value = step(frame)
        except CelError as raised:
            error = error or raised
            continue
        if type(value) is bool:
            if value is decisive:
                return decisive
        elif type(value) is Unknowns:
            unknown.append(value)
        else:
            error = error or Mistyped(f"{type_name(value)} where true or false is needed")
    if unknown:
        return merge_unknowns(unknown)
    if error:
        raise error
    return not decisive


def choose(frame: Frame, test: Step, then: Step, other: Step) -> CelValue:
    """`test ? then : other`."""
    value = test(frame)
    if value is True:
        return then(frame)
    if value is False:
        return other(frame)
    if type(value) is Unknowns:
        return merge_unknowns((value,))
    raise CelError(f"`?:` decides on true or false, not on {type_name(value)}")


def entries(value: CelValue, count: int) -> Entries | Unknowns:
    """What a macro's variables stand for: item or key, with two variables index and item, or key and value."""
    if type(value) is list:
        items = items_of(value)
        return [(item,) for item in items] if count == 1 else list(enumerate(items))
    if type(value) is dict:
        if count == 1:
            return [(from_key(key),) for key in value]
        return [(from_key(key), lift(item)) for key, item in value.items()]
    if type(value) is Unknowns:
        return merge_unknowns((value,))
    raise CelError(f"a macro goes over a list or a map, not over {type_name(value)}")


class Loop:
    """One pass of a macro: gives the body once an entry, its variables being set."""

    def __init__(self, slots: tuple[int, ...], cost: int) -> None:
        self._slots = slots
        self._cost = cost

    def over(self, frame: Frame, found: Entries, body: Step) -> Iterator[Step]:
        """The body, once an entry; each costs what the body weighs."""
        first, *second = self._slots
        for entry in found:
            frame.spend(self._cost)
            frame[first] = entry[0]
            if second:
                frame[second[0]] = entry[1]
            yield body


def exactly_one(frame: Frame, steps: Iterable[Step]) -> bool | Unknowns:
    """Whether one step alone gives true; all are evaluated, and an error is one, so one unknown makes it unknown."""
    count = 0
    unknown: list[CelValue] = []
    for step in steps:
        value = _condition(step(frame))
        count += value is True
        if type(value) is Unknowns:
            unknown.append(value)
    return merge_unknowns(unknown) if unknown else count == 1


def collect(frame: Frame, steps: Iterable[Step], results: tuple[Step, ...]) -> list[tuple[CelValue, ...]] | Unknowns:
    """What `results` give for each entry whose condition holds.

    Unknown as a whole if a condition is, or if a result may turn out not to be there.
    """
    unknown: list[CelValue] = []
    found: list[tuple[CelValue, ...]] = []
    for step in steps:
        value = _condition(step(frame))
        if type(value) is Unknowns:
            unknown.append(value)
        elif value is True:
            made = tuple([result(frame) for result in results])
            unknown += filter(may_fail, made)
            found.append(made)
    return merge_unknowns(unknown) if unknown else found


def as_map(pairs: list[tuple[CelValue, CelValue]]) -> dict[CelValue, CelValue] | Unknowns:
    """The map of some entries; unknown if a key is, an error if a key comes twice."""
    made: dict[CelValue, CelValue] = {}
    for key, value in pairs:
        if type(key) is Unknowns:
            return merge_unknowns((key,))
        name = to_key(key)
        if name in made:
            raise CelError("a key of the map comes twice")
        made[name] = value
    return made


def merged_maps(parts: list[CelValue]) -> dict[CelValue, CelValue] | Unknowns:
    """One map of many; an error if a key comes twice."""
    pairs: list[tuple[CelValue, CelValue]] = []
    for part in parts:
        if type(part) is Unknowns:
            return merge_unknowns((part,))
        if type(part) is not dict:
            raise CelError(f"`transformMapEntry` gives a map for each entry, not {type_name(part)}")
        pairs.extend((from_key(key), value) for key, value in part.items())
    return as_map(pairs)


def _condition(value: CelValue) -> CelValue:
    if type(value) is bool or type(value) is Unknowns:
        return value
    raise Mistyped(f"{type_name(value)} where true or false is needed")
