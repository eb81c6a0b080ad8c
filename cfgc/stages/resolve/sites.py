"""A tree -> the places where something must be resolved, found in one walk.

The walk is the only part of the stage that every leaf pays for. What it finds is a second, sparse tree
beside the first: containers without a mark below them are shared with the input as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.values import INCLUDE, Secret, Value
from cfgc.stages.resolve.template import OPENING, Reference, Template


class Sentinel:
    """A state of a site that no value of a tree can be."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNSET = Sentinel("unset")
FAILED = Sentinel("failed")
"""The finding is reported, or the key is not loaded: whoever depends on it stays silent."""


class Site:
    """A text with references, or one entry of an include.

    `places` is where the value really stands if the whole text is one reference into the tree, and none if it is
    not; `target` is the absolute key path that such a reference names first.
    """

    __slots__ = ("path", "places", "target", "template", "text", "value")

    def __init__(self, path: KeyPath, text: str, template: Template) -> None:
        self.path = path
        self.text = text
        self.template = template
        self.target: KeyPath | None = None
        self.places: Any = UNSET
        self.value: Any = UNSET

    @property
    def alias(self) -> bool:
        """Whether the text is one reference into the tree and nothing else: its target is known without a value."""
        first = self.template[0] if len(self.template) == 1 else None
        return isinstance(first, Reference) and first.kind == "tree" and not first.operator

    @property
    def including(self) -> bool:
        return INCLUDE in self.path[-2:]


class Ready:
    """A leaf that only needs its own path: a secret gets its origin."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Marks:
    """A container with something to resolve below it."""

    __slots__ = ("children", "includes", "node", "value")

    def __init__(self, node: Value, children: dict[Any, Mark], includes: tuple[Site, ...]) -> None:
        self.node = node
        self.children = children
        self.includes = includes
        self.value: Any = UNSET


Mark: TypeAlias = "Site | Ready | Marks"


class Sites(Protocol):
    """What the walk tells of what it finds."""

    def make(self, text: str, path: KeyPath) -> Site | None:
        """The site of a text that holds `${`; none if the text is left alone."""

    def suspect(self, keys: Iterable[str], path: KeyPath) -> None:
        """Some key of the map at `path` holds `${`."""

    def not_included(self, value: Value, path: KeyPath) -> None:
        """What stands under `<<` of the map at `path` is no reference, or not only references."""


def mark(node: Value, path: KeyPath, sites: Sites) -> Marks | None:
    """The marks of a container and of all below it."""
    children: dict[Any, Mark] = {}
    for step, item in _items(node, path, sites):
        kind = type(item)
        found: Mark | None = None
        if kind is str:
            if OPENING in item:
                found = sites.make(item, (*path, step))
        elif kind is dict or kind is list:
            found = mark(item, (*path, step), sites) if item else None
        elif kind is Secret:
            found = Ready(item.with_origins(((*path, step),)))
        if found is not None:
            children[step] = found
    include = children.pop(INCLUDE, None)
    if type(node) is dict and INCLUDE in node:
        return Marks(node, children, tuple(_includes(include, node[INCLUDE], path, sites)))
    return Marks(node, children, ()) if children else None


def _items(node: Value, path: KeyPath, sites: Sites) -> Iterable[tuple[Any, Value]]:
    if type(node) is not dict:
        return enumerate(node)
    if OPENING in "\n".join(node):
        sites.suspect(node, path)
    return node.items()


def _includes(include: Mark | None, value: Value, path: KeyPath, sites: Sites) -> Iterator[Site]:
    marks = include.children.values() if isinstance(include, Marks) else (include,)
    found = [mark for mark in marks if isinstance(mark, Site)]
    if not found or len(found) != (len(value) if type(value) is list else 1):
        sites.not_included(value, path)
    yield from found
