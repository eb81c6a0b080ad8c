"""Plain scalars that a YAML 1.1 reader types otherwise: what the lint `yaml-1.1-trap` reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.values import kind_of
from cfgc.stages.read.nodes import Mapping, Node, Scalar, Sequence, content
from cfgc.stages.read.places import is_merge
from cfgc.stages.read.scalars import NumberError, resolve
from cfgc.stages.read.text import Text
from cfgc.stages.read.yaml_traps import read_by_yaml11


class Trap(NamedTuple):
    """A scalar (a key, if `key`) at `path` inside `file`, and what YAML 1.2 and 1.1 read: `a boolean`, `a date` ..."""

    file: str
    path: KeyPath
    location: Location
    text: str
    means: str
    reads: str
    key: bool


def trapped(text: Text, root: Node | None) -> list[Trap]:
    """The traps of a YAML text, in its order."""
    return [] if root is None else list(_walk(text, root, ()))


def _walk(text: Text, node: Node, path: KeyPath) -> Iterator[Trap]:
    if isinstance(node, Scalar):
        yield from _trap(text, node, path, key=False)
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from _walk(text, item, (*path, index))
    elif isinstance(node, Mapping):
        for key, value in node.pairs:
            name = content(key)
            if not isinstance(name, Scalar) or is_merge(key):
                continue
            if isinstance(key, Scalar):
                yield from _trap(text, key, (*path, name.text), key=True)
            yield from _walk(text, value, (*path, name.text))


def _trap(text: Text, node: Scalar, path: KeyPath, *, key: bool) -> Iterator[Trap]:
    reads = read_by_yaml11(node.text) if node.plain and node.tag is None else None
    if reads:
        yield Trap(text.file, path, text.location(node.start, node.end), node.text, _meaning(node.text), reads, key)


def _meaning(text: str) -> str:
    """What YAML 1.2 reads, in words."""
    try:
        value = resolve(text)
    except NumberError:
        return "a number"
    if isinstance(value, str):
        return "a string"
    return f"the {kind_of(value)} {value}"
