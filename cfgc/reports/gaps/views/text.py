"""`text`: what must be looked at one by one, as compilers write it, and how many notes there are."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Severity
from cfgc.diagnostics.renderers.paint import Paint, painter
from cfgc.history.views.words import counted
from cfgc.model.location import Location
from cfgc.model.text import inline, printable
from cfgc.reports.gaps.analysis import Analysis
from cfgc.reports.gaps.gap import VERDICTS, Gap
from cfgc.reports.gaps.views import Shown
from cfgc.reports.gaps.views.bundles import serious


def render(analysis: Analysis, shown: Shown) -> str:
    """Errors and warnings with their cures, notes with `shown.notes` only, then a line a verdict."""
    paint = painter(color=shown.color)
    gaps = analysis.new if shown.notes else serious(analysis)
    lines = [line for each in gaps for line in (*_gap(each, paint), "")]
    return "\n".join((*lines, *_summary(analysis, shown, paint))) + "\n"


def _gap(found: Gap, paint: Paint) -> Iterator[str]:
    level = paint(str(found.severity), f"{found.severity} {found.verdict}")
    yield f"{level}: {printable(found.message)}"
    if found.location is not None:
        yield f"  --> {_place(found.location)}"
    yield from (f"  ::: {_place(each.location)}  {printable(each.message)}" for each in found.related)
    if found.environments:
        yield f"   = in {', '.join(map(inline, found.environments))}"
    yield f"   = {paint('help', 'cure')}: {printable(found.cure)}"


def _place(location: Location) -> str:
    return inline(str(location))


def _summary(analysis: Analysis, shown: Shown, paint: Paint) -> Iterator[str]:
    counts = analysis.counts()
    width = max(map(len, counts), default=0)
    for verdict, number in counts.items():
        worst = min(each.severity for each in analysis.new if each.verdict == verdict)
        yield f"{number:>6}  {paint(str(worst), verdict.ljust(width))}  {VERDICTS[verdict].means}"
    if counts:
        yield ""
    for each in analysis.unclear:
        where = ", ".join(map(inline, each.environments))
        yield f"not evaluated ({each.why}): {each.verdict} of `{inline(each.subject)}` in {where}"
    numbers = ", ".join(counted(analysis.count(level), str(level)) for level in Severity)
    yield f"{', '.join(map(inline, analysis.environments))}: {numbers}{_baseline(analysis)}"
    if analysis.count(Severity.NOTE) and not shown.notes:
        yield "each note: `-v`; all of it on a page: `--format html`"


def _baseline(analysis: Analysis) -> str:
    known = len(analysis.gaps) - len(analysis.new)
    said = f"; {known} more in the baseline" if known else ""
    return said + (f", {analysis.gone} of its entries are cured" if analysis.gone else "")
