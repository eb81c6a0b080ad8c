"""Values at key paths, in the trees of any revision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from cfgc.model.keypath import Item, KeyPath, Step
from cfgc.model.same import same
from cfgc.model.values import Value

ABSENT = object()
"""What stands at a path where nothing stands."""

_ITSELF = "."
_MANY = 8


def value_at(tree: Value, path: KeyPath) -> Value:
    """The value at a path, list items by identity or index; `ABSENT` where there is none."""
    for step in path:
        key = _key(tree, step)
        if key is None:
            return ABSENT
        tree = tree[key]
    return tree


def child(node: Value, step: Step) -> Value:
    """What stands one step below; `ABSENT` where there is nothing."""
    if type(node) is dict:
        return node.get(step, ABSENT)
    key = _key(node, step)
    return ABSENT if key is None else node[key]


def plain_path(tree: Value, path: KeyPath) -> KeyPath:
    """The path with plain indexes, as far as it leads; what is behind that as it is."""
    steps: list[Step] = []
    for step in path:
        key = None if tree is ABSENT else _key(tree, step)
        tree = ABSENT if key is None else tree[key]
        steps.append(step if key is None else key)
    return tuple(steps)


def alike(one: Value, other: Value) -> bool:
    """Whether two values are the same; `ABSENT` is like itself alone."""
    return one is other or (one is not ABSENT and other is not ABSENT and same(one, other))


def scope_of(paths: Iterable[KeyPath]) -> Sequence[KeyPath] | None:
    """The key paths to compile for some paths: as far as they are of keys; none, which is all, for too many of them."""
    keys = dict.fromkeys(tuple(takewhile(lambda step: isinstance(step, str), path)) for path in paths)
    tops = {path: None for path in keys if not any(path[:depth] in keys for depth in range(len(path)))}
    if len(tops) > _MANY:
        tops = dict.fromkeys(path[:2] for path in tops)
    return None if len(tops) > _MANY or () in tops else list(tops)


def _key(node: Value, step: Step) -> str | int | None:
    """The plain key or index of a step; none where it leads nowhere."""
    if isinstance(node, dict):
        return step if isinstance(step, str) and step in node else None
    if not isinstance(node, list) or isinstance(step, str):
        return None
    if isinstance(step, int):
        return step % len(node) if -len(node) <= step < len(node) else None
    return next((index for index, item in enumerate(node) if _is_named(item, step)), None)


def _is_named(item: Value, named: Item) -> bool:
    value = item if named.key == _ITSELF else item.get(named.key) if isinstance(item, dict) else None
    return isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value) == named.value
