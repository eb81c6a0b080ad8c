"""Keys that nobody can tell apart: the same after compatibility folding and after folding letters of other scripts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

_LOOKS_LIKE: Final = str.maketrans(
    # Cyrillic
    "авсԁеԍһіјӏкмоԛрѕтуԝхѵАВСЕԌНІЈКМОРԚЅТУԜХ"
    # Greek
    "αικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
    # Armenian, and Latin letters with another shape
    "օսհɑɡı"
    # dashes and quotation marks
    "‐‑‒–—―−‘’“”",
    "abcdeghijlkmoqpstywxvABCEGHIJKMOPQSTYWXaikvoptuxABEZHIKMNOPTYXouhagi-------''\"\"",
)


def lookalikes(keys: Iterable[str]) -> list[tuple[str, ...]]:
    """The groups of different keys that look the same, in the order of their first members (THREATS Y12).

    Keys that differ in case only, or in `0` and `O`, do not count: those a reader sees.
    """
    groups: dict[str, list[str]] = {}
    every = list(dict.fromkeys(keys))
    if all(key.isascii() for key in every):
        return []
    for key in every:
        groups.setdefault(_skeleton(key), []).append(key)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _skeleton(key: str) -> str:
    return normalize("NFKC", normalize("NFKC", key).translate(_LOOKS_LIKE))
