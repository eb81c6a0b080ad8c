"""Leaves of a configuration tree as CEL values: the one place where a policy meets secrets and runtime variables."""

from __future__ import annotations

from typing import Final

from cfgc.model.reveal import plain_value
from cfgc.model.values import Secret, Unknown, Value
from cfgc.stages.check.policy.cel.values import CelValue, Unknowns, merge_unknowns

LEAVES: Final = frozenset({Secret, Unknown})
"""the types that `lift` turns into something else; all other values of a tree are CEL values as they are"""


def lift(value: Value) -> CelValue:
    """A tree's value as CEL sees it: a sealed secret and a runtime variable are unknown, a revealed secret is plain."""
    kind = type(value)
    if kind is Secret:
        return plain_value(value) if value.revealed else Unknowns((value,), there=True)
    return Unknowns((value,), there=True) if kind is Unknown else value


def items_of(values: list[Value]) -> list[CelValue]:
    """The items of a list as CEL sees them."""
    return [lift(item) if type(item) in LEAVES else item for item in values]


def known_items(values: list[Value]) -> list[CelValue] | Unknowns:
    """The items of a list, or the unknown ones among them if there are any."""
    items = items_of(values)
    return merge_unknowns(items) if any(type(item) is Unknowns for item in items) else items
