"""Leaves that have no plain value, secrets and unknowns: where they stand and what can be said of them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Secret, Unknown, Value
from cfgc.stages.check.schema.keywords import ABOUT_ANYTHING, ABOUT_NUMBERS, ABOUT_STRINGS, ASSERTING, PORT

Leaf: TypeAlias = "Secret | Unknown"

DEEPEST = 128
"""levels of a value that is checked; the native engine uses its stack for each"""

SCALARS = frozenset({"string", "integer", "number", "boolean", "null"})
_EVERY_SCALAR = SCALARS - {"integer"}


_PLAIN = frozenset({str, int, float, bool, type(None)})


class Found(NamedTuple):
    """A leaf and the path to it."""

    path: KeyPath
    leaf: Leaf


class Survey(NamedTuple):
    """All such leaves of a tree, and the first path that is too deep to be checked."""

    leaves: list[Found]
    too_deep: KeyPath | None


def survey(tree: Value) -> Survey:
    """One walk over a tree; it is the only look that Python takes at a value that is valid."""
    leaves: list[Found] = []
    todo: list[tuple[KeyPath, Any]] = [((), [tree])]  # the tree may be a leaf itself: paths begin with a step to it
    while todo:
        path, value = todo.pop()
        if len(path) > DEEPEST + 1:
            return Survey(leaves, path[1:])
        if _PLAIN.issuperset(map(type, value.values() if type(value) is dict else value)):
            continue
        for step, item in value.items() if type(value) is dict else enumerate(value):
            kind = type(item)
            if kind is dict or kind is list:
                todo.append(((*path, step), item))
            elif kind is Secret or kind is Unknown:
                leaves.append(Found((*path, step)[1:], item))
    return Survey(leaves, None)


def replaced(value: Value, changes: Iterable[tuple[KeyPath, Value]]) -> Value:
    """A value with other leaves; only the containers on the way to them are copied."""
    root = [value]
    copies: dict[KeyPath, Any] = {(): root}
    for path, leaf in changes:
        steps: KeyPath = (0, *path)
        node: Any = root
        for end in range(1, len(steps)):
            copy = copies.get(steps[:end])
            if copy is None:
                copy = copies[steps[:end]] = node[steps[end - 1]].copy()
                node[steps[end - 1]] = copy
            node = copy
        node[steps[-1]] = leaf
    return root[0]


class Fits(Enum):
    """Whether a leaf can be of a type."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    """a runtime variable that may become any scalar: passes, and proves nothing"""
    UNSURE = "unsure"
    """depends on the secret's value: a number that may be whole"""


def fits(leaf: Leaf, types: str | list[str]) -> Fits:
    """What is known of `type` without the value (SPEC sections 5 and 6)."""
    wanted = {types} if isinstance(types, str) else set(types)
    if isinstance(leaf, Unknown):
        return _unknown_fits(leaf, wanted)
    if leaf.kind in wanted or (leaf.kind == "integer" and "number" in wanted):
        return Fits.YES
    return Fits.UNSURE if leaf.kind == "number" and "integer" in wanted else Fits.NO


def _unknown_fits(leaf: Unknown, wanted: set[str]) -> Fits:
    if not leaf.alone:
        return Fits.YES if "string" in wanted else Fits.NO
    if wanted >= _EVERY_SCALAR:
        return Fits.YES
    return Fits.MAYBE if wanted & SCALARS else Fits.NO


def concerns(keyword: str, schema: dict[str, Any], leaf: Leaf) -> bool:
    """Whether the verdict of a keyword (other than `type`) can depend on the leaf's value."""
    if keyword in ABOUT_ANYTHING:
        return keyword != "type" and (keyword != "if" or "then" in schema or "else" in schema)
    text = leaf.kind == "string" if isinstance(leaf, Secret) else True
    number = leaf.kind in ("integer", "number") if isinstance(leaf, Secret) else leaf.alone
    return (text and keyword in ABOUT_STRINGS) or (number and (keyword in ABOUT_NUMBERS or _is_port(keyword, schema)))


def _is_port(keyword: str, schema: dict[str, Any]) -> bool:
    return keyword == "format" and PORT in schema


def open_keywords(schema: dict[str, Any], leaf: Leaf) -> list[str]:
    """The keywords of a schema that nobody can evaluate for a leaf."""
    return [keyword for keyword in schema if keyword in ASSERTING and concerns(keyword, schema, leaf)]
