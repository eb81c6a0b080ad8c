"""The life of one effective value: the commits that changed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.external.git.commits import Commit
from cfgc.history.changes import Change, Kind, changes_at
from cfgc.history.changes.change import holds_secret
from cfgc.history.life.cause import cause
from cfgc.history.life.lookup import ABSENT, alike, plain_path, scope_of, value_at
from cfgc.history.life.revisions import Archive, Moment, Revisions
from cfgc.history.life.veil import Veil
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.values import Value, masked


class Placed(NamedTuple):
    """A change at the path or below it, and its line in the commit that made it; none where nothing is left there."""

    change: Change
    origin: Location | None


class Turn:
    """A commit that changed the value. Of a merge that has the value of no parent, what was before is the first's."""

    def __init__(self, commit: Commit, kind: Kind, changes: Sequence[Placed], shown: tuple[_Veiled, _Veiled]) -> None:
        self.commit = commit
        self.kind = kind
        self.changes = changes
        self.secret = any(each.change.secret for each in changes)
        self._shown = shown

    @cached_property
    def old(self) -> Value:
        """Safe to print; null where nothing was."""
        return self._shown[0].value()

    @cached_property
    def new(self) -> Value:
        """Safe to print; null where nothing is left."""
        return self._shown[1].value()


class Log:
    """The turns of the value at a path, newest first, from a commit (a full id) back.

    At a merge that has a parent's value, only the first such parent is followed, as `git log` does; else all are.
    A commit that does not compile is passed: what it changed is laid to the next that does.
    """

    def __init__(self, archive: Archive, environment: str, path: KeyPath, start: str) -> None:
        self.ends: list[Commit] = []
        """where a shallow clone ended the walk"""
        self._path = path
        self._way = archive.way(start)
        self._revisions = Revisions(archive, self._way, environment, scope_of([path]))
        self._veil = Veil()

    def __iter__(self) -> Iterator[Turn]:
        """Raises `Failed` when the first commit does not compile: whatever it has there is not known."""
        waiting = {self._way.start}
        for commit in self._way:
            if commit.id in waiting:
                waiting.remove(commit.id)
                moment = self._revisions.first(commit)
                if commit.id == self._way.start:
                    self._begin(moment)
                followed, turn = self._step(moment)
                waiting.update(each.commit.id for each in followed)
                if turn is not None:
                    yield turn
            self._revisions.forget(commit)
            if not waiting:
                return

    def _begin(self, moment: Moment) -> None:
        if moment.problems:
            raise Failed(*moment.problems)
        self._veil = self._veil.seeing(self._value(moment))

    def _step(self, moment: Moment) -> tuple[Sequence[Moment], Turn | None]:
        """Where the walk goes on, and the turn when no parent has the same value."""
        now = self._value(moment)
        others: list[Moment] = []
        cut = False
        for parent in self._revisions.before(moment):
            if parent is None:
                cut = True
            elif parent.compiled is moment.compiled or alike(self._value(parent), now):
                return [parent], None
            else:
                others.append(parent)
        if cut:
            self.ends.append(moment.commit)
        if not others and (cut or now is ABSENT):
            return [], None
        for parent in others[1:]:
            self._veil = self._veil.seeing(self._value(parent))
        return others, self._turn(moment, others[0] if others else None)

    def _turn(self, moment: Moment, before: Moment | None) -> Turn:
        old = ABSENT if before is None else self._value(before)
        new = self._value(moment)
        found = self._changes(moment, before, old, new)
        for each in found:
            if before is not None and each.kind != "added":
                self._veil = self._veil.seeing(value_at(before.tree, each.before), self._below(each))
        changes = [Placed(self._veiled(each), _origin(each, before, moment)) for each in found]
        kind: Kind = found[0].kind if [each.path for each in found] == [self._path] else "changed"
        return Turn(moment.commit, kind, changes, (_Veiled(old, self._veil), _Veiled(new, self._veil)))

    def _changes(self, moment: Moment, before: Moment | None, old: Value, new: Value) -> Sequence[Change]:
        after = plain_path(moment.tree, self._path)
        if old is ABSENT:
            return [Change(self._path, "added", new=masked(new), secret=holds_secret(new), after=after)]
        earlier = plain_path(before.tree if before else {}, self._path)
        if new is ABSENT:
            return [Change(self._path, "removed", old=masked(old), secret=holds_secret(old), before=earlier)]
        return changes_at((self._path, earlier, after), old, new, moment.session.schemas.annotations)

    def _veiled(self, change: Change) -> Change:
        below = self._below(change)
        old, new = self._veil.over(change.old, below), self._veil.over(change.new, below)
        secret = change.secret or (old, new) != (change.old, change.new)
        return change._replace(old=old, new=new, secret=secret)

    def _value(self, moment: Moment) -> Value:
        return value_at(moment.tree, self._path)

    def _below(self, change: Change) -> KeyPath:
        return change.path[len(self._path) :]


class _Veiled(NamedTuple):
    """A value, and the veil of its time."""

    raw: Value
    veil: Veil

    def value(self) -> Value:
        return None if self.raw is ABSENT else self.veil.over(self.raw)


def _origin(change: Change, before: Moment | None, moment: Moment) -> Location | None:
    if change.kind == "removed":
        return moment.place_removal(change.before)
    if change.kind == "added" or before is None or before.compiled is None or moment.compiled is None:
        return moment.place(change.after)
    return cause(before.compiled, moment.compiled, change.after)
