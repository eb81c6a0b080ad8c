"""YAML as people write it: the same data in many styles, with comments, drawn by Hypothesis."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

KEYS = st.sampled_from(["a", "b", "c", "name", "log level", "on", "x.y", "é", "1"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-99, 9999),
    st.sampled_from([0.5, 1e20, -0.0]),
    st.sampled_from(["", "x", "it's", 'say "hi"', "yes", "1", "a: b", "# no", " lead", "t\t", "é€", "[", "~"]),
    st.sampled_from(["two\nlines\n", "two\nlines"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
TREES = st.dictionaries(KEYS, VALUES, max_size=4)


@dataclass(frozen=True)
class Habits:
    """How somebody writes: what stands in brackets, how deep to indent, where remarks stand."""

    step: int
    dash: int
    newline: str
    final: bool
    brackets: int
    comments: bool
    blank: bool


HABITS = st.builds(
    Habits,
    step=st.sampled_from([2, 4, 3]),
    dash=st.sampled_from([0, 2]),
    newline=st.sampled_from(["\n", "\r\n"]),
    final=st.booleans(),
    brackets=st.integers(0, 3),
    comments=st.booleans(),
    blank=st.booleans(),
)


class Writer:
    """Writes data in somebody's style. Every comment is numbered, so that a lost one is noticed."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self.number = 0

    def text(self, data: dict[str, Any]) -> str:
        lines = self._map(data, 0)
        text = self.habits.newline.join(lines)
        return text + (self.habits.newline if self.habits.final and lines else "")

    def _remark(self) -> str:
        self.number += 1
        return f"  # remark {self.number}" if self.habits.comments else ""

    def _map(self, data: dict[str, Any], column: int) -> list[str]:
        lines: list[str] = []
        for key, value in data.items():
            if self.habits.blank and lines:
                lines.append("")
            if self.habits.comments:
                lines.append(" " * column + self._remark().strip())
            lines += self._entry(" " * column + json.dumps(key, ensure_ascii=False) + ":", value, column)
        return lines

    def _entry(self, head: str, value: Any, column: int) -> list[str]:
        if isinstance(value, dict) and value and self._open(column):
            return [head + self._remark(), *self._map(value, column + self.habits.step)]
        if isinstance(value, list) and value and self._open(column):
            deeper = column + self.habits.dash
            items = [line for item in value for line in self._item(item, deeper)]
            return [head + self._remark(), *items]
        if isinstance(value, str) and value == "two\nlines\n" and self.habits.final:
            pad = " " * (column + self.habits.step)
            return [f"{head} |{self._remark()}", f"{pad}two", f"{pad}lines"]
        return [f"{head} {json.dumps(value, ensure_ascii=False)}{self._remark()}"]

    def _item(self, value: Any, column: int) -> list[str]:
        if isinstance(value, dict) and value and self._open(column):
            first, *rest = self._map(value, column + 2)
            if first.strip().startswith("#"):
                return [" " * column + "- " + first.strip(), *rest]
            return [" " * column + "- " + first[column + 2 :], *rest]
        return [f"{' ' * column}- {json.dumps(value, ensure_ascii=False)}{self._remark()}"]

    def _open(self, column: int) -> bool:
        return column <= self.habits.brackets * self.habits.step
