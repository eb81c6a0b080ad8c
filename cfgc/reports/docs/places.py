"""Where in a table something stands: key paths in which all items of a list are one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import INCLUDE

ANY_ITEM = -1
"""The step into any item of a list."""


def folded(path: KeyPath) -> KeyPath:
    """The place of a key path."""
    return tuple(step if isinstance(step, str) else ANY_ITEM for step in path)


def written(path: KeyPath) -> KeyPath:
    """Where a reference is written: an include stands for the map that it fills."""
    return path[: path.index(INCLUDE)] if INCLUDE in path else path


def below(text: str, step: str | int) -> str:
    """The text of a place one step below another one's."""
    if isinstance(step, int):
        return f"{text}[]"
    return f"{text}.{show((step,))}" if text else show((step,))


def text_of(path: KeyPath) -> str:
    """A place as text; the root is `.`."""
    text = ""
    for step in path:
        text = below(text, step if isinstance(step, (str, int)) else ANY_ITEM)
    return text or "."


def united(several: Iterable[Iterable[str]]) -> Iterator[str]:
    """The members of several rows, each once, in the order in which they first come."""
    yield from dict.fromkeys(each for row in several for each in row)
