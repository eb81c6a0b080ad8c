"""The chart of docs/benchmarks.svg: cfgc beside its peers, and how much of each promise is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bench.outcome import Promise
from bench.report import Report, seconds

_WIDTH, _LEFT, _RIGHT = 860, 280, 150
_BAR, _STEP, _HEAD = 16, 26, 64
_ROOM = _WIDTH - _LEFT - _RIGHT
_ABOUT = "cfgc beside its peers, and how much of each promise is used"
_MOST_USED = 2.0
"""Times a promise at which a bar ends: what is beyond has an arrow"""


@dataclass(frozen=True)
class Bar:
    """A line of a panel; `share` of the whole width, `kind` is a class of the style sheet."""

    name: str
    share: float
    text: str
    kind: str


def svg(report: Report) -> str:
    """The chart as a document of its own, readable on light and dark pages."""
    peers, promises = _peers(report), _promises(report)
    first = _HEAD + len(peers) * _STEP
    height = first + _HEAD + len(promises) * _STEP + 16
    limit = _LEFT + _ROOM / _MOST_USED
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{_ABOUT}">',
        _STYLE,
        f'<rect class="page" width="{_WIDTH}" height="{height}"/>',
        *_panel(0, "Cold render of 200 components, 2 overlays: seconds of the processor", "shorter is better", peers),
        *_panel(first, "Promises: the part of what is allowed that is used", "left of the line is kept", promises),
        f'<line class="limit" x1="{limit}" x2="{limit}" y1="{first + _HEAD - 10}" y2="{height - 14}"/>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


_STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.small { fill: #57606a; font-size: 12px }
.page { fill: #ffffff }
.ours { fill: #1a7f37 }
.peer { fill: #8c959f }
.missed { fill: #cf222e }
.limit { stroke: #24292f; stroke-dasharray: 4 3 }
</style>"""


def _panel(top: int, title: str, hint: str, bars: Sequence[Bar]) -> Iterator[str]:
    yield f'<text class="title" x="16" y="{top + 28}">{escape(title)}</text>'
    yield f'<text class="small" x="16" y="{top + 46}">{escape(hint)}</text>'
    for number, bar in enumerate(bars):
        y = top + _HEAD + number * _STEP
        width = max(2.0, bar.share * _ROOM)
        yield f'<text x="{_LEFT - 10}" y="{y + 13}" text-anchor="end">{escape(bar.name)}</text>'
        yield f'<rect class="{bar.kind}" x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2"/>'
        yield f'<text class="small" x="{_LEFT + _ROOM + 10}" y="{y + 13}">{escape(bar.text)}</text>'


def _peers(report: Report) -> list[Bar]:
    found = [outcome for outcome in report.outcomes if outcome.case == "cold-medium"]
    if not found:
        return []
    (outcome,) = found
    one, most = outcome.row(outcome.base), max(row.processor for row in outcome.rows)
    bars = []
    for row in sorted(outcome.rows, key=lambda row: row.processor):
        ratio = "" if row is one else f", {row.processor / one.processor:.1f} times"
        kind = "ours" if row is one else "peer"
        bars.append(Bar(row.name, row.processor / most, seconds(row.processor) + ratio, kind))
    return bars


def _promises(report: Report) -> list[Bar]:
    return [_promise(f"{outcome.case}: {_short(promise.what)}", promise) for outcome, promise in report.promises]


def _promise(name: str, promise: Promise) -> Bar:
    share = min(1.0, promise.used / _MOST_USED)
    beyond = " →" if promise.used > _MOST_USED else ""
    text = f"{promise.used * 100:.0f} %{beyond}, {'kept' if promise.kept else 'missed'}"
    return Bar(name if len(name) <= 36 else f"{name[:35]}…", share, text, "ours" if promise.kept else "missed")


def _short(what: str) -> str:
    return what.replace("`", "").removeprefix("faster than ").partition(" against")[0]
