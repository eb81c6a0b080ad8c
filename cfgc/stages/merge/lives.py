"""The life of values: where a merged value comes from, and what becomes of a value that a file sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cfgc.model.keypath import KeyPath, Step
from cfgc.model.layers import LayerFile
from cfgc.model.provenance import Contribution, Trace
from cfgc.model.values import Marked, Value
from cfgc.stages.merge.stack import Entry, Ghost, Pick, Stack, marker_of
from cfgc.stages.merge.walk import Node


class Fate(NamedTuple):
    """What becomes of a value that a file sets: the tree's path, whether it wins there, and else by whom it is beaten.

    `by` is none where it wins.
    """

    path: KeyPath
    wins: bool
    by: Contribution | None


def contribution(entry: Entry, path: KeyPath) -> Contribution:
    """What an entry says about `path`, its value without markers."""
    value, source = entry
    if isinstance(value, Pick):
        value = value.value
    file = source.file
    said = value if source.plain else _unmarked(value)
    return Contribution(file.layer, file.path, source.inside(path), said, file.each, marker_of(value))


def _unmarked(value: Value) -> Value:
    if isinstance(value, Marked):
        return None if value.name == "unset" else _unmarked(value.value)
    if isinstance(value, dict):
        return {key: _unmarked(item) for key, item in value.items() if not _is_unset(item)}
    if isinstance(value, list):
        return [_unmarked(item) for item in value if not _is_unset(item)]
    return value


def _is_unset(value: Value) -> bool:
    return isinstance(value, Marked) and value.name == "unset"


def trace(node: Node) -> Trace | None:
    """Who set the value of a node, and all that it overrides, nearest first; none where there is no value.

    A map or list that several layers make up has the highest of them as its origin.
    """
    made = node.decision
    if not node.exists:
        return None
    origin = _highest(made.live, node.path)
    rest = [entry for entry in node.shadowed + made.dropped + made.live if entry is not origin]
    overrides = [contribution(entry, node.path) for entry in reversed(_real(rest, node.path))]
    return Trace(contribution(origin, node.path), tuple(overrides), node.rule)


def blamed(node: Node) -> Entry:
    """The entry to point at: for a map the lowest that a file of its own writes, else the highest."""
    made = node.decision
    if made.shape != "map":
        return made.live[-1]
    written = _real(made.live, node.path) or made.live
    own = [entry for entry in written if not entry[1].file.each]
    return (own or written)[0]


def _real(stack: Stack, path: KeyPath) -> Stack:
    return [entry for entry in stack if not entry[1].above(path)]


def _highest(stack: Stack, path: KeyPath) -> Entry:
    return (_real(stack, path) or [entry for entry in stack if not isinstance(entry[0], Ghost)])[-1]


def fates(root: Node, file: LayerFile, path: KeyPath) -> Iterator[Fate]:
    """What becomes of the value at `path` inside a file: once, or for an `_each` file once for each child."""
    if not file.each:
        yield _fate(root, file, (*file.at, *path))
        return
    folder = _descend(root, file.at)
    for child in folder.every() if folder else ():
        if _says(child.stack, file):
            yield _fate(child, file, path)


def _descend(node: Node | None, path: KeyPath) -> Node | None:
    for step in path:
        node = None if node is None or isinstance(step, tuple) else node.child(step)
    return node


def _says(stack: Stack, file: LayerFile) -> bool:
    return any(source.file.path == file.path for _, source in stack)


def _fate(node: Node, file: LayerFile, steps: KeyPath) -> Fate:
    for done, step in enumerate(steps):
        below = _follow(node, file, step) if file.path in node.files else None
        if below is None:
            return Fate((*node.path, *steps[done:]), wins=False, by=_victor(node, steps[done:]))
        node = below
    made = node.decision
    remover = made.remover if not made.live and not node.exists else None
    if file.path in node.files or (remover is not None and remover[1].file.path == file.path):
        return Fate(node.path, wins=True, by=None)
    return Fate(node.path, wins=False, by=_victor(node, ()))


def _follow(node: Node, file: LayerFile, step: Step) -> Node | None:
    """The node of what the file says one step deeper: joining gives list items other indexes."""
    if isinstance(step, str):
        return node.child(step)
    inside = next(source.inside(node.path) for _, source in node.decision.live if source.file.path == file.path)
    for index, slot in enumerate(node.slots):
        if any(source.file.path == file.path and source.base == (*inside, step) for _, source in slot):
            return node.child(index)
    return None


def _victor(node: Node, steps: KeyPath) -> Contribution | None:
    """Who decides about a value that lost: as near to it as the tree reaches."""
    for step in steps:
        below = node.child(step) if isinstance(step, str) else None
        if below is None or not below.exists:
            break
        node = below
    if node.exists:
        return contribution(_highest(node.decision.live, node.path), node.path)
    return None if node.decision.remover is None else contribution(node.decision.remover, node.path)
