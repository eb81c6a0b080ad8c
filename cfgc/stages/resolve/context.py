"""What references may ask for besides the tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from cfgc.model.annotations import Annotations
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.values import Value

SchemeResolver: TypeAlias = Callable[[str], Value]
"""The rest of `${scheme:rest}` -> a value that is data; raises `LookupError` with a text fit to show."""


def _nowhere(_: KeyPath) -> None:
    return None


def _never(_: KeyPath) -> bool:
    return False


def _always(_: KeyPath) -> bool:
    return True


def _no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


class Context(NamedTuple):
    """Everything outside the tree that its references may name.

    component_of  the component a key path stands in, or none
    variables     the process environment to fill runtime variables from (`--resolve-env`); none leaves them unknown
    read_file     a project-relative path -> the bytes of a regular file; raises `OSError`
    resolvers     scheme -> resolver, from plugins; empty in core
    annotations   for `x-cfgc-references: false` and `x-cfgc-secret`
    is_raw        whether the value at this very path was written with `!raw`
    loaded        on a partial tree, whether all that the project holds at and below a path was merged
    place         where a path's value is written, for the other hops of a cycle
    """

    environment: str = ""
    labels: Mapping[str, str] = MappingProxyType({})
    component_of: Callable[[KeyPath], KeyPath | None] = _nowhere
    variables: Mapping[str, str] | None = None
    read_file: Callable[[str], bytes] = _no_file
    resolvers: Mapping[str, SchemeResolver] = MappingProxyType({})
    annotations: Annotations | None = None
    is_raw: Callable[[KeyPath], bool] = _never
    loaded: Callable[[KeyPath], bool] = _always
    place: Callable[[KeyPath], Location | None] = _nowhere

    def annotated(self, keyword: str, path: KeyPath) -> bool | None:
        """The nearest value of an `x-cfgc-*` flag at `path` or above it, or none."""
        if self.annotations is None or not self.annotations.uses(keyword):
            return None
        cursor = self.annotations.root()
        nearest: bool | None = None
        for step in (*path, None):
            if cursor is None:
                break
            value = cursor.get(keyword)
            nearest = nearest if value is None else value
            cursor = cursor.step(step) if isinstance(step, (str, int)) else None
        return nearest

    def left_alone(self, path: KeyPath) -> bool:
        """Whether the text at `path` is not searched for references: `!raw` or `x-cfgc-references: false`."""
        if self.is_raw is not _never and any(self.is_raw(path[:end]) for end in range(len(path) + 1)):
            return True
        return self.annotated("x-cfgc-references", path) is False
