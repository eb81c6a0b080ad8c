"""Whether two values are the same, as far as that can be told without a key and before the start."""

from __future__ import annotations

from collections.abc import Iterable

from cfgc.model.same import same
from cfgc.model.values import Secret, Unknown, Value


def alike(one: Value, other: Value) -> bool | None:
    """Whether two values are the same; none where a secret or a runtime variable decides.

    One ciphertext is one value. Two may hide the same one, and two environments may give a variable the same text.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return False
        return all_of(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all_of(map(alike, one, other))
    if isinstance(one, Secret) and isinstance(other, Secret):
        return True if same(one, other) else None
    if isinstance(one, (Secret, Unknown)) or isinstance(other, (Secret, Unknown)):
        return None
    return same(one, other)


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """True when all are, false when one is false; else none."""
    found = set(answers)
    return False if False in found else None if None in found else True


def why_unclear(*values: Value) -> str:
    """What keeps values from being compared."""
    return "secret" if any(map(_holds_secret, values)) else "runtime"


def _holds_secret(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_secret, value.values()))
    if isinstance(value, list):
        return any(map(_holds_secret, value))
    return isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret)
