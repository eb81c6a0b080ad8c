"""One difference between two effective trees."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Secret, Unknown, Value

Kind: TypeAlias = Literal["added", "removed", "changed", "type-changed", "secret-changed"]


class Change(NamedTuple):
    """What became of one key path. `old` and `new` are masked where they are or hold a secret: safe to print.

    `path` names list items by their identity; `before` and `after` are the same path with plain indexes, in the tree
    that it stands in: `before` for what was removed, `after` for what was added, both for the rest.
    `moved` is where the value of an added key was before, or where the value of a removed key is now.
    """

    path: KeyPath
    kind: Kind
    old: Value = None
    new: Value = None
    secret: bool = False
    before: KeyPath = ()
    after: KeyPath = ()
    moved: KeyPath | None = None


def holds_secret(value: Value) -> bool:
    """Whether a value is a secret, or one stands in it."""
    if isinstance(value, dict):
        return any(holds_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_secret(item) for item in value)
    return isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret)
