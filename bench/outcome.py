"""What a case found: its rows, and which of its promises are kept (issue: Fast at fleet size, section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.measure import Row


@dataclass(frozen=True)
class Promise:
    """A figure that is promised, and what was reached; `at` says on which side of `needed` it has to be."""

    what: str
    reached: float
    needed: float
    at: str = "most"
    unit: str = "times"

    @property
    def kept(self) -> bool:
        return self.reached <= self.needed if self.at == "most" else self.reached >= self.needed

    @property
    def used(self) -> float:
        """The part of what is allowed that is used: 1.0 is the limit."""
        return self.reached / self.needed if self.at == "most" else self.needed / self.reached

    def __str__(self) -> str:
        return f"{self.what}: {self.reached:.2f} {self.unit}, at {self.at} {self.needed:g}"


@dataclass(frozen=True)
class Outcome:
    """One case. `base` is the row that the others are compared with; `notes` say what else was found."""

    case: str
    title: str
    rows: Sequence[Row]
    base: str
    promises: Sequence[Promise] = ()
    notes: Sequence[str] = ()
    wrong: Sequence[str] = ()
    """what makes the figures worthless: values that disagree"""

    def row(self, name: str) -> Row:
        return next(row for row in self.rows if row.name == name)

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "promises": [{**asdict(each), "kept": each.kept} for each in self.promises]}


def times(case: str, title: str, rows: Sequence[Row], limits: dict[str, float], base: str) -> Outcome:
    """The outcome of rows that may cost a number of times what their base costs, by the processor."""
    one = next(row for row in rows if row.name == base)
    promises = [
        Promise(f"`{row.name}` against `{base}`", row.processor / one.processor, limits[row.name])
        for row in rows
        if row.name in limits
    ]
    return Outcome(case, title, rows, base, promises)
