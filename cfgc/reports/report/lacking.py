"""What `cfgc gaps` says, as a report needs it."""

from __future__ import annotations

from collections.abc import Iterable

from cfgc.diagnostics import Failed, Severity
from cfgc.reports.gaps import estate
from cfgc.reports.gaps.analysis import Analysis, analyse
from cfgc.reports.gaps.gap import Gap
from cfgc.reports.report.asked import Asked, Ground
from cfgc.reports.report.model import Found, Gaps


def gaps(ground: Ground, asked: Asked) -> Gaps | None:
    """The gaps; none while an environment does not compile."""
    names = ground.side.environments
    try:
        analysis = analyse(ground.side.session, estate.Asked(names, asked.today, notice=asked.notice))
    except Failed:
        return None
    serious = tuple(_found(each) for each in analysis.gaps if each.severity is not Severity.NOTE)
    notes = sum(each.severity is Severity.NOTE for each in analysis.gaps)
    return Gaps(analysis.counts(), serious, notes, len(analysis.rows), _described(analysis))


def _described(analysis: Analysis) -> int:
    unknown = {each.subject for each in analysis.gaps if each.verdict == "undocumented"}
    return sum(not _within(row.path, unknown) for row in analysis.rows)


def _within(path: str, tops: Iterable[str]) -> bool:
    return any(path == top or path.startswith((f"{top}.", f"{top}[")) for top in tops)


def _found(found: Gap) -> Found:
    return Found(
        found.verdict,
        found.severity,
        found.subject,
        found.message,
        found.component,
        found.environments,
        f"{found.location.file}:{found.location.line}" if found.location else "",
        found.cure,
    )
