"""All schemas of a project as one document: each file a definition, each `$ref` a pointer into that document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Locator
from cfgc.model.location import Location, start_of
from cfgc.stages.check.schema.keywords import Holds
from cfgc.stages.check.schema.linking.files import FOLDER
from cfgc.stages.check.schema.linking.uris import pointer

Schema: TypeAlias = "dict[str, Any]"


class Origin(NamedTuple):
    """Where a schema is written: a path in a file. `home` counts the steps of the definition that it belongs to."""

    file: str
    path: KeyPath
    home: int = 0

    @property
    def definition(self) -> str:
        """The name of the definition: the file below `schemas/`, with a pointer if that is not its root."""
        return self.file.removeprefix(FOLDER + "/") + ("#" + pointer(self.path[: self.home]) if self.home else "")

    @property
    def reference(self) -> str:
        """What a `$ref` to this schema says in the linked document."""
        return "#/$defs" + pointer((self.definition,)) + pointer(self.path[self.home :])

    @property
    def order(self) -> tuple[str, list[str]]:
        """A sort key: paths mix texts and numbers."""
        return self.file, [str(step) for step in self.path]

    def below(self, *steps: str | int) -> Origin:
        return self._replace(path=(*self.path, *steps))


class Pattern(NamedTuple):
    """A pattern and where it is written: as a value, or as a key of `patternProperties`."""

    text: str
    origin: Origin
    is_key: bool


class Edges(NamedTuple):
    """The schemas inside one: those that see the same value, and those that see a part, each with its keyword."""

    in_place: list[Schema]
    below: list[tuple[str, Schema]]

    def all(self) -> list[Schema]:
        return [*self.in_place, *(schema for _, schema in self.below)]


class Linked:
    """The linked schemas.

    Each schema is a `dict` of its own (`true` is `{}`, `false` is `{"not": {}}`), never changed once linked, so its
    `id` says where it is written. `$id`, anchors and other names are gone: only pointers remain.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self.roots: dict[str, Schema] = {}
        """file -> the linked schema of its root"""
        self.targets: dict[str, Schema] = {}
        """what a `$ref` says -> the schema it means"""
        self.origins: dict[int, Origin] = {}
        self.edges: dict[int, Edges] = {}
        self.links: dict[str, set[str]] = {}
        """file -> files that it refers to"""
        self.patterns: list[Pattern] = []
        self.annotated: list[Schema] = []
        """schemas with a keyword that is looked up by key path"""
        self.broken: set[str] = set()
        """files with an error: nothing that reaches them can check anything"""

    def origin(self, schema: Schema) -> Origin:
        return self.origins[id(schema)]

    def edges_of(self, schema: Schema) -> Edges:
        return self.edges.get(id(schema), _NOWHERE)

    def reachable(self, file: str) -> set[str]:
        """The files that a file needs, itself among them."""
        found, todo = {file}, [file]
        while todo:
            new = self.links.get(todo.pop(), set()) - found
            found |= new
            todo += new
        return found

    def is_broken(self, file: str) -> bool:
        return file not in self.roots or bool(self.reachable(file) & self.broken)


_NOWHERE = Edges([], [])


def schemas_in(value: Any, holds: Holds) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The schemas that a keyword's value holds, each with its steps below the keyword."""
    if holds is Holds.SCHEMA:
        yield (), value
    elif holds is Holds.LIST:
        for index, item in enumerate(value):
            yield (index,), item
    elif holds is Holds.MAP:
        for key, item in value.items():
            yield (key,), item


def place_of(locator: Locator, origin: Origin) -> Location:
    """The line of the key that leads to what stands at an origin."""
    return locator.key(origin.file, origin.path) if origin.path else start_of(origin.file)
