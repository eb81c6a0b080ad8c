"""Which schemas speak about a key path, without looking at any value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cfgc.external import regex
from cfgc.model.keypath import Step
from cfgc.stages.check.schema.keywords import DECIDING
from cfgc.stages.check.schema.linking.linked import Linked, Schema

ANY_ITEM = -1
"""The step into any item of a list behind those that `prefixItems` names."""


class Place:
    """The schemas that hold for one place whatever stands there: through `$ref` and `allOf`, never through `anyOf`."""

    __slots__ = ("_next", "_places", "decides", "schemas")

    def __init__(self, places: Places, schemas: tuple[Schema, ...]) -> None:
        self.schemas = schemas
        self.decides = any(not DECIDING.isdisjoint(schema) for schema in schemas)
        """whether the verdict on a map or list here is more than the verdicts on its parts"""
        self._places = places
        self._next: dict[str | int, Place] = {}

    def step(self, step: Step) -> Place:
        """The place one key or list item deeper."""
        key = self.fold(step)
        found = self._next.get(key)
        if found is None:
            found = self._next[key] = self._places.at(self.below(key))
        return found

    def fold(self, step: Step) -> str | int:
        """The step as far as schemas tell steps apart: items behind `prefixItems` are alike."""
        if isinstance(step, str):
            return step
        if isinstance(step, int) and any(step < len(schema.get("prefixItems", ())) for schema in self.schemas):
            return step
        return ANY_ITEM

    def below(self, step: str | int) -> Iterator[Schema]:
        """The schemas that speak about a child, not yet followed through `$ref` and `allOf`."""
        for schema in self.schemas:
            yield from _of_key(schema, step) if isinstance(step, str) else _of_item(schema, step)


class Places:
    """All places met so far; places with the same schemas are the same object, so that steps are remembered once."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._known: dict[tuple[int, ...], Place] = {}

    def at(self, schemas: Iterable[Schema]) -> Place:
        """The place about which the schemas speak, and all that they hold to through `$ref` and `allOf`."""
        found: dict[int, Schema] = {}
        todo = list(schemas)
        while todo:
            schema = todo.pop()
            if id(schema) not in found:
                found[id(schema)] = schema
                todo += schema.get("allOf", ())
                if "$ref" in schema:
                    todo.append(self._linked.targets[schema["$ref"]])
        key = tuple(sorted(found))
        place = self._known.get(key)
        if place is None:
            place = self._known[key] = Place(self, tuple(found.values()))
        return place


def _of_key(schema: Schema, key: str) -> Iterator[Schema]:
    properties = schema.get("properties", {})
    named = key in properties
    if named:
        yield properties[key]
    for pattern, child in schema.get("patternProperties", {}).items():
        if _matches(pattern, key):
            named = True
            yield child
    if not named and "additionalProperties" in schema:
        yield schema["additionalProperties"]


def _of_item(schema: Schema, index: int) -> Iterator[Schema]:
    first = schema.get("prefixItems", ())
    if 0 <= index < len(first):
        yield first[index]
    elif "items" in schema:
        yield schema["items"]


def _matches(pattern: str, key: str) -> bool:
    try:
        return regex.search(pattern, key)
    except regex.PatternError:  # reported when the schemas are first used
        return False
