"""What a notification says of a validation, a report or a difference: a few lines, safe for any chat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cfgc.diagnostics import Diagnostic, Severity
from cfgc.diagnostics.renderers.listing import Listing, counted
from cfgc.external.postman import Letter
from cfgc.history.difference import Difference
from cfgc.history.views.words import counted as number_of
from cfgc.history.views.words import inside_component, place_text, sign
from cfgc.model.keypath import show
from cfgc.model.text import cut, inline
from cfgc.reports.report.period import Report
from cfgc.reports.report.views.words import delta, tiles

LONGEST = 1_800
"""characters: Discord takes 2,000, the others more"""
_TITLE, _LINE, _ROWS = 120, 300, 12
_MENTION = re.compile(r"@(?=[\w<])")
_CODE = re.compile(r"<(?=[!@#\w])")


def of_validation(project: str, found: Sequence[Diagnostic], environments: Sequence[str], *, failed: bool) -> Letter:
    """The verdict, and the first findings, the worst first."""
    listing = Listing(found, lambda _file, _line: None, tuple(environments))
    findings = sorted(listing.findings(), key=lambda each: each.diagnostic.severity)
    counts = ", ".join(number_of(number, str(level)) for level, number in counted(findings).items())
    rows = []
    for each in findings:
        told = each.diagnostic
        if told.severity is not Severity.NOTE:
            where = listing.where(each)
            place = place_text(told.location)
            rows.append(f"{told.severity}[{told.code}] {told.message}  {place}{f' ({where})' if where else ''}")
    return _letter(project, f"validation {'failed' if failed else 'passed'}: {counts}", rows, failed=failed)


def of_report(report: Report, *, failed: bool) -> Letter:
    """The score, its change, and the numbers that a reader looks for first."""
    now, period, _ = report
    change = delta(now.health.score, period.past.score) if period else ""
    since = f" ({change} since {period.past.date})" if period and change else ""
    title = f"configuration health of {now.date}: {now.health.score} of 100{since}"
    rows = [f"{tile.value} {tile.label}{f' ({tile.detail})' if tile.detail else ''}" for tile in tiles(report)]
    rows += [f"{each.severity}[{each.kind}] {each.message}  {each.place}" for each in now.findings]
    return _letter(now.project, title, rows, failed=failed)


def of_difference(project: str, found: Difference, *, failed: bool) -> Letter:
    """Which keys change where; their values are for `cfgc diff` to show."""
    changes = sum(len(each.changes) for each in found.environments.values())
    title = f"{found.before} -> {found.after}: {number_of(changes, 'change')}"
    rows = [f"rules changed: {each.kind} {each.file} {each.status}" for each in found.rules]
    rows += [f"new {each.severity}[{each.code}] {each.message}" for each in found.findings.new]
    for name, environment in found.environments.items():
        production = " (production)" if environment.production else ""
        for each in environment.changes:
            path = show(inside_component(each))
            rows.append(f"{name}{production}: {sign(each.change.kind)} {each.component} {path}")
    return _letter(project, title, rows, failed=failed)


def of_failure(project: str, what: str, found: Sequence[Diagnostic]) -> Letter:
    """Why there is nothing else to tell."""
    rows = [f"{each.severity}[{each.code}] {each.message}  {place_text(each.location)}" for each in found]
    return _letter(project, f"{what} failed", rows, failed=True)


def _letter(project: str, title: str, rows: Iterable[str], *, failed: bool) -> Letter:
    name = f"{project}: " if project else ""
    return Letter(cut(_calm(f"{name}{title}"), _TITLE), _bounded(list(rows)), "failure" if failed else "success")


def _bounded(rows: list[str]) -> str:
    """The first rows, as many as there is room for, and how many there are besides."""
    lines: list[str] = []
    room = LONGEST - 40
    for each in rows[:_ROWS]:
        line = cut(_calm(each), _LINE).rstrip()
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    if len(rows) > len(lines):
        lines.append(f"and {len(rows) - len(lines)} more")
    return "\n".join(lines) or "nothing to tell"


def _calm(text: str) -> str:
    """A text on one line that calls nobody: `@channel`, `<!here>` and the like are not what they were."""
    return _CODE.sub("< ", _MENTION.sub("(at)", inline(text)))
