"""Old values for display: what is sealed once is not shown from the time when it was not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.values import MASK, Secret, Unknown, Value, masked

_Place: TypeAlias = "tuple[str | None, ...]"
"""Keys; none for the items of a list, which are all alike: they may have stood in another order."""


class Veil:
    """The places of secrets below one key path. Who goes back in time shows it each value before the older ones."""

    def __init__(self, places: frozenset[_Place] = frozenset()) -> None:
        self._places = places

    def seeing(self, value: Value, at: KeyPath = ()) -> Veil:
        """The veil that knows the secrets of a value `at` a path below too."""
        new = frozenset(_secrets(value, _place(at))) - self._places
        return Veil(self._places | new) if new else self

    def over(self, value: Value, at: KeyPath = ()) -> Value:
        """A copy of what stands `at` a path below, safe to show: the mask is where a secret is, and where one was."""
        return self._over(value, _place(at)) if self._places else masked(value)

    def _over(self, value: Value, at: _Place) -> Value:
        if value is not None and any(at[:depth] in self._places for depth in range(len(at) + 1)):
            return MASK
        if isinstance(value, dict):
            return {key: self._over(item, (*at, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self._over(item, (*at, None)) for item in value]
        return masked(value)


def _place(at: KeyPath) -> _Place:
    return tuple(step if isinstance(step, str) else None for step in at)


def _secrets(value: Value, at: _Place) -> Iterator[_Place]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _secrets(item, (*at, key))
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item, (*at, None))
    elif isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret):
        yield at
