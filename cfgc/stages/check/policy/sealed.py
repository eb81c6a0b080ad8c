"""The tree as findings may speak of it: with every secret sealed, so that no path of theirs depends on one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfgc.model.keypath import ROOT, KeyPath
from cfgc.model.values import Secret, Tree, Unknown, Value
from cfgc.stages.check.policy.cel import CelValue


class SealedTree:
    """One tree; its sealed copy and the places of its leaves are found when first asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._copy: Tree | None = None
        self._paths: dict[int, KeyPath] = {}

    def values(self, component: KeyPath, rest: list[CelValue]) -> list[CelValue]:
        """The values of `VARIABLES` with secrets sealed; `rest` is what follows `config` and `tree`."""
        if self._copy is None:
            self._copy = sealed(self._tree)
        return [value_at(self._copy, component), self._copy, *rest]

    def where(self, leaf: Any, component: KeyPath) -> KeyPath | None:
        """The path of a leaf: inside the component if it stands there, else the first one in the tree."""
        for path, found in _leaves(value_at(self._tree, component), component):
            if found is leaf:
                return path
        if not self._paths:
            self._paths = {id(found): path for path, found in reversed(list(_leaves(self._tree, ROOT)))}
        return self._paths.get(id(leaf))


def value_at(tree: Value, path: KeyPath) -> Value:
    """The value of a path that exists."""
    for step in path:
        tree = tree[step]
    return tree


def up_to_missing(tree: Value, path: KeyPath) -> KeyPath:
    """The path, cut after the first step that is not there."""
    for depth, step in enumerate(path, 1):
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):  # a scalar has no steps at all
            return path[:depth]
    return path


def sealed(value: Value) -> Value:
    """The value with revealed secrets sealed; the same object where it holds none."""
    if isinstance(value, dict):
        made = {key: sealed(item) for key, item in value.items()}
        return value if all(made[key] is value[key] for key in made) else made
    if isinstance(value, list):
        items = [sealed(item) for item in value]
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    return Secret(value.token, value.kind) if isinstance(value, Secret) and value.revealed else value


def _leaves(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, (Secret, Unknown)):
        yield path, value
    elif isinstance(value, (dict, list)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(item, (*path, step))
