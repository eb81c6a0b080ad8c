"""The old effective values of an environment as an overlay in its own layer: no shared file is touched."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cfgc.diagnostics import Diagnostic, Failed, Severity, report
from cfgc.edit import REMOVE, Change, FileEdit, Plan, Replace, Target, plan_edits
from cfgc.history.changes.change import holds_secret
from cfgc.history.sides import Side
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.same import same
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

    def edits(self, remark: str, ordered: Collection[KeyPath] = ()) -> list[FileEdit]:
        """The edits, proved on the merged tree; `remark` stands above each key that is written anew.

        At and below the paths of `ordered` the order of keys is that of the goal, too: where it differs, the map around
        them is written whole, with `!replace`.
        """
        changes = self._wishes()
        target = Target(only=True, remark=remark)
        plan = self._plan(changes, target)
        tree = plan.compiled.merged.tree if plan else self._before.merged.tree
        maps = list(_unordered(tree, self._goal.merged.tree, (), ordered))
        if maps:
            kept = [each for each in changes if not any(starts_with(each.path, path) for path in maps)]
            plan = self._plan([*kept, *(Change(path, Replace(self._said(path))) for path in maps)], target)
        return plan.edits if plan else []

    def _plan(self, changes: list[Change], target: Target) -> Plan | None:
        refused = [found for each in changes if (found := _refused(each, self._before, self._goal))]
        if refused:
            raise Failed(*refused)
        return plan_edits(self._now.session, self._before, changes, target) if changes else None

    def _wishes(self) -> list[Change]:
        found = self._between(self._before.merged.tree, self._goal.merged.tree, ())
        return [each for each in found if self._within is None or _is_near(each.path, self._within)]

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


def _is_near(path: KeyPath, places: Collection[KeyPath]) -> bool:
    """Whether a path lies in one of some places, or around it."""
    return any(starts_with(path, each) or starts_with(each, path) for each in places)


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


def _unordered(now: Value, then: Value, path: KeyPath, within: Collection[KeyPath]) -> Iterator[KeyPath]:
    """The highest maps inside of some places whose keys are the same in another order; the root cannot be written."""
    if not isinstance(now, dict) or not isinstance(then, dict) or now.keys() != then.keys():
        return
    if path and list(now) != list(then) and any(starts_with(path, each) for each in within):
        yield path
        return
    for key, item in now.items():
        yield from _unordered(item, then[key], (*path, key), within)
