"""`text`: the report on one screen, for a terminal. The page has the rest."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics.renderers.paint import Paint, painter
from cfgc.model.text import inline
from cfgc.reports.report.model import Health
from cfgc.reports.report.period import Report
from cfgc.reports.report.views.words import delta, known_as, tiles

_STYLES = {"good": "help", "fair": "warning", "poor": "error"}
_MOST = 10
_BAR = 24


def render(report: Report, *, color: bool) -> str:
    """The head of the report and what needs attention first."""
    return "".join(f"{line}\n" for line in _lines(report, painter(color=color)))


def _lines(report: Report, paint: Paint) -> Iterator[str]:
    now, period, _ = report
    commit = f", commit {now.commit[:12]}{'' if now.clean else ' and edits'}" if now.commit else ""
    yield f"{inline(now.project)}: configuration report of {now.date}{commit}"
    if period:
        yield f"compared with {period.past.date} ({inline(known_as(period.past))})"
    yield ""
    yield from _health(now.health, report, paint)
    yield ""
    for tile in tiles(report):
        value = f"{tile.value:>6}"
        shown = paint(_STYLES[tile.grade], value) if tile.grade in _STYLES else value
        yield f"{shown}  {tile.label:20} {inline(tile.detail)}".rstrip()
    found = [*now.findings, *(now.gaps.found if now.gaps else ())]
    if found:
        yield from ("", paint("strong", "what needs attention"))
    for each in found[:_MOST]:
        kind = paint(str(each.severity), f"{each.severity}[{inline(each.kind)}]")
        yield f"  {kind} {inline(each.message)}  {inline(each.place)}"
    if len(found) > _MOST:
        yield f"  and {len(found) - _MOST} more: `--format html`"


def _health(health: Health, report: Report, paint: Paint) -> Iterator[str]:
    past = report.period.past if report.period else None
    moved = delta(health.score, past.score) if past else ""
    said = f"health {health.score} of 100{f' ({moved})' if moved else ''}"
    yield paint(_STYLES[health.grade], f"{said}, but an environment has errors" if health.failing else said)
    for part in health.parts:
        full = _BAR * part.tenths // (part.weight * 10)
        told = "nothing to judge" if part.tenths else "cannot be told while an environment does not compile"
        why = f"{part.good} of {part.all} {part.means}" if part.all else told
        bar = f"{'█' * full}{'░' * (_BAR - full)}"
        yield f"  {part.name:10} {bar} {part.tenths / 10:5} of {part.weight:2}  {why}"
