"""Where a path leads among the nodes of a file.

A path through an alias leads on at the alias' target, since that is where the value is written; a path that
ends at an alias ends at the `*name` itself. A key that a `<<` brings in stands where its map is written. Of a
path that the file does not hold, the part that it holds counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cfgc.model.keypath import KeyPath
from cfgc.model.values import INCLUDE
from cfgc.stages.read import tags
from cfgc.stages.read.nodes import Mapping, Node, Scalar, Sequence, content
from cfgc.stages.read.text import Text

_DASH = re.compile(r"(?:(?:[^\S]|#[^\r\n]*|[&!]\S+)*)-(?=\s|\Z)")


@dataclass(frozen=True, slots=True)
class Place:
    """A node, the span of the key or dash that leads to it, and whether it is all of what was looked for."""

    node: Node
    key: tuple[int, int]
    whole: bool = True


def find(text: Text, root: Node, path: KeyPath) -> Place:
    """The place of a path, or of the longest part of it that exists."""
    place = Place(root, (root.start, root.end))
    for step in path:
        inner = content(place.node)
        if isinstance(inner, Mapping):
            following = _entry(inner, step)
        elif isinstance(inner, Sequence) and isinstance(step, int) and -len(inner.items) <= step < len(inner.items):
            following = Place(inner.items[step], _dash(text, inner, step % len(inner.items)))
        else:
            following = None
        if following is None:
            return replace(place, whole=False)
        place = following
    return place


def _entry(mapping: Mapping, step: object) -> Place | None:
    if mapping.named is None:
        mapping.named = _named(mapping)
    found = mapping.named.get(step) if isinstance(step, str) else None
    if found is not None:
        key, value = found
        return Place(value, (key.start, key.end))
    inherited = (_entry(source, step) for source in _merged(mapping))
    return next((place for place in inherited if place), None)


def _named(mapping: Mapping) -> dict[str, tuple[Node, Node]]:
    """The first pair of each key; that of `<<` under the name of an include."""
    found: dict[str, tuple[Node, Node]] = {}
    for pair in mapping.pairs:
        if scalar := _text_key(pair[0]):
            found.setdefault(INCLUDE if is_merge(pair[0]) else scalar.text, pair)
    return found


def _merged(mapping: Mapping) -> Iterator[Mapping]:
    for key, value in mapping.pairs:
        if is_merge(key):
            target = content(value)
            sources = target.items if isinstance(target, Sequence) else [target]
            yield from (inner for source in sources if isinstance(inner := content(source), Mapping))


def _text_key(node: Node) -> Scalar | None:
    key = content(node)
    return key if isinstance(key, Scalar) else None


def is_merge(node: Node) -> bool:
    """Whether a key is the merge key `<<`."""
    key = content(node)
    return isinstance(key, Scalar) and key.plain and key.text == "<<" and key.tag in (None, tags.MERGE)


def _dash(text: Text, sequence: Sequence, index: int) -> tuple[int, int]:
    """The dash of a block list's item; inside brackets there is none and the item itself counts."""
    item = sequence.items[index]
    start = sequence.items[index - 1].end if index else sequence.start
    found = _DASH.match(text.text, start, item.start) or _DASH.match(text.text, start, item.start + 1)
    return (found.end() - 1, found.end()) if found and text.text[start] != "[" else (item.start, item.end)


def path_at(text: Text, root: Node, line: int) -> KeyPath | None:
    """The deepest path whose key or value covers a line; where several stand on it, what holds them all."""
    covering = [path for path, start, end in _spans(text, root, ()) if _covers(text, start, end, line)]
    path: KeyPath = ()
    while True:
        deeper = {found[len(path)] for found in covering if len(found) > len(path)}
        if len(deeper) != 1:
            return path or None
        path = (*path, deeper.pop())


def _spans(text: Text, node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, int, int]]:
    """Every path in a node with the offsets of its key, and with those of its value."""
    for step, key, child in _children(text, node):
        inner = (*path, step)
        yield inner, *key
        yield inner, child.start, child.end
        yield from _spans(text, child, inner)


def _children(text: Text, node: Node) -> Iterator[tuple[str | int, tuple[int, int], Node]]:
    if isinstance(node, Sequence):
        yield from ((index, _dash(text, node, index), item) for index, item in enumerate(node.items))
    elif isinstance(node, Mapping):
        for key, value in node.pairs:
            scalar = _text_key(key)
            if scalar and not is_merge(key):
                yield scalar.text, (key.start, key.end), value


def _covers(text: Text, start: int, end: int, line: int) -> bool:
    return text.line_of(start) <= line <= text.line_of(max(start, end - 1))
