"""The documentation of a project as data: what every view shows. No secret is in it, only masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cfgc.model.values import Value


class Unset:
    """No value: JSON has none for it, and null is one."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


class File(NamedTuple):
    """An artifact below `dist/ENV`, what makes it (a format or a template), and the environments that have it."""

    path: str
    format: str
    template: str
    environments: tuple[str, ...]


class Link(NamedTuple):
    """A reference between two places outside of each other: components, or keys of the tree's root."""

    source: str
    target: str
    times: int


@dataclass(frozen=True, slots=True)
class Key:
    """One key path of a component, as schemas and layers know it.

    `name` is the path inside the component: `[]` stands for every list item, `*` for every key that no schema names.
    `values` has the masked value of each environment that sets the key; a key with items or keys below has none of its
    own. `documented` says that a schema speaks about it.
    """

    name: str
    path: str
    types: tuple[str, ...]
    required: bool
    default: Value | Unset
    constraints: tuple[str, ...]
    description: str
    secret: bool
    deprecated: bool
    documented: bool
    values: Mapping[str, Value]
    variables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    referred_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """One component with its keys; the one without a name holds what stands in no component."""

    name: str
    title: str
    description: str
    environments: tuple[str, ...]
    files: tuple[File, ...]
    keys: tuple[Key, ...]


class Chain(NamedTuple):
    """An environment: its layers from the lowest to the highest, its labels."""

    name: str
    layers: tuple[str, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Docs:
    """Everything about one content of a project, in the order in which it is read."""

    project: str
    description: str
    environments: tuple[Chain, ...]
    components: tuple[Component, ...]
    files: tuple[File, ...]
    """the artifacts of whole environments"""
    links: tuple[Link, ...]
