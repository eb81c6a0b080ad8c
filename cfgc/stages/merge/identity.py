"""When two values are the same, exactly: `1`, `1.0`, `true` and `"1"` are four values."""

from __future__ import annotations

import json
from collections.abc import Hashable

from cfgc.model.values import Marked, Secret, Value

ITSELF = "."
"""The identity key of `!by:.`: scalars are their own identity."""


def identity(value: Value) -> Hashable:
    """Something that is equal for the same values only; a secret, never looked into, is like nothing but itself."""
    if isinstance(value, Marked):
        return identity(value.value)
    if isinstance(value, dict):
        return dict, frozenset((key, identity(item)) for key, item in value.items())
    if isinstance(value, list):
        return list, tuple(identity(item) for item in value)
    if isinstance(value, Secret):
        return Secret, id(value)
    # as text, so that `.nan` is like itself and `-0.0` is not `0.0`
    return value.__class__, repr(value) if isinstance(value, float) else value


def item_identity(item: Value, key: str) -> tuple[Hashable, str]:
    """What identifies an item of a list that is merged by `key`, or none and the reason why nothing does."""
    if key == ITSELF:
        return _scalar(item, "is no scalar")
    if not isinstance(item, dict):
        return None, "is no map"
    if key not in item:
        return None, f"has no `{key}`"
    return _scalar(item[key], f"has a `{key}` that is no scalar")


def _scalar(value: Value, otherwise: str) -> tuple[Hashable, str]:
    while isinstance(value, Marked):
        value = value.value
    if isinstance(value, Secret):
        return None, "would be identified by a secret"
    if value is None or isinstance(value, (dict, list)):
        return None, otherwise
    return identity(value), ""


def text_of(value: Value) -> str | None:
    """A scalar as it stands in a key path (`users[name=ann]`); none for everything else."""
    while isinstance(value, Marked):
        value = value.value
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return None


def find_item(items: list[Value], key: str, text: str) -> int | None:
    """The index of the item that `[key=text]` names; the first if there are several."""
    for index, item in enumerate(items):
        if named(item, key) == text:
            return index
    return None


def named(item: Value, key: str) -> str | None:
    """What an item is called by `key` in a key path."""
    while isinstance(item, Marked):
        item = item.value
    if key == ITSELF:
        return text_of(item)
    return text_of(item.get(key)) if isinstance(item, dict) else None
