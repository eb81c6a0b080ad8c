"""`html`: one page that needs nothing else, of the style and with the filters of `cfgc diff --format html`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfgc.diagnostics import Severity
from cfgc.history.views.page import asset, content_policy, template
from cfgc.history.views.rows import value_block
from cfgc.history.views.words import counted, value_text
from cfgc.model.location import Location
from cfgc.model.values import MASK
from cfgc.reports.gaps.analysis import Analysis, Cell
from cfgc.reports.gaps.gap import VERDICTS
from cfgc.reports.gaps.views import Shown
from cfgc.reports.gaps.views.bundles import NO_COMPONENT, bundles, inside, sections, serious
from cfgc.reports.gaps.views.svg import heat_map

if TYPE_CHECKING:
    from jinja2 import Template

_VALUE = 80


def render(analysis: Analysis, _shown: Shown) -> str:
    """One page."""
    style, script = asset("page.css") + _own("gaps.css"), asset("page.js")
    counts = analysis.counts()
    return _template().render(
        style=style,
        script=script,
        policy=content_policy(style, script),
        analysis=analysis,
        counts=counts,
        verdicts=VERDICTS,
        worst={name: min(each.severity for each in analysis.new if each.verdict == name) for name in counts},
        numbers=[(str(level), counted(analysis.count(level), str(level))) for level in Severity],
        serious=serious(analysis),
        notes=bundles(analysis),
        sections=sections(analysis),
        picture=heat_map(analysis, alone=False) if analysis.new else "",
        no_component=NO_COMPONENT,
    )


def _value(cell: Cell) -> str:
    """A value on one line."""
    return MASK if cell.value == MASK else value_text(cell.value, _VALUE)


def _full(cell: Cell) -> str:
    """What a pointer that rests on the value sees."""
    return value_block(cell.value)


def _place(location: Location | None) -> str:
    return str(location) if location else ""


@cache
def _template() -> Template:
    filters: dict[str, Any] = {
        "place": _place, "value": _value, "full": _full, "inside": inside,
        "counted": counted,
    }  # fmt: skip
    return template(_own("page.html.j2"), filters)


def _own(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
