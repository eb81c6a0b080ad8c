"""Two keys of one map that look the same and are not: Cyrillic `а` for Latin `a`, two spellings of one accent.

Why: nobody can see which of them a line sets.
Fix: write both with the same letters, or remove one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Document
from cfgc.model.values import Marked, Value
from cfgc.stages.check.rules.estate import Estate

NAME = "lookalike-keys"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each group of such keys in one map of one file."""
    for document in estate.documents():
        for path, group in estate.once(NAME, document, partial(_groups, estate, document)):
            yield _finding(estate, document, path, group)


def _groups(estate: Estate, document: Document) -> list[tuple[KeyPath, tuple[str, ...]]]:
    """The keys of a document that look alike, with the map they stand in."""
    return [(path, group) for path, keys in _maps(document.data, ()) for group in estate.lookalikes(keys)]


def _finding(estate: Estate, document: Document, path: KeyPath, group: tuple[str, ...]) -> Diagnostic:
    places = [estate.locator.key(document.file.path, (*path, key)) for key in group]
    points = [", ".join(f"U+{ord(letter):04X}" for letter in key if not letter.isascii()) or "ASCII" for key in group]
    return report(
        NAME,
        at=places[-1],
        path=(*document.file.at, *path, group[-1]),
        related=[Label(place, point) for place, point in zip(places[:-1], points, strict=False)],
        key=group[-1],
        points=points[-1],
    )


def _maps(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, list[str]]]:
    if isinstance(value, Marked):
        value = value.value
    if isinstance(value, dict):
        yield path, list(value)
        for key, item in value.items():
            yield from _maps(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _maps(item, (*path, index))
