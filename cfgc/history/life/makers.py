"""The commits that made values: `git blame`, over values in place of lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cfgc.external.git.commits import Commit
from cfgc.history.life.revisions import Moment, Revisions
from cfgc.history.life.sought import NOTHING, Sought, sought
from cfgc.model.keypath import KeyPath
from cfgc.model.values import Tree


class Maker(NamedTuple):
    """The commit that made a value. `boundary`: the clone is shallow, and it may have been an earlier one."""

    commit: Commit
    boundary: bool = False


def makers(revisions: Revisions, tree: Tree, paths: Iterable[KeyPath]) -> dict[KeyPath, Maker]:
    """For each key path the commit of the way that gave it what it has in a tree, or that took it away.

    From the first commit, a path goes on at the first parent that has the same there, and ends at a commit without such
    a parent. A path at which the first commit has something else is missing: nobody has committed that. One that leads
    behind the end of the way is missing too.
    """
    found: dict[KeyPath, Maker] = {}
    waiting: dict[str, Sought] = {}
    for commit in revisions.way:
        if commit.id == revisions.way.start:
            waiting = _begin(revisions, commit, tree, sought(paths))
        here = waiting.pop(commit.id, NOTHING)
        if here:
            made, maker = _step(revisions, revisions.first(commit), here, waiting)
            found.update((path, maker) for path in made.paths())
        revisions.forget(commit)
        if not waiting:
            break
    return found


def _begin(revisions: Revisions, commit: Commit, tree: Tree, rest: Sought) -> dict[str, Sought]:
    """Where each path begins: at the first commit, or before it when that does not compile."""
    waiting: dict[str, Sought] = {}
    first = revisions.first(commit)
    for moment in revisions.before(first) if first.problems else [first]:
        if moment is not None:
            here, rest = rest.split(moment.tree, tree)
            _hand_on(here, moment, waiting)
    return waiting


def _step(revisions: Revisions, moment: Moment, here: Sought, waiting: dict[str, Sought]) -> tuple[Sought, Maker]:
    """Hand the paths on to the parents that have the same; what remains was made here."""
    commit = moment.commit
    if revisions.way.stop and commit.parents == (revisions.way.stop,):
        return here, Maker(commit)
    cut = False
    for parent in revisions.before(moment):
        if parent is None:
            cut = True
            continue
        kept, here = here.split(parent.tree, moment.tree)
        _hand_on(kept, parent, waiting)
        if not here:
            break
    return here, Maker(commit, cut)


def _hand_on(paths: Sought, moment: Moment, waiting: dict[str, Sought]) -> None:
    if paths:
        waiting[moment.commit.id] = waiting.get(moment.commit.id, NOTHING).joined(paths)
