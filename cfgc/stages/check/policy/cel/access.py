"""Reading a part of a value: `value.field`, `value[index]`, `has(value.field)`, and the optional forms.

A key is named in an error only where it stands in the expression: a computed one could be a secret's text.
"""

from __future__ import annotations

from typing import Any, Final

from cfgc.stages.check.policy.cel.leaves import LEAVES, lift
from cfgc.stages.check.policy.cel.values import (
    NONE,
    CelError,
    CelValue,
    Optional,
    UInt,
    Unknowns,
    merge_unknowns,
    to_key,
    type_name,
)

ABSENT: Final = object()
_INTEGERS: Final = frozenset({int, UInt})


def select(value: CelValue, field: str) -> CelValue:
    """`value.field`; of an optional it is optional again."""
    kind = type(value)
    if kind is dict:
        found = value.get(field, ABSENT)
        if found is ABSENT:
            raise CelError(f"no such key `{field}`")
        return lift(found) if type(found) in LEAVES else found
    if kind is Optional:
        return optional_select(value, field)
    if kind is Unknowns:
        return merge_unknowns((value,))
    raise CelError(f"`.{field}` is asked of {type_name(value)}, which has no keys")


def optional_select(value: CelValue, field: str) -> CelValue:
    """`value.?field`: an optional."""
    if type(value) is Optional:
        return optional_select(value.value, field) if value.present else NONE
    if type(value) is Unknowns:
        return merge_unknowns((value,))
    if type(value) is not dict:
        raise CelError(f"`.{field}` is asked of {type_name(value)}, which has no keys")
    return _optional(value.get(field, ABSENT))


def has(value: CelValue, field: str) -> bool | Unknowns:
    """`has(value.field)`: whether the key is there, whatever stands there."""
    kind = type(value)
    if kind is dict:
        return field in value
    if isinstance(value, Unknowns):
        return merge_unknowns((value,))
    if kind is Optional:
        return has(value.value, field) if value.present else False
    raise CelError(f"`has` is asked of {type_name(value)}, which has no keys")


def index(value: CelValue, at: CelValue, name: str = "") -> CelValue:
    """`value[at]`; `name` is how an error calls the key."""
    kind = type(value)
    if kind is Optional:
        return optional_index(value, at)
    if kind is Unknowns or type(at) is Unknowns:
        return merge_unknowns((value, at))
    found = _find(value, at)
    if found is ABSENT:
        raise CelError(f"no such key{name}" if kind is dict else f"no such index{name}")
    return lift(found) if type(found) in LEAVES else found


def optional_index(value: CelValue, at: CelValue) -> CelValue:
    """`value[?at]`: an optional."""
    if type(value) is Optional:
        return optional_index(value.value, at) if value.present else NONE
    if type(value) is Unknowns or type(at) is Unknowns:
        return merge_unknowns((value, at))
    return _optional(_find(value, at))


def _optional(found: Any) -> Optional:
    return NONE if found is ABSENT else Optional(present=True, value=lift(found))


def _find(value: CelValue, at: CelValue) -> CelValue:
    kind = type(at)
    if type(value) is dict:
        return value.get(at if kind is float else to_key(at), ABSENT)
    if type(value) is not list:
        raise CelError(f"`[...]` is asked of {type_name(value)}, which is neither list nor map")
    if kind is float and at.is_integer():
        at, kind = int(at), int
    if kind not in _INTEGERS:
        raise CelError(f"an index of a list is an integer, not {type_name(at)}")
    return value[at] if 0 <= at < len(value) else ABSENT
