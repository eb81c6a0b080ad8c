"""What the pages of a report have in common: its numbers in a few words, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cfgc.diagnostics import Severity
from cfgc.history.views.words import counted
from cfgc.reports.gaps.gap import VERDICTS
from cfgc.reports.report.model import Found, Inventory, Sealed, SealedFile, Snapshot
from cfgc.reports.report.past import Past
from cfgc.reports.report.period import Report

NUMBERS = {
    "keys": "keys",
    "broken": "files that do not parse",
    "templates": "templates",
    "encrypted": "files with encrypted values",
    "suspected": "secrets suspected in plain text",
    "structs": "configuration types in code",
    "variables": "variables",
    "skipped": "files not read",
}


WITHOUT_COMMITS = "told without commits, which alone know how old a secret is"
TOLD_TWICE = frozenset({"missing-required", "deprecated", "plain-text-secret", "recipients-differ", "waiver-ending"})
"""verdicts of gaps that `cfgc validate` may find at the same line"""


class Tile(NamedTuple):
    """One number of the head of a page, what it is of, how it has changed, and how good it is."""

    value: str
    label: str
    detail: str
    grade: str


class VerdictRow(NamedTuple):
    """How many gaps have a verdict now and had it before; none: nobody knows."""

    verdict: str
    severity: str
    means: str
    now: int
    before: int | None


def delta(now: float, before: float | None) -> str:
    """`+2`, `−1`; empty where nothing changed, or where there is nothing to compare with."""
    if before is None or now == before:
        return ""
    change = now - before
    return f"{'+' if change > 0 else '−'}{abs(change):g}"


def known_as(past: Past) -> str:
    """What an earlier report is called; a commit by its short id."""
    return past.commit[:12] if past.name == past.commit else past.name


def own_gaps(now: Snapshot) -> tuple[Found, ...]:
    """The gaps that the findings of `cfgc validate`, which stand on the same page, do not tell already."""
    told = {each.place for each in now.findings}
    found = now.gaps.found if now.gaps else ()
    return tuple(each for each in found if each.kind not in TOLD_TWICE or each.place not in told)


def days(secret: Sealed) -> str:
    """How old a secret is, in words."""
    if secret.days is None:
        return "not committed"
    return f"{'at least ' * secret.least}{counted(secret.days, 'day')}"


def recipients(files: Sequence[SealedFile]) -> list[tuple[str, list[str], int]]:
    """Each recipient with the layers of the files that it can decrypt, and how many files these are."""
    found: dict[str, list[SealedFile]] = {}
    for file in files:
        for name in file.recipients:
            found.setdefault(name, []).append(file)
    return [(name, list(dict.fromkeys(file.layer for file in mine)), len(mine)) for name, mine in sorted(found.items())]


def ages(files: Sequence[SealedFile]) -> list[tuple[str, Sealed]]:
    """Each secret with its file, the oldest first; what is not committed last."""
    found = [(file.file, each) for file in files for each in file.secrets]
    return sorted(found, key=lambda each: (each[1].since or "9", each[0], each[1].path))


def numbers(inventory: Inventory) -> list[tuple[str, int]]:
    """The numbers of the inventory worth a line: the sources, and what there is any of."""
    rest = [(words, inventory.numbers.get(name, 0)) for name, words in NUMBERS.items()]
    return [("configuration sources", len(inventory.sources)), *(each for each in rest if each[1])]


def verdict_rows(report: Report) -> list[VerdictRow]:
    """The verdicts that any gap has or had, the worst first."""
    now = report.now.gaps.verdicts if report.now.gaps else {}
    before = report.period.past.verdicts if report.period else None
    return [
        VerdictRow(
            name, str(kind.severity), kind.means, now.get(name, 0), None if before is None else before.get(name, 0)
        )
        for name, kind in VERDICTS.items()
        if now.get(name) or (before or {}).get(name)
    ]


def tiles(report: Report) -> list[Tile]:
    """The numbers that a reader looks for first."""
    return [*_found(report), _secrets(report.now), _waivers(report.now), _changes(report)]


def _found(report: Report) -> Iterator[Tile]:
    now, past = report.now, report.period.past if report.period else None
    good = sum(each.compiles and not each.errors for each in now.environments)
    grade = "good" if good == len(now.environments) else "poor"
    yield Tile(f"{good}/{len(now.environments)}", "environments valid", "", grade)
    errors, warnings = now.count(Severity.ERROR), now.count(Severity.WARNING)
    detail = [counted(warnings, "warning"), _since(delta(errors, past.errors) if past else "")]
    yield Tile(str(errors), "error" if errors == 1 else "errors", _joined(detail), "poor" if errors else "good")
    if now.gaps is None:
        yield Tile("–", "gaps", "not told while an environment does not compile", "poor")
        return
    serious = len(now.gaps.found)
    change = _since(delta(serious, len(past.gaps)) if past and past.verdicts is not None else "")
    worst = any(each.severity is Severity.ERROR for each in now.gaps.found)
    label = "gap" if serious == 1 else "gaps"
    detail = [change, f"and {counted(now.gaps.notes, 'note')}" if now.gaps.notes else ""]
    yield Tile(str(serious), label, _joined(detail), "poor" if worst else "fair" if serious else "good")


def _secrets(now: Snapshot) -> Tile:
    secrets = [each for file in now.secrets for each in file.secrets]
    ages = [each.days for each in secrets if each.days is not None]
    plain = sum(each.kind == "plain-text-secret" for each in now.gaps.found) if now.gaps else 0
    detail = [f"{plain} in plain text" if plain else "", f"oldest {counted(max(ages), 'day')}" if ages else ""]
    part = next(each for each in now.health.parts if each.name == "secrets")
    grade = "poor" if plain else "good" if part.tenths == part.weight * 10 else "fair"
    return Tile(str(len(secrets)), "secrets encrypted", _joined(detail), grade)


def _waivers(now: Snapshot) -> Tile:
    soon = [each for each in now.waivers if each.standing != "in-force"]
    worst = any(each.standing == "ended" for each in soon)
    detail = f"{len(soon)} near the end or behind it" if soon else ""
    label = "waiver" if len(now.waivers) == 1 else "waivers"
    return Tile(str(len(now.waivers)), label, detail, "poor" if worst else "fair" if soon else "good")


def _changes(report: Report) -> Tile:
    period = report.period
    if period is None:
        return Tile("–", "values changed", report.alone or "this is the first report", "none")
    detail = f"since {period.past.date}"
    if period.changes is None:
        return Tile("–", "values changed", f"{detail}: {period.why}", "none")
    commits = counted(len(period.activity.edits), "commit") if period.activity else ""
    return Tile(str(sum(period.changes.kinds.values())), "values changed", _joined([commits, detail]), "none")


def _since(change: str) -> str:
    return f"{change} since the last report" if change else ""


def _joined(words: list[str]) -> str:
    return ", ".join(word for word in words if word)
