"""`svg`: a heat map of components and verdicts. Colours are attributes, so that a page may allow itself no style."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from cfgc.diagnostics import Severity
from cfgc.history.views.words import counted
from cfgc.model.text import cut, inline
from cfgc.reports.gaps.analysis import Analysis
from cfgc.reports.gaps.views import Shown
from cfgc.reports.gaps.views.bundles import NO_COMPONENT, ordered

_MOST = 60
"""so many components are shown, those with the worst gaps"""
_LEFT, _TOP, _WIDTH, _HEIGHT, _GAP = 268, 116, 62, 24, 3
_LONGEST = 36
_SHADES = {
    Severity.ERROR: ("#f9c6c1", "#ee8a82", "#dc4f45"),
    Severity.WARNING: ("#fbe3a8", "#f5c75a", "#e6a417"),
    Severity.NOTE: ("#d9e6f7", "#b4cfef", "#86b0e3"),
}
_INK = "#1c2430"


class Heat(NamedTuple):
    """How many gaps a component has of a verdict, and the worst of their severities."""

    number: int
    worst: Severity


class Sheet(NamedTuple):
    """The heat map as data; `left_out` counts the components that there is no room for."""

    verdicts: tuple[str, ...]
    rows: tuple[tuple[str, dict[str, Heat]], ...]
    left_out: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return _LEFT + _WIDTH * len(self.verdicts) + 60, _TOP + _HEIGHT * (len(self.rows) + bool(self.left_out)) + 10


def render(analysis: Analysis, _shown: Shown) -> str:
    """A picture that stands alone, on a white ground."""
    return heat_map(analysis, alone=True) + "\n"


def heat_map(analysis: Analysis, *, alone: bool) -> str:
    """The picture; inside a page its text has the colour of the page."""
    sheet = heat(analysis)
    width, height = sheet.size
    label = f"{counted(len(analysis.new), 'gap')} by component and verdict"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{label}" font-family="system-ui, DejaVu Sans, sans-serif" font-size="12">'
    )
    ground = f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>' if alone else ""
    ink = _INK if alone else "currentColor"
    return "\n".join((head + ground, f'<g fill="{ink}">', *_marks(sheet), "</g>", "</svg>"))


def heat(analysis: Analysis) -> Sheet:
    """Counts of new gaps; only verdicts and components that have one, components in their order."""
    found: dict[str, dict[str, Heat]] = {}
    for each in analysis.new:
        row = found.setdefault(each.component, {})
        before = row.get(each.verdict, Heat(0, each.severity))
        row[each.verdict] = Heat(before.number + 1, min(before.worst, each.severity))
    worst = sorted(found, key=lambda name: _badness(found[name]))[:_MOST]
    names = ordered(analysis, worst)
    return Sheet(tuple(analysis.counts()), tuple((name, found[name]) for name in names), len(found) - len(names))


def _badness(row: dict[str, Heat]) -> tuple[int, ...]:
    """A sort key, the worst first."""
    return tuple(-sum(heat.number for heat in row.values() if heat.worst is level) for level in Severity)


def _marks(sheet: Sheet) -> Iterator[str]:
    most = {
        verdict: max((row[verdict].number for _, row in sheet.rows if verdict in row), default=0)
        for verdict in sheet.verdicts
    }
    for column, verdict in enumerate(sheet.verdicts):
        x, y = _LEFT + _WIDTH * column + _WIDTH // 2 - 4, _TOP - 10
        yield f'<text x="{x}" y="{y}" transform="rotate(-38 {x} {y})">{escape(verdict)}</text>'
    for line, (name, row) in enumerate(sheet.rows):
        y = _TOP + _HEIGHT * line
        shown = escape(cut(inline(name) or NO_COMPONENT, _LONGEST))
        yield f'<text x="{_LEFT - 10}" y="{y + 16}" text-anchor="end">{shown}</text>'
        for column, verdict in enumerate(sheet.verdicts):
            yield from _cell((_LEFT + _WIDTH * column, y), row.get(verdict), most[verdict], f"{name} {verdict}")
    if sheet.left_out:
        y = _TOP + _HEIGHT * len(sheet.rows) + 16
        yield f'<text x="{_LEFT - 10}" y="{y}" text-anchor="end">and {sheet.left_out} more</text>'


def _cell(corner: tuple[int, int], found: Heat | None, most: int, title: str) -> Iterator[str]:
    x, y = corner
    box = f'x="{x}" y="{y}" width="{_WIDTH - _GAP}" height="{_HEIGHT - _GAP}" rx="3"'
    if found is None:
        yield f'<rect {box} fill-opacity="0.05"/>'
        return
    shade = _SHADES[found.worst][min(2, 3 * found.number // (most + 1))]
    yield f'<g><title>{escape(inline(title))}: {found.number}</title><rect {box} fill="{shade}"/>'
    middle = x + (_WIDTH - _GAP) // 2
    yield f'<text x="{middle}" y="{y + 15}" text-anchor="middle" fill="{_INK}">{found.number}</text></g>'
