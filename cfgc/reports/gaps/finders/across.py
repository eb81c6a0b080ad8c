"""`x-cfgc-across` in the schema: values that must differ between environments, or must not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from cfgc.diagnostics import Label
from cfgc.history.changes import identity_of
from cfgc.model.annotations import Cursor
from cfgc.model.keypath import Item, KeyPath, Step, show
from cfgc.model.values import Value
from cfgc.reports.gaps.alike import alike, why_unclear
from cfgc.reports.gaps.estate import Estate, names
from cfgc.reports.gaps.gap import Gap, Unclear, gap

KEYWORD = "x-cfgc-across"
_DIFFER, _MATCH = "must-differ", "must-match"


class Spot(NamedTuple):
    """What stands at one place of one environment; `plain` is the key path with indexes for items."""

    plain: KeyPath
    value: Value


Spots = Mapping[str, Spot]


def find(estate: Estate) -> Iterator[Gap | Unclear]:
    """A gap for each key that breaks the rule of its schema; what a key or a start would decide is unclear."""
    annotations = estate.session.schemas.annotations
    if annotations.uses(KEYWORD) and len(estate.compiled) > 1:
        spots = {name: Spot((), one.tree) for name, one in estate.compiled.items()}
        yield from _below(estate, (), spots, annotations.root())


def _below(estate: Estate, path: KeyPath, spots: Spots, cursor: Cursor | None) -> Iterator[Gap | Unclear]:
    if cursor is None:
        return
    rule = cursor.get(KEYWORD)
    if rule is not None:
        judge = _must_differ if rule == _DIFFER else _must_match
        yield from judge(estate, path, spots)
    for step, inner in _children(estate, spots).items():
        yield from _below(estate, (*path, step), inner, cursor.step(step))  # type: ignore[arg-type]


def _children(estate: Estate, spots: Spots) -> dict[Step, dict[str, Spot]]:
    """What is one step deeper, items of lists by their identity."""
    found: dict[Step, dict[str, Spot]] = {}
    for name, spot in spots.items():
        for step, key, value in _steps(estate, spot):
            found.setdefault(step, {})[name] = Spot((*spot.plain, key), value)
    return found


def _steps(estate: Estate, spot: Spot) -> Iterator[tuple[Step, str | int, Value]]:
    if isinstance(spot.value, dict):
        yield from ((key, key, value) for key, value in spot.value.items())
    elif isinstance(spot.value, list):
        named = identity_of(spot.value, spot.plain, estate.session.schemas.annotations)
        for index, item in enumerate(spot.value):
            step = index if named is None else Item(named, str(item if named == "." else item[named]))
            yield step, index, item


def _must_differ(estate: Estate, path: KeyPath, spots: Spots) -> Iterator[Gap | Unclear]:
    answers = {pair: alike(spots[pair[0]].value, spots[pair[1]].value) for pair in combinations(spots, 2)}
    equal = dict.fromkeys(name for pair, answer in answers.items() if answer for name in pair)
    if equal:
        says = f"`{show(path)}` must differ between environments, and is the same in {names(equal)}"
        yield gap(_DIFFER, show(path), says, **_facts(estate, path, spots, list(equal)))
    unclear = [pair for pair, answer in answers.items() if answer is None]
    if unclear:
        yield _unclear(estate, _DIFFER, path, spots, unclear)


def _must_match(estate: Estate, path: KeyPath, spots: Spots) -> Iterator[Gap | Unclear]:
    """What an environment lacks is another value than what the others have."""
    common = _common(estate, spots)
    lacking = [name for name in estate.compiled if name not in spots]
    answers = {name: alike(spots[common].value, spots[name].value) for name in spots if name != common}
    other = [name for name, answer in answers.items() if answer is False]
    if other or lacking:
        said = _values(estate, spots) if other else f"{names(lacking)} lack{'s' * (len(lacking) == 1)} it"
        says = f"`{show(path)}` must be the same in every environment, and {said}"
        yield gap(_MATCH, show(path), says, **_facts(estate, path, spots, [*other, *lacking]))
    unclear = [(common, name) for name, answer in answers.items() if answer is None]
    if unclear:
        yield _unclear(estate, _MATCH, path, spots, unclear)


def _common(estate: Estate, spots: Spots) -> str:
    """An environment with the value that most have; of as many, with one that a shared layer says."""

    def weight(name: str) -> tuple[int, bool]:
        same = sum(alike(spots[name].value, other.value) is True for other in spots.values())
        return same, estate.from_base(name, spots[name].plain)

    return max(spots, key=weight)


def _facts(estate: Estate, path: KeyPath, spots: Spots, blamed: Sequence[str]) -> dict[str, Any]:
    """The component, the environments to blame, their line and those of the others."""
    places = {name: estate.place(name, spots[name].plain) for name in spots}
    at = next((places[name] for name in blamed if places.get(name)), None) or next(iter(places.values()))
    others = {place: name for name, place in places.items() if place is not None and place != at}
    return {
        "component": estate.component(path),
        "environments": tuple(blamed),
        "location": at,
        "related": tuple(Label(place, f"in {name}") for place, name in others.items()),
    }


def _unclear(estate: Estate, verdict: str, path: KeyPath, spots: Spots, pairs: Sequence[tuple[str, str]]) -> Unclear:
    involved = dict.fromkeys(name for pair in pairs for name in pair)
    why = why_unclear(*(spots[name].value for name in involved))
    return Unclear(verdict, show(path), estate.component(path), tuple(involved), why)


def _values(estate: Estate, spots: Spots) -> str:
    """The values, short; of maps and lists only that they differ."""
    from cfgc.history.views.words import value_text

    if any(isinstance(spot.value, (dict, list)) for spot in spots.values()):
        return "is not"
    found: dict[str, list[str]] = {}
    for name, spot in spots.items():
        found.setdefault(value_text(estate.shown(spot.plain, spot.value), 40), []).append(name)
    return "is " + ", ".join(f"`{value}` in {names(having)}" for value, having in found.items())
