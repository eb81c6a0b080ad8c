"""`html`: one page that needs nothing else, of the style and with the filters of `cfgc diff --format html`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfgc.history.views.page import asset, content_policy, template
from cfgc.history.views.words import counted
from cfgc.reports.report.health import WEIGHTS
from cfgc.reports.report.model import NO_OWNER, Snapshot
from cfgc.reports.report.period import Period, Report
from cfgc.reports.report.views.svg import bar, columns, ring, stacked
from cfgc.reports.report.views.words import (
    WITHOUT_COMMITS,
    ages,
    days,
    delta,
    known_as,
    numbers,
    own_gaps,
    recipients,
    tiles,
    verdict_rows,
)

if TYPE_CHECKING:
    from jinja2 import Template


def render(report: Report, *, color: bool) -> str:
    """One page."""
    del color
    style, script = asset("page.css") + _own("report.css"), asset("page.js")
    now, period, _ = report
    return _template().render(
        style=style,
        script=script,
        policy=content_policy(style, script),
        now=now,
        period=period,
        tiles=tiles(report),
        verdicts=verdict_rows(report),
        gaps=own_gaps(now),
        new=set(period.new) if period else set(),
        components=_components(now, period),
        chart=_chart(now, period),
        weights=WEIGHTS,
        no_owner=NO_OWNER,
        without_commits=WITHOUT_COMMITS,
    )


def _components(now: Snapshot, period: Period | None) -> list[str]:
    """The components that a row is about, by name."""
    rows: list[Any] = [*now.findings, *(now.gaps.found if now.gaps else ()), *now.waivers]
    rows += [each for file in now.secrets for each in file.secrets]
    if period:
        rows += [*period.gone, *(period.changes.rows if period.changes else ())]
        rows += period.activity.keys if period.activity else ()
    return sorted({each.component for each in rows} - {""})


def _chart(now: Snapshot, period: Period | None) -> str:
    if not period or not period.activity or not period.activity.edits:
        return ""
    return columns(period.activity.edits, period.past.date, now.date)


@cache
def _template() -> Template:
    filters: dict[str, Any] = {
        "counted": counted, "delta": delta, "days": days,
        "numbers": numbers, "ages": ages, "recipients": recipients,
        "known_as": known_as, "ring": ring, "bar": bar, "stacked": stacked,
    }  # fmt: skip
    return template(_own("page.html.j2"), filters)


def _own(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
