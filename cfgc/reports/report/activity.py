"""What happened to effective values, commit by commit: which keys change most, and who changed how much.

A merge is not counted: what it brings was counted where it was made. A commit that does not compile is passed, as
`cfgc log` passes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from cfgc.external.git.commits import Commit
from cfgc.history.changes import changes_between
from cfgc.history.life.revisions import Archive, Moment, Revisions
from cfgc.model.keypath import show

MOST_STEPS = 1_600
"""so often is a commit looked at, in one environment each time"""
FEWEST_COMMITS = 50
"""looked at whatever the number of environments is"""
MOST_KEYS = 15


class Edit(NamedTuple):
    """A commit that changed effective values: how many, and in which environments. `date` is the day of its author."""

    id: str
    date: str
    author: str
    subject: str
    keys: int
    environments: tuple[str, ...]


class Lively(NamedTuple):
    """A key and how many commits changed it, in any environment."""

    path: str
    component: str
    commits: int
    environments: tuple[str, ...]


class Activity(NamedTuple):
    """The commits of a period. `whole`: all of them were looked at; `commits` is how many that were."""

    commits: int
    whole: bool
    edits: tuple[Edit, ...]
    keys: tuple[Lively, ...]


def activity(archive: Archive, environments: Sequence[str], start: str, stop: str) -> Activity:
    """The commits of `start` and before, without `stop` and what is before that (full ids), newest first."""
    way = archive.way(start, stop)
    most = max(FEWEST_COMMITS, MOST_STEPS // max(1, len(environments)))
    commits = list(islice(way, most + 1))
    whole = len(commits) <= most
    commits = commits[:most]
    touched: dict[str, dict[tuple[str, str], list[str]]] = {}
    for name in environments:
        for commit, key in _touched(Revisions(archive, way, name, None), commits):
            touched.setdefault(commit, {}).setdefault(key, []).append(name)
    edits = tuple(_edit(commit, touched[commit.id]) for commit in commits if commit.id in touched)
    newest = tuple(sorted(edits, key=lambda each: each.date, reverse=True))
    return Activity(len(commits), whole, newest, _liveliest(touched, environments))


def _touched(revisions: Revisions, commits: Sequence[Commit]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each commit with each key path, and its component, that it changes in the environment."""
    for commit in commits:
        moment = revisions.first(commit)
        parents = list(revisions.before(moment))
        revisions.forget(commit)
        if len(parents) == 1 and parents[0] is not None and not moment.problems:
            yield from ((commit.id, key) for key in _keys(moment, parents[0]))


def _keys(moment: Moment, before: Moment) -> Iterator[tuple[str, str]]:
    if before.compiled is moment.compiled:
        return
    for change in changes_between(before.tree, moment.tree, moment.session.schemas.annotations):
        side, path = (before, change.before) if change.kind == "removed" else (moment, change.after)
        owner = side.compiled.owner(path) if side.compiled else None
        yield show(change.path), show(owner) if owner else ""


def _edit(commit: Commit, keys: dict[tuple[str, str], list[str]]) -> Edit:
    names = dict.fromkeys(name for each in keys.values() for name in each)
    return Edit(commit.id, commit.author.date[:10], commit.author.name, commit.subject, len(keys), tuple(names))


def _liveliest(touched: dict[str, dict[tuple[str, str], list[str]]], order: Sequence[str]) -> tuple[Lively, ...]:
    """The keys that most commits changed; those that one commit alone changed are not lively."""
    counts: dict[tuple[str, str], int] = {}
    where: dict[tuple[str, str], set[str]] = {}
    for keys in touched.values():
        for key, names in keys.items():
            counts[key] = counts.get(key, 0) + 1
            where.setdefault(key, set()).update(names)
    most = sorted((key for key in counts if counts[key] > 1), key=lambda key: (-counts[key], key))[:MOST_KEYS]
    return tuple(
        Lively(
            path, component, counts[path, component], tuple(name for name in order if name in where[path, component])
        )
        for path, component in most
    )
