"""A rollback, prepared: the commit to be, and all that is known of it before anything is moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.external.git.blobs import differences
from cfgc.external.git.commits import Commit, History
from cfgc.external.git.desk import Desk
from cfgc.external.git.move import head
from cfgc.external.git.workshop import Workshop
from cfgc.history.compare import compare
from cfgc.history.difference import Difference, EnvironmentDifference
from cfgc.history.rollback.override import Override
from cfgc.history.rollback.proof import (
    cannot_go_back,
    differing,
    errors_of,
    is_whole,
    narrowed,
    reached,
    refuse_reached,
    unproved,
)
from cfgc.history.rollback.reads import SETTINGS, Reads, in_everybodys_way, reads_of
from cfgc.history.rollback.request import Request
from cfgc.history.rollback.ways import Ways
from cfgc.history.sides import Asked, Side, side_at
from cfgc.model.artifact import Artifact
from cfgc.model.keypath import KeyPath, parse, show
from cfgc.model.text import inline
from cfgc.pipeline.compile import narrow
from cfgc.stages.discover import select_environments
from cfgc.stages.read import Shelf


@dataclass(slots=True, eq=False, repr=False)
class Plan:
    """What a rollback would do. With an error among `findings` it must not be done."""

    request: Request
    base: str
    goal: str
    """the commit whose artifacts are wanted; of a commit that is taken back the prepared one itself"""
    new: str
    """the prepared commit; `base` where nothing is to be done"""
    commits: list[Commit]
    """those since the goal that touch what the environment reads, or that are taken back; the newest first"""
    files: list[str]
    difference: Difference | None
    """from base to the prepared commit; none where the present state does not compile"""
    others: dict[str, EnvironmentDifference]
    after: Side
    wanted: dict[str, Artifact]
    """path -> the artifact that must come out"""
    components: frozenset[str] | None
    findings: list[Diagnostic] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(found.is_error for found in self.findings)

    @property
    def proved(self) -> bool:
        """Whether what was wanted comes out, whatever else comes of it."""
        return all(found.name == "rollback-reaches-others" for found in self.findings if found.is_error)

    @property
    def environment(self) -> EnvironmentDifference | None:
        """What changes where it is meant to."""
        return self.difference.environments.get(self.request.environment) if self.difference else None


def plan_rollback(desk: Desk, root: Path, request: Request) -> Plan:
    """Prepare the commit of a rollback in memory and as objects; nothing that anybody sees is changed.

    Raises `Failed` where there is no way back: an unknown revision, one that does not compile, a conflict.
    """
    return _Planner(desk, root, request).plan()


class _Planner:
    def __init__(self, desk: Desk, root: Path, request: Request) -> None:
        self._desk = desk
        self._root = root
        self._request = request
        self._history = History(root)
        self._shelf = Shelf()
        self._base = head(desk.repository)[1]
        self._before = self._side(self._base)
        self._tried: Plan | None = None

    def plan(self) -> Plan:
        return self._back_to() if self._request.how != "commit" else self._without()

    def _back_to(self) -> Plan:
        """To what a revision holds."""
        request = self._request
        goal = self._history.commit_id(request.revision)
        if goal != self._base and self._history.merge_base(goal, self._base) != goal:
            raise self._no_way(f"`{request.revision}` is not among the commits that led to this one")
        side = self._side(goal)
        self._refuse_broken(side)
        components = self._components(side)
        wanted = narrowed(side.artifacts(request.environment), components)
        reads = self._reads(side)
        taken = self._to_revert(goal, reads) if request.how == "each" else self._touching(goal, reads)
        for new in self._candidates(side, reads, taken):
            self._tried = self._plan(new, goal, taken, wanted, components)
            if self._tried.proved:
                break
        assert self._tried is not None
        return self._tried

    def _without(self) -> Plan:
        """Without one commit."""
        request = self._request
        oid = self._history.commit_id(request.revision)
        if self._history.merge_base(oid, self._base) != oid:
            raise self._no_way(f"`{request.revision}` is not among the commits that led to this one")
        commit = self._history.commit(oid)
        reads = self._reads(self._before) if request.component else None
        new = self._ways().reverted([commit], reads)
        after = self._side(new)
        after.name = f"the state without {oid[:12]}"
        self._refuse_broken(after)
        components = self._components(after)
        wanted = narrowed(after.artifacts(request.environment), components)
        return self._plan(new, new, [commit], wanted, components)

    def _candidates(self, goal: Side, reads: Reads, commits: list[Commit]) -> Iterator[str]:
        ways, how = self._ways(), self._request.how
        if how == "each":
            yield ways.reverted(commits, reads if self._request.component else None)
        elif how == "override":
            yield from self._overridden(goal, ways)
        else:
            if self._request.component:
                yield self._base  # it may be what it was already
            yield from ways.restored(goal.commit, reads)

    def _overridden(self, goal: Side, ways: Ways) -> Iterator[str]:
        """The old values; then, where artifacts still differ, the old order of keys in their components as well."""
        self._refuse_broken(self._before)
        names = self._components(goal)
        within = None if names is None else tuple(parse(name) for name in sorted(names))
        why = f": {inline(self._request.reason)}" if self._request.reason else ""
        remark = f"rolled back to {goal.commit[:12]}{why}"
        override = Override(self._before, goal, self._request.environment, within)
        yield ways.overridden(goal.commit, override.edits(remark))
        components = self._unlike()
        if components:
            yield ways.overridden(goal.commit, override.edits(remark, components))

    def _unlike(self) -> set[KeyPath]:
        """The components of the artifacts that the last attempt did not get right; the root for the environment's."""
        tried = self._tried
        assert tried is not None
        if not is_whole(tried.after, self._request.environment):
            return set()
        made = narrowed(tried.after.artifacts(self._request.environment), tried.components)
        known = {**made, **tried.wanted}
        return {parse(known[path].component) for path in differing(made, tried.wanted)}

    def _plan(
        self, new: str, goal: str, commits: list[Commit], wanted: dict[str, Artifact], components: frozenset[str] | None
    ) -> Plan:
        after, request = self._side(new), self._request
        difference = self._compared(after)
        others = reached(self._before, difference, request.environment) if difference else {}
        files = sorted(differences(self._desk.repository, self._base, new))
        plan = Plan(request, self._base, goal, new, commits, files, difference, others, after, wanted, components)
        plan.findings = list(self._findings(plan))
        return plan

    def _findings(self, plan: Plan) -> Iterator[Diagnostic]:
        request = plan.request
        yield from errors_of(plan.after, self._before, request)
        if not is_whole(plan.after, request.environment):
            yield report("side-does-not-compile", side=plan.after.name)
            return
        made = narrowed(plan.after.artifacts(request.environment), plan.components)
        yield from unproved(made, plan.wanted, request, plan.goal[:12])
        if plan.difference:
            yield from refuse_reached(plan.others, plan.difference, request)
            yield from cannot_go_back(plan.difference, request)

    def _compared(self, after: Side) -> Difference | None:
        try:
            return compare(self._before, after)
        except Failed:  # one of them has no project to read; of the second, its own findings tell
            return None

    def _side(self, commit: str) -> Side:
        return side_at(self._root, self._history, commit, Asked((), self._request.today), self._shelf)

    def _ways(self) -> Ways:
        return Ways(self._desk.repository, Workshop(self._desk, self._base), self._request)

    def _reads(self, goal: Side) -> Reads:
        name, components, before = self._request.environment, self._request.components, self._before
        read = reads_of(goal, before, name, components) | reads_of(before, goal, name, components)
        return read | in_everybodys_way(before)

    def _refuse_broken(self, side: Side) -> None:
        """Raises `Failed` where a side has no whole artifacts of the environment."""
        name = self._request.environment
        self._refuse_unknown(name, side)
        if name not in side.session.project.environments:
            raise self._no_way(f"`{side.name}` has no such environment")
        if not is_whole(side, name):
            broken = [each for each in side.examined.broken if each.environment in ("", name)]
            raise Failed(*broken, report("side-does-not-compile", side=side.name))

    def _refuse_unknown(self, name: str, side: Side) -> None:
        """Raises `Failed` for a name that is no environment's, then or now."""
        try:
            known = set(side.session.project.environments)
        except Failed as failed:
            if side.lacks_project:
                raise self._no_way(f"there is no project in `{side.name}`") from None
            raise Failed(*failed.diagnostics, report("side-does-not-compile", side=side.name)) from None
        with suppress(Failed):
            known |= set(self._before.session.project.environments)
        if name not in known:
            raise Failed(*select_environments([name], side.session.project)[1])

    def _components(self, side: Side) -> frozenset[str] | None:
        """The names of the components that it is narrowed to."""
        environment = side.session.project.environments[self._request.environment]
        found = narrow(side.session, environment, self._request.components)
        return None if found is None else frozenset(map(show, found))

    def _touching(self, goal: str, reads: Reads) -> list[Commit]:
        """The commits since the goal that touch what is read; a merge that only joins touches nothing."""
        paths = reads.all | {SETTINGS}
        return [each for each in self._history.ancestors(self._base, goal) if self._touches(each, paths, each.parents)]

    def _to_revert(self, goal: str, reads: Reads) -> list[Commit]:
        """The commits of the main line since the goal; a merge stands for all that it brought."""
        paths = reads.all | {SETTINGS}
        known = {each.id: each for each in self._history.ancestors(self._base, goal)}
        found, at = [], self._base
        while at in known:
            commit = known[at]
            if self._touches(commit, paths, commit.parents[:1]):
                found.append(commit)
            at = commit.parents[0] if commit.parents else ""
        return found

    def _touches(self, commit: Commit, paths: frozenset[str], parents: tuple[str, ...]) -> bool:
        """Whether a commit changed some of the paths of each parent; where a shallow clone lacks one, it may have."""
        if not all(map(self._history.has, parents)):
            return True
        return bool(parents) and all(not paths.isdisjoint(self._history.changed(one, commit.id)) for one in parents)

    def _no_way(self, reason: str) -> Failed:
        return Failed(report("no-way-back", called=self._request.environment, reason=reason))
