"""Keys that were moved or renamed: what was removed here and added there with the same value."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cfgc.history.changes.change import Change
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Secret, Unknown, Value


def with_moves(changes: Sequence[Change], old: Value, new: Value) -> list[Change]:
    """The changes, those that belong together by `moved`.

    A value that says little (a number, a boolean, a short text) is taken for the same one only under the same parent;
    where several keys could be meant, none is.
    """
    gone, come = _by_value(changes, old, "removed"), _by_value(changes, new, "added")
    partner: dict[KeyPath, KeyPath] = {}
    for value, left in gone.items():
        arrived = come.get(value, [])
        if len(left) == len(arrived) == 1 and (_telling(value) or left[0].path[:-1] == arrived[0].path[:-1]):
            partner[left[0].path] = arrived[0].path
            partner[arrived[0].path] = left[0].path
    return [each._replace(moved=partner[each.path]) if _moves(each, partner) else each for each in changes]


def _moves(change: Change, partner: dict[KeyPath, KeyPath]) -> bool:
    return change.kind in ("added", "removed") and change.path in partner


_SHORT = 16


def _telling(value: str) -> bool:
    return len(value) >= _SHORT


def _by_value(changes: Sequence[Change], tree: Value, kind: str) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for each in changes:
        if each.kind == kind:
            value = _at(tree, each.after if kind == "added" else each.before)
            if value not in (None, {}, []) if not isinstance(value, (Secret, Unknown)) else True:
                found.setdefault(json.dumps(_plain(value), ensure_ascii=False), []).append(each)
    return found


def _at(tree: Value, path: KeyPath) -> Value:
    for step in path:
        tree = tree[step]
    return tree


def _plain(value: Value) -> Value:
    """The value with tokens in place of secrets, for comparing alone."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Secret):
        return ["\0secret", value.token]
    if isinstance(value, Unknown):
        return [
            "\0unknown",
            [["\0secret", part.token] if isinstance(part, Secret) else str(part) for part in value.parts],
        ]
    return value
