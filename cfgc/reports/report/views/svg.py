"""Charts as inline SVG. Colours are classes of the page's style sheet, so that they are light and dark as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html import escape
from math import pi

from cfgc.history.views.words import counted
from cfgc.reports.report.activity import Edit
from cfgc.reports.report.model import Health

_RADIUS, _BOX = 52, 128
_COLUMNS = 53
_WIDTH, _HEIGHT = 1080, 130


def ring(health: Health) -> str:
    """The score as a part of a circle, with its number inside."""
    round_ = 2 * pi * _RADIUS
    done = round_ * health.score / 100
    middle = _BOX // 2
    circle = f'cx="{middle}" cy="{middle}" r="{_RADIUS}" fill="none" stroke-width="13"'
    return (
        f'<svg class="ring {health.grade}" viewBox="0 0 {_BOX} {_BOX}" role="img" '
        f'aria-label="{health.score} of 100 points">'
        f'<circle class="track" {circle}/>'
        f'<circle class="done" {circle} stroke-linecap="{"round" if health.score else "butt"}" '
        f'stroke-dasharray="{done:.2f} {round_:.2f}" transform="rotate(-90 {middle} {middle})"/>'
        f'<text x="{middle}" y="{middle + 8}" text-anchor="middle" class="score">{health.score}</text>'
        f'<text x="{middle}" y="{middle + 26}" text-anchor="middle" class="of">of 100</text></svg>'
    )


def bar(value: float, most: float, tone: str = "plain") -> str:
    """One bar of a table: how much of the most a value is."""
    share = 100 * value / most if most else 0
    return (
        f'<svg class="bar {tone}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="8"/><rect class="done" width="{share:.2f}" height="8"/></svg>'
    )


def columns(edits: Sequence[Edit], first: str, last: str) -> str:
    """How many values were changed, day by day, or in as many days as make it so few columns that one can see them."""
    start, days = date.fromisoformat(first), _days(first, last)
    wide = -(-days // _COLUMNS)
    counts = [0] * -(-days // wide)
    for each in edits:
        at = min(max(_days(first, each.date) - 1, 0) // wide, len(counts) - 1)
        counts[at] += each.keys
    label = f"{counted(sum(counts), 'value')} changed between {first} and {last}"
    step = _WIDTH / len(counts)
    marks = "".join(_column(index, count, max(counts), step, start, wide) for index, count in enumerate(counts))
    return (
        f'<svg class="columns" viewBox="0 0 {_WIDTH} {_HEIGHT + 1}" role="img" aria-label="{escape(label)}">'
        f'<line class="axis" x1="0" y1="{_HEIGHT}.5" x2="{_WIDTH}" y2="{_HEIGHT}.5"/>{marks}</svg>'
    )


def _column(index: int, count: int, most: int, step: float, start: date, wide: int) -> str:
    if not count:
        return ""
    day = start + timedelta(days=index * wide)
    when = day.isoformat() if wide == 1 else f"{day} and {wide - 1} days after"
    height = max(3.0, (_HEIGHT - 16) * count / most)
    width = max(1.0, min(step * 0.78, 26))
    x, y = index * step + (step - width) / 2, _HEIGHT - height
    number = f'<text class="count" x="{x + width / 2:.2f}" y="{y - 4:.2f}" text-anchor="middle">{count}</text>'
    return (
        f"<g><title>{when}: {counted(count, 'value')}</title>"
        f'<rect class="done" x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" rx="2"/>{number}</g>'
    )


def _days(first: str, last: str) -> int:
    """How many days there are from the first to the last, both counted; one at least."""
    try:
        return max(1, (date.fromisoformat(last) - date.fromisoformat(first)).days + 1)
    except ValueError:  # a commit whose date nobody can read
        return 1


def stacked(parts: Sequence[tuple[str, int]]) -> str:
    """Numbers side by side as one bar; each with the class it is drawn in."""
    whole = sum(number for _, number in parts)
    return (
        '<svg class="stacked" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(_stack(parts, whole))}</svg>"
    )


def _stack(parts: Sequence[tuple[str, int]], whole: int) -> Iterator[str]:
    at = 0.0
    for name, number in parts:
        if number:
            width = 100 * number / whole
            yield f'<rect class="{name}" x="{at:.2f}" width="{width:.2f}" height="8"/>'
            at += width
