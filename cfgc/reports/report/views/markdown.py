"""`markdown`: the page `reports/config_report_YYYYMMDD.md`. Foreign text stands in code alone (THREATS O10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfgc.history.views.bounded import Block, Section, Sheet
from cfgc.history.views.words import counted
from cfgc.model.markdown import code, header, prose, row, without_actions
from cfgc.reports.report.model import NO_OWNER, Found, Health, Snapshot
from cfgc.reports.report.period import Changed, Period, Report
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

LIMIT = 200_000
"""characters"""
_MARKS = {"good": "✅", "fair": "⚠️", "poor": "❌", "none": ""}
_STANDINGS = {"ended": "❌", "ending": "⚠️", "in-force": ""}
_NAMES = 12
_BAR = 20


def render(report: Report, *, color: bool) -> str:
    """One page, which shows what is meant whatever the keys and values are."""
    del color
    sheet = Sheet(LIMIT - 2000)
    for section in _sections(report):
        sheet.add(section)
    return without_actions("\n".join((*_head(report), *_left_out(sheet), *sheet.lines))) + "\n"


def _head(report: Report) -> Iterator[str]:
    now, period, _ = report
    yield from (f"# Configuration report of {now.date}", "")
    where = f"commit {code(now.commit[:12])}" if now.commit else WITHOUT_COMMITS
    edits = "" if now.clean or not now.commit else " and edits that are not committed"
    yield f"Project {code(now.project)}, {where}{edits}. Made by `cfgc report` without any key."
    if period:
        yield f"Compared with the report of {period.past.date} ({code(known_as(period.past))})."
    yield from ("", *_score(now.health, period), "")
    yield from header(("", "What", "Detail"))
    for tile in tiles(report):
        yield row((_MARKS[tile.grade], f"**{tile.value}** {tile.label}", prose(tile.detail)))


def _score(health: Health, period: Period | None) -> Iterator[str]:
    change = delta(health.score, period.past.score) if period else ""
    yield f"## {_MARKS[health.grade]} Health: {health.score} of 100{f' ({change})' if change else ''}"
    yield ""
    if health.failing:
        yield from ("An environment has errors; no score makes up for that.", "")
    yield from header(("Part", "", "Points#", "of#", "Because"))
    for part in health.parts:
        full = _BAR * part.tenths // (part.weight * 10)
        points = f"{part.tenths / 10}"
        moved = delta(part.tenths / 10, period.past.points.get(part.name)) if period else ""
        if part.all:
            why = f"{part.good} of {part.all} {part.means}"
        else:
            why = f"nothing to judge: {part.means}" if part.tenths else "cannot be told while an environment is broken"
        drawn = f"`{'█' * full}{'░' * (_BAR - full)}`"
        yield row((part.name, drawn, f"{points}{f' ({moved})' if moved else ''}", str(part.weight), why))


def _left_out(sheet: Sheet) -> Iterator[str]:
    if sheet.left_out:
        words = " and ".join(f"{number:,} {unit}" for unit, number in sheet.left_out.items())
        yield from ("", f"**{words} are left out**, because this page holds {LIMIT:,} characters at most.")


def _sections(report: Report) -> Iterator[Section]:
    now, period, _ = report
    blocks = [_environments(now), _found("### Errors and warnings", now.findings), *_gaps(report)]
    if period:
        blocks += _period(period)
    blocks += [_recipients(now), _secrets(now), _waivers(now), _owners(now), *_inventory(report)]
    yield from (Section((), [block]) for block in blocks if block.rows)


def _environments(now: Snapshot) -> Block:
    titles = ("Environment", "errors#", "warnings#", "notes#", "components#", "keys#", "artifacts#", "Layers")
    rows = []
    for each in now.environments:
        mark = "❌" if each.errors or not each.compiles else "⚠️" if each.warnings else "✅"
        name = f"{mark} {code(each.name)}{' **production**' if each.production else ''}"
        name += "" if each.compiles else " (does not compile)"
        counts = (each.errors, each.warnings, each.notes, each.components, each.keys, each.artifacts)
        rows.append(row((name, *map(str, counts), _listed(each.layers))))
    return Block(("", "## Validation", "", *header(titles)), rows, unit="environments")


def _found(title: str, found: Sequence[Found], new: frozenset[Found] = frozenset(), tail: str = "") -> Block:
    rows = []
    for each in found:
        kind = f"{each.severity!s} {code(each.kind)}{' **new**' if each in new else ''}"
        rows.append(
            row((kind, prose(each.message), code(each.place, 300), _listed(each.environments), prose(each.cure)))
        )
    head = ("", title, "", *header(("Kind", "Finding", "Line", "Environments", "Cure")))
    return Block(head, rows, ("", tail) if tail else (), "findings")


def _gaps(report: Report) -> Iterator[Block]:
    now, period, _ = report
    if now.gaps is None:
        yield Block(("", "## Gaps", ""), ["They cannot be told while an environment does not compile."])
        return
    rows = [
        row((f"{each.severity} {code(each.verdict)}", str(each.now), delta(each.now, each.before) or "·", each.means))
        for each in verdict_rows(report)
    ]
    yield Block(("", "## Gaps", "", *header(("Verdict", "Gaps#", "Change#", "What it means"))), rows)
    shown = own_gaps(now)
    more = len(now.gaps.found) - len(shown)
    twice = f"The validation above tells of {counted(more, 'more gap')}." if more else ""
    yield _found("### Gaps that are no notes", shown, frozenset(period.new if period else ()), twice)
    if period:
        yield _found(f"### Gaps that are gone since {period.past.date}", period.gone)


def _period(period: Period) -> Iterator[Block]:
    head = ("", f"## Since {period.past.date}", "")
    if period.changes is None:
        yield Block(head, [f"The values were not compared: {prose(period.why)}."])
    else:
        kinds = [f"{number} {kind.replace('-', ' ')}" for kind, number in period.changes.kinds.items() if number]
        yield Block(head, [f"Effective values: {', '.join(kinds)}." if kinds else "No effective value is another."])
        rules = [row((kind, code(file), status)) for kind, file, status in period.changes.rules]
        yield Block(("", "### Rules that changed", "", *header(("Kind", "File", "Change"))), rules)
        more = ("", f"{period.changes.left_out} more are told by `cfgc diff`.") if period.changes.left_out else ()
        titles = ("Key path", "Change", "Old → new", "Environments", "Line", "Commit")
        changed = [_changed(each) for each in period.changes.rows]
        yield Block(("", "### Values that changed", "", *header(titles)), changed, more, "values")
    yield from _activity(period)


def _changed(found: Changed) -> str:
    values = " → ".join(code(value, 100) for value in (found.old, found.new) if value)
    commit = f"{code(found.commit[:9])} {code(found.author, 40)}" if found.commit else ""
    kind = found.kind.replace("-", " ")
    return row((code(found.path, 300), kind, values, _listed(found.environments), code(found.place, 300), commit))


def _activity(period: Period) -> Iterator[Block]:
    found = period.activity
    if found is None:
        return
    most = [
        row((code(each.path, 300), f"`{'█' * (_BAR * each.commits // found.keys[0].commits)}`", str(each.commits)))
        for each in found.keys
    ]
    yield Block(("", "### Keys changed most", "", *header(("Key path", "", "Commits#"))), most, unit="keys")
    rows = [
        row((code(each.id[:9]), each.date, code(each.author, 40), code(each.subject, 100), str(each.keys)))
        for each in found.edits
    ]
    head = ("", "### Commits that changed values", "", *header(("Commit", "Date", "Author", "Subject", "Values#")))
    newest = f"the newest {counted(found.commits, 'commit')} of the period were looked at"
    yield Block(head, rows, () if found.whole else ("", f"Only {newest}."), "commits")


def _secrets(now: Snapshot) -> Block:
    rows = []
    for file, each in ages(now.secrets):
        age = f"{'⚠️ ' * each.old}{days(each)}"
        told = (age, each.since) if now.commit else ()
        rows.append(row((code(each.path, 300), *told, code(file, 300), _listed(each.environments))))
    titles = ("Secret", *(("Unchanged for", "Since") if now.commit else ()), "File", "Environments")
    return Block(("", *header(titles)), rows, unit="secrets")


def _recipients(now: Snapshot) -> Block:
    found = recipients(now.secrets)
    rows = [row((code(name), _listed(layers), str(number))) for name, layers, number in found]
    return Block(("", "## Secrets", "", *header(("Who can decrypt", "Layers", "Files#"))), rows, unit="recipients")


def _waivers(now: Snapshot) -> Block:
    rows = []
    for each in now.waivers:
        what = f"{_STANDINGS[each.standing]} {code(each.policy)} for {code(each.component)}".strip()
        where = code(each.environment) or "all"
        left = f"{counted(each.left, 'day')} left" if each.left >= 0 else f"{-each.left} days ago"
        rows.append(row((what, where, code(each.owner), prose(each.reason), f"{each.until}, {left}", code(each.place))))
    titles = ("Waiver", "Environment", "Owner", "Reason", "Until", "Line")
    return Block(("", "## Waivers", "", *header(titles)), rows, unit="waivers")


def _owners(now: Snapshot) -> Block:
    rows = []
    for each in now.owners:
        name = "**nobody**" if each.name == NO_OWNER else code(each.name)
        counts = (each.errors, each.warnings, each.gaps, each.waivers)
        rows.append(row((name, _listed(each.components, 40), *map(str, counts))))
    titles = ("Owner", "Components", "errors#", "warnings#", "gaps#", "waivers#")
    return Block(("", "## Owners", "", *header(titles)), rows, unit="owners")


def _inventory(report: Report) -> Iterator[Block]:
    now, period, _ = report
    rows = [row((words, f"{number:,}")) for words, number in numbers(now.inventory)]
    yield Block(("", "## Inventory", "", *header(("What", "Number#"))), rows)
    roles = [row((role, str(number))) for role, number in now.inventory.roles().items()]
    yield Block(("", *header(("Role", "Files#"))), roles)
    if period:
        files = [f"- new {code(path, 300)}" for path in period.added]
        files += [f"- gone {code(path, 300)}" for path in period.removed]
        yield Block(("", "### Sources that came and went", ""), files, unit="files")


def _listed(names: Sequence[str], most: int = _NAMES) -> str:
    shown = ", ".join(code(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
