"""Three versions of plain data -> one: what either side changed, by key."""

from __future__ import annotations

from typing import Any

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value

_ABSENT: Any = object()


def three_way(base: Value, ours: Value, theirs: Value) -> tuple[Value, list[KeyPath]]:
    """The merged data, and the paths that both sides changed, each in its own way; there it holds ours.

    Maps are merged key by key, in our order; a list is one value. `1`, `1.0` and `true` are three values.
    """
    conflicts: list[KeyPath] = []
    return _merged((base, ours, theirs), (), conflicts), conflicts


def _merged(sides: tuple[Value, Value, Value], path: KeyPath, conflicts: list[KeyPath]) -> Value:
    base, ours, theirs = sides
    if _same(ours, theirs) or _same(base, theirs):
        return ours
    if _same(base, ours):
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        three = (base if isinstance(base, dict) else {}, ours, theirs)
        keys = dict.fromkeys((*ours, *theirs))
        found = {key: _merged(_below(three, key), (*path, key), conflicts) for key in keys}
        return {key: value for key, value in found.items() if value is not _ABSENT}
    conflicts.append(path)
    return ours


def _below(three: tuple[Value, Value, Value], key: str) -> tuple[Value, Value, Value]:
    base, ours, theirs = (side.get(key, _ABSENT) for side in three)
    return base, ours, theirs


def _same(one: Value, other: Value) -> bool:
    return one is other or repr(one) == repr(other)
