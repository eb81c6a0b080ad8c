"""Comparing values as the lints do: with their types, never by a secret."""

from __future__ import annotations

from cfgc.model.values import Secret, Unknown, Value

SCALARS = (str, int, float, bool)


def is_leaf(value: Value) -> bool:
    """Whether merging treats a value as one: scalars, null and lists."""
    return value is None or isinstance(value, (*SCALARS, list))


def same(one: Value, other: Value) -> bool:
    """Equal in type and value at every depth; a secret equals nothing."""
    if type(one) is not type(other) or isinstance(one, (Secret, Unknown)):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
