"""The old effective values of an environment as an overlay in its own layer: no shared file is touched."""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, Failed, Severity, report
from cfgc.edit import REMOVE, Change, FileEdit, Replace, Target, plan_edits
from cfgc.edit.intent import same
from cfgc.history.changes.change import holds_secret
from cfgc.history.sides import Side
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.values import Tree, Value
from cfgc.pipeline.compile import Compiled
from cfgc.stages.resolve.template import OPENING


class Override:
    """Edits that give an environment of one side the values it has on another.

    Raises `Failed` for values that cannot go back this way: secrets, and what `plan_edits` refuses.
    """

    def __init__(self, now: Side, goal: Side, environment: str, within: tuple[KeyPath, ...] | None) -> None:
        self._now = now
        self._environment = environment
        self._before = _compiled(now, environment)
        self._goal = _compiled(goal, environment)
        self._within = within
        self._remark = f"as of {goal.name}: rolled back"

    def edits(self, remark: str = "") -> list[FileEdit]:
        """The edits, proved on the merged tree.

        Where only the order of keys is not that of the goal, the map around them is written whole, with `!replace`.
        """
        changes = [each for each in self._wishes() if self._concerned(each.path)]
        refused = [_refused(each, self._before, self._goal) for each in changes]
        if any(refused):
            raise Failed(*filter(None, refused))
        target = Target(only=True, remark=remark or self._remark)
        plan = plan_edits(self._now.session, self._before, changes, target) if changes else None
        tree = plan.compiled.merged.tree if plan else self._before.merged.tree
        unordered = [path for path in _unordered(tree, self._goal.merged.tree, ()) if self._concerned(path)]
        if unordered:
            kept = [each for each in changes if not any(starts_with(each.path, path) for path in unordered)]
            whole = [Change(path, Replace(self._said(path))) for path in unordered]
            secret = [_refused(each, self._before, self._goal) for each in whole]
            if any(secret):
                raise Failed(*filter(None, secret))
            plan = plan_edits(self._now.session, self._before, [*kept, *whole], target)
        return plan.edits if plan else []

    def _wishes(self) -> list[Change]:
        return list(self._between(self._before.merged.tree, self._goal.merged.tree, ()))

    def _between(self, now: Tree, then: Tree, path: KeyPath) -> Iterator[Change]:
        """One wish for each highest path that differs; a list is one value."""
        for key in dict.fromkeys((*then, *now)):
            here = (*path, key)
            if key not in then:
                yield Change(here, REMOVE)
            elif key not in now or not (isinstance(now[key], dict) and isinstance(then[key], dict)):
                if key not in now or not same(now[key], then[key]) or self._raw_differs(here):
                    yield Change(here, self._said(here))
            else:
                yield from self._between(now[key], then[key], here)

    def _raw_differs(self, path: KeyPath) -> bool:
        return self._before.merged.is_raw(path) != self._goal.merged.is_raw(path)

    def _said(self, path: KeyPath) -> Value:
        """A value of the goal as a layer file would say it."""
        value: Value = self._goal.merged.tree
        for step in path:
            value = value[step]
        return self._escaped(value, path)

    def _escaped(self, value: Value, path: KeyPath) -> Value:
        """What is not searched for references on the goal's side is written so that none is found in it."""
        if isinstance(value, dict):
            return {key: self._escaped(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self._escaped(item, (*path, number)) for number, item in enumerate(value)]
        raw = isinstance(value, str) and OPENING in value and self._goal.merged.is_raw(path)
        return value.replace(OPENING, f"${OPENING}") if raw else value

    def _concerned(self, path: KeyPath) -> bool:
        """Whether a change lies in what the rollback was narrowed to, or around it."""
        within = self._within
        return within is None or any(starts_with(path, each) or starts_with(each, path) for each in within)


def _compiled(side: Side, environment: str) -> Compiled:
    found = side.compiled(environment)
    if found is None or found.failed:
        raise Failed(*side.problems())
    return found


def _refused(change: Change, now: Compiled, goal: Compiled) -> Diagnostic | None:
    """A secret cannot be written in plain text, and its ciphertext is bound to its file."""
    old, new = _at(now.merged.tree, change.path), _at(goal.merged.tree, change.path)
    if not holds_secret(old) and not holds_secret(new):
        return None
    why = "it is a secret, or holds one, and only its SOPS file can say it"
    path = show(change.path)
    return report("cannot-go-back", path=change.path, what=path, reason=why, severity=Severity.ERROR)


def _at(tree: Value, path: KeyPath) -> Value:
    for step in path:
        if not isinstance(tree, dict) or step not in tree:
            return None
        tree = tree[str(step)]
    return tree


def _unordered(now: Value, then: Value, path: KeyPath) -> Iterator[KeyPath]:
    """The highest maps whose keys are the same in another order; the root's cannot be written anew."""
    if not isinstance(now, dict) or not isinstance(then, dict) or now.keys() != then.keys():
        return
    if path and list(now) != list(then):
        yield path
        return
    for key, item in now.items():
        yield from _unordered(item, then[key], (*path, key))
