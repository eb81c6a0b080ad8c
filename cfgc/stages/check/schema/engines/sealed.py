"""Values with secrets or unknowns that engine 1 can decide after all, without the import of engine 2.

Where every schema on the way to such a leaf only adds up verdicts on parts (`properties`, `items`, `allOf`, `$ref`,
bounds on names and counts), the leaf's value changes the verdict at the leaf alone. So engine 1 checks the value with
stand-ins, faults at the leaves are set aside, and what the schemas ask of the leaves is named as not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Secret, Value
from cfgc.stages.check.schema.engines.fast import FastEngine
from cfgc.stages.check.schema.engines.finding import Verdict
from cfgc.stages.check.schema.engines.leaves import Fits, Found, Leaf, fits, open_keywords, replaced
from cfgc.stages.check.schema.linking.linked import Schema
from cfgc.stages.check.schema.places import Place, Places

_SAMPLES: Mapping[str, Any] = MappingProxyType(
    {"string": "", "integer": 1, "number": 1, "boolean": False, "null": None, "object": {}, "array": []}
)


class Doubt(NamedTuple):
    """Keywords at a path that nobody can evaluate, and why."""

    path: KeyPath
    verdict: Verdict
    keywords: tuple[str, ...]


class Sealed:
    """The short way for values with leaves that have no plain value."""

    def __init__(self, places: Places, fast: FastEngine) -> None:
        self._places = places
        self._fast = fast

    def doubts(self, schema: Schema, value: Value, leaves: list[Found], *, listable: bool) -> list[Doubt] | None:
        """What cannot be evaluated in a value that is valid otherwise; none if only engine 2 can tell.

        `listable` says that engine 1 may list the faults of a value, which for some schemas takes for ever.
        """
        start = self._places.at([schema])
        doubts: list[Doubt] = []
        stand_ins: list[tuple[KeyPath, Value]] = []
        for found in leaves:
            place = _place(start, found.path)
            if place is None or _refuses(place, found.leaf):
                return None
            doubts += _doubts(place, found)
            stand_ins.append((found.path, _stand_in(place, found.leaf)))
        sample = replaced(value, stand_ins)
        if self._fast.accepts(schema, sample):
            return doubts
        expected = {path for path, _ in stand_ins}
        is_fine = listable and all(fault in expected for fault in self._fast.faults(schema, sample))
        return doubts if is_fine else None


def _place(start: Place, path: KeyPath) -> Place | None:
    """The place of a leaf; none where a schema on the way does more than add up."""
    place = start
    for step in path:
        if place.decides:
            return None
        place = place.step(step)
    return place


def _types(place: Place) -> Iterator[str | list[str]]:
    return (schema["type"] for schema in place.schemas if "type" in schema)


def _refuses(place: Place, leaf: Leaf) -> bool:
    return any(fits(leaf, types) is Fits.NO for types in _types(place))


def _doubts(place: Place, found: Found) -> Iterator[Doubt]:
    unsure = any(fits(found.leaf, types) is Fits.UNSURE for types in _types(place))
    keywords = [keyword for schema in place.schemas for keyword in open_keywords(schema, found.leaf)]
    if unsure or keywords:
        verdict = Verdict.SECRET if isinstance(found.leaf, Secret) else Verdict.RUNTIME
        yield Doubt(found.path, verdict, (*(("type",) if unsure else ()), *keywords))


def _stand_in(place: Place, leaf: Leaf) -> Value:
    """A plain value of a type that the schemas want; any will do, one that fits saves a look at the faults."""
    if isinstance(leaf, Secret):
        return _SAMPLES.get(leaf.kind, "")
    wanted: Iterable[str] = next((_listed(types) for types in _types(place)), ("string",))
    return next((_SAMPLES[name] for name in wanted if name not in ("object", "array")), "")


def _listed(types: str | list[str]) -> list[str]:
    return [types] if isinstance(types, str) else types
