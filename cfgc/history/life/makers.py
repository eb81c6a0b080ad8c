"""The commits that made values: `git blame`, over values in place of lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cfgc.external.git.commits import Commit
from cfgc.history.life.lookup import alike, value_at
from cfgc.history.life.revisions import Moment, Revisions
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value


class Maker(NamedTuple):
    """The commit that made a value. `boundary`: the clone is shallow, and it may have been an earlier one."""

    commit: Commit
    boundary: bool = False


def makers(revisions: Revisions, values: Mapping[KeyPath, Value]) -> dict[KeyPath, Maker]:
    """For each key path the commit that gave it this value (`ABSENT`: that took it away), of those on the way.

    From its first commit, a path goes on at the first parent that has the same there, and ends at a commit without such
    a parent. One whose value the first commit does not have is missing: nobody has committed it. One that leads behind
    the end of the way is missing too.
    """
    found: dict[KeyPath, Maker] = {}
    waiting: dict[str, list[KeyPath]] = {}
    for commit in revisions.way:
        if commit.id == revisions.way.start:
            _begin(revisions, commit, values, waiting)
        paths = waiting.pop(commit.id, [])
        if paths:
            found.update(_step(revisions, revisions.first(commit), paths, waiting))
        revisions.forget(commit)
        if not waiting:
            break
    return found


def _begin(
    revisions: Revisions, commit: Commit, values: Mapping[KeyPath, Value], waiting: dict[str, list[KeyPath]]
) -> None:
    """Note where each path begins: at the first commit, or before it when that does not compile."""
    first = revisions.first(commit)
    rest = list(values)
    for moment in revisions.before(first) if first.problems else [first]:
        if moment is None:
            continue
        here = {path for path in rest if alike(value_at(moment.tree, path), values[path])}
        waiting.setdefault(moment.commit.id, []).extend(path for path in rest if path in here)
        rest = [path for path in rest if path not in here]


def _step(
    revisions: Revisions, moment: Moment, paths: list[KeyPath], waiting: dict[str, list[KeyPath]]
) -> dict[KeyPath, Maker]:
    """Pass the paths on to the parents that have the same; what remains was made here."""
    commit = moment.commit
    if revisions.way.stop and commit.parents == (revisions.way.stop,):
        return dict.fromkeys(paths, Maker(commit))
    cut = False
    for parent in revisions.before(moment):
        if parent is None:
            cut = True
            continue
        kept = _kept(parent, moment, paths)
        if kept:
            waiting.setdefault(parent.commit.id, []).extend(kept)
            gone = set(kept)
            paths = [path for path in paths if path not in gone]
        if not paths:
            break
    return dict.fromkeys(paths, Maker(commit, cut))


def _kept(parent: Moment, child: Moment, paths: Iterable[KeyPath]) -> list[KeyPath]:
    if parent.compiled is child.compiled:
        return list(paths)
    return [path for path in paths if alike(value_at(parent.tree, path), value_at(child.tree, path))]
