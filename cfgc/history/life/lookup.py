"""Values at key paths, in the trees of any revision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from cfgc.model.keypath import Item, KeyPath, Step
from cfgc.model.values import Value

ABSENT = object()
"""What stands at a path where nothing stands."""

_ITSELF = "."
_MANY = 8


def value_at(tree: Value, path: KeyPath) -> Value:
    """The value at a path, list items by identity or index; `ABSENT` where there is none."""
    for step in path:
        tree = _below(tree, step)
        if tree is ABSENT:
            break
    return tree


def scope_of(paths: Iterable[KeyPath]) -> Sequence[KeyPath] | None:
    """The key paths to compile for some paths: as far as they are of keys; none, which is all, for too many of them."""
    keys = dict.fromkeys(tuple(takewhile(lambda step: isinstance(step, str), path)) for path in paths)
    tops = {path: None for path in keys if not any(path[:depth] in keys for depth in range(len(path)))}
    if len(tops) > _MANY:
        tops = dict.fromkeys(path[:2] for path in tops)
    return None if len(tops) > _MANY or () in tops else list(tops)


def _below(node: Value, step: Step) -> Value:
    if isinstance(node, dict):
        return node.get(step, ABSENT) if isinstance(step, str) else ABSENT
    if not isinstance(node, list) or isinstance(step, str):
        return ABSENT
    if isinstance(step, int):
        return node[step] if -len(node) <= step < len(node) else ABSENT
    return next((item for item in node if _is_named(item, step)), ABSENT)


def _is_named(item: Value, named: Item) -> bool:
    value = item if named.key == _ITSELF else item.get(named.key) if isinstance(item, dict) else None
    return isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value) == named.value
