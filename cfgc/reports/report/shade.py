"""Secrets that stand in plain text, on either side of a comparison: no page repeats one because it was changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from cfgc.history.changes import Change
from cfgc.history.sides import Side
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value
from cfgc.reports.gaps.plain_text import estate_of


class Shade:
    """Hides what the schemas or the checks of any of the sides call a secret."""

    def __init__(self, sides: Iterable[Side], today: date) -> None:
        self._estates = [estate_of(side.session, list(side.examined.compiled.values()), today) for side in sides]

    def over(self, change: Change) -> Change:
        """The change with a mask in place of each such value."""
        paths = [path for path in (change.before, change.after) if path]
        return change._replace(old=self._shown(change.old, paths), new=self._shown(change.new, paths))

    def _shown(self, value: Value, paths: Sequence[KeyPath]) -> Value:
        for estate in self._estates:
            for path in paths:
                value = estate.shown(path, value)
        return value
