"""Secrets that stand in plain text, on either side of a comparison: no page repeats one because it was changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property

from cfgc.history.changes import Change
from cfgc.history.sides import Side
from cfgc.model.keypath import KeyPath
from cfgc.model.values import MASK, Value
from cfgc.reports.gaps.estate import Estate
from cfgc.reports.gaps.plain_text import estate_of
from cfgc.reports.scan.secrets.find import find_secrets


class Shade:
    """Hides what the schemas or the checks of any of the sides call a secret."""

    def __init__(self, sides: Iterable[Side], today: date) -> None:
        self._sides = tuple(sides)
        self._today = today

    @cached_property
    def _estates(self) -> list[Estate]:
        """Made when the first value is to be shown: most of a check is behind it."""
        compiled = [(side.session, list(side.examined.compiled.values())) for side in self._sides]
        return [estate_of(session, environments, self._today) for session, environments in compiled]

    def words(self, text: str) -> str:
        """The subject of a commit; a mask where somebody wrote a secret into it."""
        known = any(estate.bare.holds(text) for estate in self._estates)
        return MASK if known or find_secrets(text, None) else text

    def over(self, change: Change) -> Change:
        """The change with a mask in place of each such value."""
        paths = [path for path in (change.before, change.after) if path]
        return change._replace(old=self._shown(change.old, paths), new=self._shown(change.new, paths))

    def _shown(self, value: Value, paths: Sequence[KeyPath]) -> Value:
        for estate in self._estates:
            for path in paths:
                value = estate.shown(path, value)
        return value
