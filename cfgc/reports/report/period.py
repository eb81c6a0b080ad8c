"""What became of a project since an earlier report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, get_args

from cfgc.diagnostics import Failed
from cfgc.history.attribution import with_commits
from cfgc.history.changes import Kind
from cfgc.history.compare import compare
from cfgc.history.difference import Difference, ValueChange
from cfgc.history.life.revisions import Archive
from cfgc.history.sides import Asked as AskedSide
from cfgc.history.sides import Side, Sides, side_at
from cfgc.history.views.text import shared_sections
from cfgc.history.views.words import place_text, value_text
from cfgc.model.keypath import show
from cfgc.reports.gaps.baseline import Entry
from cfgc.reports.gaps.gap import VERDICTS
from cfgc.reports.report.activity import Activity, activity
from cfgc.reports.report.asked import Asked, Ground
from cfgc.reports.report.model import Found, Snapshot
from cfgc.reports.report.past import Past
from cfgc.reports.report.shade import Shade
from cfgc.stages.read import Shelf

MOST_CHANGES = 300
"""so many changes are told one by one; `cfgc diff` tells all"""
_LONGEST = 80


class Changed(NamedTuple):
    """A value that is another, once for all environments in which it became that; values as text, cut."""

    path: str
    component: str
    kind: Kind
    environments: tuple[str, ...]
    old: str
    new: str
    place: str
    commit: str
    author: str


class Changes(NamedTuple):
    """The differences of two contents. `kinds` counts the changes over all environments, `rules` are edited files."""

    kinds: dict[Kind, int]
    rows: tuple[Changed, ...]
    left_out: int
    rules: tuple[tuple[str, str, str], ...]


class Period(NamedTuple):
    """From an earlier report to this one. `why` says what could not be compared.

    `new` and `gone` are gaps, errors and warnings alone; `added` and `removed` are configuration sources.
    """

    past: Past
    new: tuple[Found, ...]
    gone: tuple[Found, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changes: Changes | None = None
    activity: Activity | None = None
    why: str = ""


class Report(NamedTuple):
    """A snapshot and what became of it; no period: it is the first report, or `alone` says why it is not compared."""

    now: Snapshot
    period: Period | None = None
    alone: str = ""


def since(past: Past, now: Snapshot, ground: Ground, asked: Asked) -> Period:
    """The period that begins with an earlier report."""
    period = Period(
        past,
        _without(now.gaps.found if now.gaps else (), past.gaps),
        tuple(_told_today(each, _secrets(past, now)) for each in _without(past.gaps, now.gaps.found))
        if now.gaps
        else (),
        tuple(path for path in now.inventory.sources if path not in past.sources),
        tuple(path for path in past.sources if path not in now.inventory.sources),
    )
    if ground.history is None:
        return period._replace(why="this report is made without commits")
    if not past.commit:
        return period._replace(why="the report before was made without commits")
    try:
        before = ground.history.commit_id(past.commit)
        side = earlier_side(ground, before, asked, ground.side.session.shelf or Shelf())
        broken = [*_broken(side), *_broken(ground.side)]
        shade = Shade(() if broken else (side, ground.side), asked.today)
        found = None if broken else _changes(ground, side, shade)
        lived = _activity(ground, side, shade)
    except Failed as failed:
        return period._replace(why=failed.diagnostics[0].message)
    return period._replace(changes=found, activity=lived, why=f"{broken[0]} does not compile" if broken else "")


def earlier_side(ground: Ground, commit: str, asked: Asked, shelf: Shelf, today: date | None = None) -> Side:
    """The side of an earlier commit, by its full id; `today` is the day for its waivers. Raises `Failed`."""
    if ground.history is None:
        raise ValueError("there is no history")
    return side_at(ground.root, ground.history, commit, AskedSide(asked.environments, today or asked.today), shelf)


def _broken(side: Side) -> list[str]:
    """The environments whose values are not known; what cannot be rendered can be compared all the same."""
    compiled = side.examined.compiled
    return [f"`{name}` of {side.name}" for name in side.environments if name not in compiled or compiled[name].failed]


def _changes(ground: Ground, before: Side, shade: Shade) -> Changes:
    difference = compare(before, ground.side)
    if ground.history is not None:
        difference = with_commits(difference, Sides(before, ground.side, ground.history))
    each = [change.change for one in difference.environments.values() for change in one.changes]
    rows = tuple(_rows(difference, shade))
    rules = tuple((each.kind, each.file, each.status) for each in difference.rules)
    kinds = {kind: sum(change.kind == kind for change in each) for kind in get_args(Kind)}
    return Changes(kinds, rows[:MOST_CHANGES], max(0, len(rows) - MOST_CHANGES), rules)


def _rows(difference: Difference, shade: Shade) -> Sequence[Changed]:
    sections = shared_sections(difference.environments.values())
    rows = [_changed(each, names, shade) for names, changes in sections for each in changes]
    return sorted(rows, key=lambda row: (row.component, row.path, row.environments))


def _changed(found: ValueChange, environments: tuple[str, ...], shade: Shade) -> Changed:
    change = shade.over(found.change)
    return Changed(
        show(change.path),
        found.component,
        change.kind,
        environments,
        "" if change.kind == "added" else value_text(change.old, _LONGEST),
        "" if change.kind == "removed" else value_text(change.new, _LONGEST),
        place_text(found.origin),
        found.commit.id if found.commit else "",
        found.commit.author.name if found.commit else "",
    )


def _activity(ground: Ground, before: Side, shade: Shade) -> Activity | None:
    if ground.history is None or not ground.side.commit:
        return None
    archive = Archive(ground.history, ground.root, ground.side.session.shelf or Shelf())
    found = activity(archive, ground.side.environments, ground.side.commit, before.commit)
    return found._replace(edits=tuple(each._replace(subject=shade.words(each.subject)) for each in found.edits))


def _without(mine: Sequence[Found], theirs: Sequence[Found]) -> tuple[Found, ...]:
    """The gaps that the others lack in one of their environments at least."""
    there = {entry for each in theirs for entry in _entries(each)}
    return tuple(each for each in mine if not there.issuperset(_entries(each)))


def _secrets(past: Past, now: Snapshot) -> frozenset[str]:
    """The keys that are secrets on either side."""
    plain = {each.subject for each in now.gaps.found if each.kind == "plain-text-secret"} if now.gaps else set()
    return past.secrets.union(plain, (each.path for file in now.secrets for each in file.secrets))


def _told_today(found: Found, secrets: frozenset[str]) -> Found:
    """A gap of the past; its words may hold values, and not those of what is a secret by now."""
    if found.subject not in secrets or found.kind not in VERDICTS:
        return found
    return found._replace(message=f"`{found.subject}`: {VERDICTS[found.kind].means}")


def _entries(found: Found) -> list[Entry]:
    names = found.environments or ("",)
    return [Entry(found.kind, found.component, found.subject, name) for name in names]
