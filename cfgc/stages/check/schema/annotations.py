"""`x-cfgc-*` keywords and `deprecated`, looked up by key path (SPEC section 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath, Step
from cfgc.model.layers import Locator
from cfgc.stages.check.schema.keywords import ANNOTATIONS, LOOKED_UP
from cfgc.stages.check.schema.linking.files import Mount
from cfgc.stages.check.schema.linking.linked import Linked, Schema, place_of
from cfgc.stages.check.schema.places import ANY_ITEM, Place, Places

_OTHER_KEY = "\0"
"""A key that no schema names, for what holds for every other key."""
_EXPLORED = 10_000


class Mounts:
    """Which schemas begin at a place and below it."""

    __slots__ = ("children", "each", "here")

    def __init__(self) -> None:
        self.here: list[Schema] = []
        self.each: list[Schema] = []
        self.children: dict[Step, Mounts] = {}

    def add(self, mount: Mount, root: Schema) -> None:
        node = self
        for step in mount.at:
            node = node.children.setdefault(step, Mounts())
        (node.each if mount.each else node.here).append(root)

    def all(self) -> Iterator[Schema]:
        yield from self.here
        yield from self.each
        for child in self.children.values():
            yield from child.all()


_NO_MOUNTS = Mounts()


class Cursor:
    """The keywords at one place; `step` remembers, so that the second walk costs a lookup a step."""

    __slots__ = ("_mounts", "_next", "_owner", "place", "values")

    def __init__(self, owner: SchemaAnnotations, place: Place, mounts: Mounts, values: dict[str, Any]) -> None:
        self.place = place
        self.values = values
        self._owner = owner
        self._mounts = mounts
        self._next: dict[Step, Cursor | None] = {}

    def get(self, keyword: str) -> Any:
        """The value of a keyword here, or none."""
        return self.values.get(keyword)

    def step(self, step: Step) -> Cursor | None:
        """The cursor one key or item deeper; none when no keyword stands there or below."""
        try:
            return self._next[step]
        except KeyError:
            key = self.place.fold(step)
            if key not in self._next:
                self._next[key] = self._owner.enter(self.place.below(key), self._mounts, key)
            return self._next[key]

    def known_steps(self) -> Iterator[str | int]:
        """Steps that some schema names, one for every other key, and those into lists."""
        for schema in self.place.schemas:
            yield from schema.get("properties", ())
            yield from range(len(schema.get("prefixItems", ())))
        yield from (step for step in self._mounts.children if isinstance(step, str))
        yield _OTHER_KEY
        yield ANY_ITEM


class SchemaAnnotations:
    """All looked-up keywords of a project's schemas; implements `cfgc.model.annotations.Annotations`."""

    def __init__(self, linked: Linked, mounts: Iterable[Mount], places: Places, locator: Locator) -> None:
        self._linked = linked
        self._locator = locator
        self._places = places
        self._cursors: dict[tuple[int, int], Cursor] = {}
        self._conflicts: dict[tuple[int, int, str], Diagnostic] = {}
        self._mounts = Mounts()
        for mount in mounts:
            if mount.file in linked.roots:
                self._mounts.add(mount, linked.roots[mount.file])
        self._parents = self._visible_parents() if linked.annotated else {}
        self._alive = self._leading_to_keywords() if linked.annotated else set()
        self._root = self._cursor(self._places.at(self._mounts.here), self._mounts) if linked.annotated else None

    def root(self) -> Cursor | None:
        """The cursor at the tree's root; none when no schema has any keyword."""
        return self._root

    def get(self, keyword: str, path: KeyPath) -> Any:
        """The value of one keyword at one path, or none."""
        cursor = self._root
        for step in path:
            if cursor is None:
                return None
            cursor = cursor.step(step)
        return cursor.get(keyword) if cursor else None

    def uses(self, keyword: str) -> bool:
        """Whether any schema has the keyword at all."""
        return any(keyword in schema for schema in self._linked.annotated)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """Places with two different values of a keyword: those that the schemas name, and those met so far."""
        self._explore()
        return list(self._conflicts.values())

    def enter(self, schemas: Iterable[Schema], mounts: Mounts, step: str | int) -> Cursor | None:
        """The cursor for schemas and what begins at a step of the mounts."""
        inner = mounts.children.get(step, _NO_MOUNTS)
        place = self._places.at([*schemas, *mounts.each, *inner.here])
        if any(id(schema) in self._alive for schema in (*place.schemas, *inner.all())):
            return self._cursor(place, inner)
        return None

    def _cursor(self, place: Place, mounts: Mounts) -> Cursor:
        key = id(place), id(mounts)
        if key not in self._cursors:
            self._cursors[key] = Cursor(self, place, mounts, self._values(place))
        return self._cursors[key]

    def _values(self, place: Place) -> dict[str, Any]:
        holders: dict[str, Schema] = {}
        for schema in place.schemas:
            for keyword in schema:
                if keyword in LOOKED_UP:
                    self._compare(keyword, holders.setdefault(keyword, schema), schema)
        values = {keyword: schema[keyword] for keyword, schema in holders.items()}
        if "deprecated" in values:
            values["deprecated"] = any(schema.get("deprecated") for schema in place.schemas)
        return values

    def _compare(self, keyword: str, one: Schema, other: Schema) -> None:
        if one[keyword] == other[keyword] or keyword == "deprecated":
            return
        origins = [self._linked.origin(schema).below(keyword) for schema in (one, other)]
        at, beside = sorted(origins, key=lambda origin: origin.order)
        self._conflicts.setdefault(
            (id(one), id(other), keyword),
            report(
                "annotation-conflict",
                at=place_of(self._locator, at),
                related=[Label(place_of(self._locator, beside), "and another value here")],
                keyword=keyword,
            ),
        )

    def _explore(self) -> None:
        """Visits every place that the schemas name, so that a conflict is found before a value meets it."""
        seen: set[int] = set()
        todo = [self._root]
        while todo and len(seen) < _EXPLORED:
            cursor = todo.pop()
            if cursor is not None and id(cursor) not in seen:
                seen.add(id(cursor))
                todo += [cursor.step(step) for step in list(cursor.known_steps())]

    def _leading_to_keywords(self) -> set[int]:
        """The schemas that have a keyword or lead to one by the ways that lookups take."""
        alive: set[int] = set()
        todo = [id(schema) for schema in self._linked.annotated]
        while todo:
            schema_id = todo.pop()
            if schema_id not in alive:
                alive.add(schema_id)
                todo += self._parents.get(schema_id, ())
        return alive

    def _visible_parents(self) -> dict[int, list[int]]:
        """Every schema that lookups reach, with the schemas they come from."""
        parents: dict[int, list[int]] = {}
        todo = list(self._mounts.all())
        parents.update((id(schema), []) for schema in todo)
        while todo:
            schema = todo.pop()
            for child in _visible_children(schema, self._linked):
                if id(child) not in parents:
                    parents[id(child)] = []
                    todo.append(child)
                parents[id(child)].append(id(schema))
        return parents

    def without_effect(self) -> list[Diagnostic]:
        """A warning for each `x-cfgc-*` keyword that checks reach but lookups do not: in `anyOf`, `if` and so on."""
        blind = [schema for schema in self._linked.annotated if id(schema) not in self._parents]
        checked = _reachable(self._mounts.all(), self._linked) if blind else set()
        return [
            report("annotation-without-effect", at=place_of(self._locator, origin.below(keyword)), keyword=keyword)
            for schema in blind
            if id(schema) in checked and (origin := self._linked.origin(schema))
            for keyword in schema
            if keyword in ANNOTATIONS
        ]


_LOOKUP = frozenset({"properties", "patternProperties", "additionalProperties", "items", "prefixItems"})


def _visible_children(schema: Schema, linked: Linked) -> Iterator[Schema]:
    """The schemas that lookups step to: by key, by item, through `$ref` and `allOf`."""
    if "$ref" in schema:
        yield linked.targets[schema["$ref"]]
    yield from schema.get("allOf", ())
    yield from (child for keyword, child in linked.edges_of(schema).below if keyword in _LOOKUP)


def _reachable(roots: Iterable[Schema], linked: Linked) -> set[int]:
    """Every schema that checks reach from the roots."""
    seen: set[int] = set()
    todo = list(roots)
    while todo:
        schema = todo.pop()
        if id(schema) not in seen:
            seen.add(id(schema))
            todo += linked.edges_of(schema).all()
    return seen
