"""Secrets that stand in plain text: whoever finds one here first must not be the one who spreads it."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.model.values import Marked, Value

_SHORTEST = 6
"""a shorter text is hidden where it stands alone only: inside others it would hide half of them"""


class Bare:
    """Plain texts that no page repeats, wherever lists, `_each` files and references have brought them."""

    def __init__(self) -> None:
        self._parts: set[str] = set()
        self._wholes: set[str] = set()

    def add(self, value: Value) -> None:
        """Hide a value, or each value in a map or list, and every longer text that it is a part of."""
        texts = set(_texts(value))
        self._wholes |= texts
        self._parts |= {text for text in texts if len(text) >= _SHORTEST}

    def add_wholes(self, value: Value) -> None:
        """Hide the longer texts in a map or list where they stand alone."""
        self._wholes |= {text for text in _texts(value) if len(text) >= _SHORTEST}

    def holds(self, value: Value) -> bool:
        """Whether a scalar must not be shown."""
        text = str(value)
        return text in self._wholes or any(part in text for part in self._parts)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, Marked):
        yield from _texts(value.value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
        yield str(value)
