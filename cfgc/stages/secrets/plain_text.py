"""Values that the schemas call secret and that stand in plain text (SPEC section 6). Needs no key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.annotations import Annotations, Cursor
from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import INCLUDE, Marked, Secret, Tree, Unknown, Value

KEYWORD = "x-cfgc-secret"


def check_plain_text(tree: Tree, annotations: Annotations, only_references: Callable[[str], bool]) -> list[Diagnostic]:
    """The plain values of a tree (or of one layer), not resolved, at and below paths with `x-cfgc-secret: true`.

    Empty texts, nulls and texts made only of references are no plain values; `only_references` tells the last.
    """
    if not annotations.uses(KEYWORD):
        return []
    return [
        report("plain-text-secret", path=path, key=show(path), quotable=False)
        for path, value in _leaves(tree, annotations.root(), (), secret=False)
        if _is_plain(value, only_references)
    ]


def _leaves(node: Value, cursor: Cursor | None, path: KeyPath, *, secret: bool) -> Iterator[tuple[KeyPath, Value]]:
    """The leaves that are secret: the nearest keyword at or above them says so."""
    stated = cursor.get(KEYWORD) if cursor else None
    secret = secret if stated is None else bool(stated)
    if cursor is None and not secret:
        return
    if isinstance(node, Marked):
        node = node.value
    if isinstance(node, dict):
        children: Any = ((key, item) for key, item in node.items() if key != INCLUDE)
    elif isinstance(node, list):
        children = enumerate(node)
    else:
        if secret:
            yield path, node
        return
    for step, item in children:
        yield from _leaves(item, cursor.step(step) if cursor else None, (*path, step), secret=secret)


def _is_plain(value: Value, only_references: Callable[[str], bool]) -> bool:
    if value is None or isinstance(value, (Secret, Unknown)):
        return False
    return not isinstance(value, str) or not (value == "" or only_references(value))
