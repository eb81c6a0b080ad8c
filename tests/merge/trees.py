"""Trees taken apart: their paths and values, and forms in which two of them are compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfgc.model.values import Secret


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every scalar of a tree and every container without children, with its path."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    empty = True
    for step, item in items:
        empty = False
        yield from leaves(item, (*path, step))
    if empty:
        yield path, value


def exact(value: Any) -> Any:
    """A form in which two values are equal only if they agree in kind, and maps in the order of their keys."""
    if isinstance(value, dict):
        return "map", [(key, exact(item)) for key, item in value.items()]
    if isinstance(value, list):
        return "list", [exact(item) for item in value]
    if isinstance(value, Secret):
        return "secret", value.token
    return type(value).__name__, repr(value)


def strict(value: Any) -> Any:
    """Equal for values of the same kinds, whatever the order of keys."""
    if isinstance(value, dict):
        return "map", frozenset((key, strict(item)) for key, item in value.items())
    if isinstance(value, list):
        return "list", tuple(map(strict, value))
    return ("secret", id(value)) if isinstance(value, Secret) else (type(value), repr(value))


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def every_path(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(below for step, item in items for below in every_path(item, (*path, step)))]
