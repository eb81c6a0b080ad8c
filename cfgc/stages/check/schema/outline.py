"""Which keys the schemas speak of, place by place, whatever values stand there.

Annotations answer by keyword; an outline answers what a newcomer asks of a key: does any schema know it, what does it
say, and what else might stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cfgc.model.keypath import Step
from cfgc.model.layers import Locator
from cfgc.model.location import Location
from cfgc.stages.check.schema.annotations import Mounts
from cfgc.stages.check.schema.keywords import EFFECTIVE, IN_PLACE, NEVER, Holds
from cfgc.stages.check.schema.linking.linked import Linked, Schema, place_of, schemas_in
from cfgc.stages.check.schema.places import Places

_NO_MOUNTS = Mounts()
_ALTERNATIVES = {keyword: holds for keyword, holds in IN_PLACE.items() if keyword not in ("allOf", "not")}
_CONTENT = EFFECTIVE - {"$ref", "$dynamicRef", "allOf"}


class Outline:
    """The schemas about one place: `firm` hold whatever stands there, `loose` are those of alternatives too."""

    __slots__ = ("_book", "_mounts", "firm", "loose")

    def __init__(self, book: _Book, firm: Iterable[Schema], loose: Iterable[Schema], mounts: Mounts) -> None:
        self.firm = book.firm(firm)
        self.loose = book.loose((*self.firm, *loose))
        self._book = book
        self._mounts = mounts

    @property
    def known(self) -> bool:
        """Whether any schema speaks of this place, if only of what stands below it."""
        return bool(self.loose) or self._goes_on

    @property
    def free(self) -> bool:
        """Whether anything may stand here, because the schemas say `true` and no more."""
        return bool(self.loose) and all(_CONTENT.isdisjoint(schema) for schema in self.loose)

    @property
    def names_keys(self) -> bool:
        """Whether any schema says anything of the keys here."""
        words = ("properties", "patternProperties", "additionalProperties", "unevaluatedProperties")
        return any(word in schema for schema in self.loose for word in words) or self._goes_on

    def step(self, step: Step) -> Outline:
        """The place one key or item deeper."""
        inner = self._mounts.children.get(step, _NO_MOUNTS)
        mounted = [*self._mounts.each, *inner.here]
        firm = [*self._below(self.firm, step), *mounted]
        return Outline(self._book, firm, self._below(self.loose, step), inner)

    def properties(self) -> Iterator[tuple[str, Location]]:
        """The keys that may stand here, alternatives apart, and the lines of the schemas that name them."""
        seen: set[str] = set()
        for schema in self.firm:
            for key, child in schema.get("properties", {}).items():
                if key not in seen and child != NEVER:
                    seen.add(key)
                    yield key, self._book.place(schema, "properties", key)
        for step, mounts in self._mounts.children.items():
            if isinstance(step, str) and step not in seen and mounts.here:
                yield step, self._book.place(mounts.here[0])

    def said(self, keyword: str) -> Any:
        """What the first schema with a keyword says there; none without any."""
        return next((schema[keyword] for schema in self.firm if keyword in schema), None)

    def place(self) -> Location | None:
        """The line of the schema that says most of this place; none where none speaks."""
        said = next((schema for schema in self.loose if not _CONTENT.isdisjoint(schema)), None)
        return None if said is None else self._book.place(said)

    @property
    def _goes_on(self) -> bool:
        """Whether a schema begins below this place."""
        return bool(self._mounts.children or self._mounts.each)

    def _below(self, schemas: Iterable[Schema], step: Step) -> Iterator[Schema]:
        place = self._book.places.at(schemas)
        rest = "unevaluatedProperties" if isinstance(step, str) else "unevaluatedItems"
        yield from (child for child in place.below(place.fold(step)) if child != NEVER)
        yield from (schema[rest] for schema in schemas if schema.get(rest, NEVER) != NEVER)


class _Book:
    """The linked schemas, and how one leads to another."""

    def __init__(self, linked: Linked, places: Places, locator: Locator) -> None:
        self.places = places
        self._linked = linked
        self._locator = locator

    def firm(self, schemas: Iterable[Schema]) -> tuple[Schema, ...]:
        return self.places.at(schemas).schemas

    def loose(self, schemas: Iterable[Schema]) -> tuple[Schema, ...]:
        """The schemas and all that speak of the same value, those of alternatives too."""
        found: dict[int, Schema] = {}
        todo = list(schemas)
        while todo:
            schema = todo.pop(0)
            if id(schema) not in found and schema != NEVER:
                found[id(schema)] = schema
                todo += schema.get("allOf", ())
                todo += [child for word, holds in _ALTERNATIVES.items() for child in _held(schema, word, holds)]
                if "$ref" in schema:
                    todo.append(self._linked.targets[schema["$ref"]])
        return tuple(found.values())

    def place(self, schema: Schema, *steps: str) -> Location:
        return place_of(self._locator, self._linked.origin(schema).below(*steps))


def _held(schema: Schema, keyword: str, holds: Holds) -> Iterator[Schema]:
    if keyword in schema:
        yield from (child for _, child in schemas_in(schema[keyword], holds))


def outline(linked: Linked, mounts: Mounts, places: Places, locator: Locator) -> Outline:
    """The outline of the whole tree's root."""
    return Outline(_Book(linked, places, locator), mounts.here, (), mounts)
