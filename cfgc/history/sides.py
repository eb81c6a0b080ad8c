"""The two sides of a comparison: contents of one project, compiled sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.external.files import WorkTree
from cfgc.external.git.commits import History
from cfgc.external.git.sources import Index
from cfgc.model.artifact import Artifact
from cfgc.model.layers import Source
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.session import Session
from cfgc.pipeline.validate import Examined, examine
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.discover import select_environments
from cfgc.stages.read import Shelf

WORKING_TREE, INDEX = "working tree", "index"


class Side:
    """One content of a project: a commit, the index or the working tree.

    `name` is how people call it, `commit` its full id: for the index and the working tree that of `HEAD`.
    """

    def __init__(self, name: str, session: Session, commit: str, asked: Asked) -> None:
        self.name = name
        self.session = session
        self.commit = commit
        self._asked = asked

    @property
    def is_commit(self) -> bool:
        """Whether this is exactly the content of a commit."""
        return self.session.source.describe() == self.commit

    @property
    def lacks_project(self) -> bool:
        """Whether there is no project here at all, as before somebody began one."""
        try:
            _ = self.session.project
        except Failed as failed:
            return all(found.name == "no-project" for found in failed.diagnostics)
        return False

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments of this side that are asked for."""
        known, wanted = self.session.project.environments, self._asked.environments
        return tuple(name for name in known if not wanted or name in wanted)

    @cached_property
    def examined(self) -> Examined:
        """The environments with their artifacts and findings. Raises `Failed` where there is no project to read."""
        return examine(self.session, self.environments, Wanted("", today=self._asked.today))

    def compiled(self, environment: str) -> Compiled | None:
        """An environment of this side; none where this side does not have it."""
        return self.examined.compiled.get(environment)

    def artifacts(self, environment: str) -> dict[str, Artifact]:
        """Path below `dist/ENV` -> artifact, in its sealed form."""
        return {each.path: each for each in self.examined.artifacts.get(environment, ())}

    def problems(self) -> list[Diagnostic]:
        """Why this side does not compile, with the finding that names the side; nothing when it does.

        Findings of checks are no reason: what is wrong with values can be compared all the same.
        """
        try:
            found = list(self.examined.broken)
        except Failed as failed:
            found = list(failed.diagnostics)
        return [*found, report("side-does-not-compile", side=self.name)] if found else []


class Asked(NamedTuple):
    """What is asked of both sides: which environments (none: all), and what day it is for waivers."""

    environments: tuple[str, ...] = ()
    today: date | None = None


class Between(NamedTuple):
    """A range as people write it: the sides' names; no name for the second is the working tree or the index."""

    before: str
    after: str
    common: bool = False
    """`A...B`: from their merge base"""


class Sides(NamedTuple):
    """What is compared, and the commits it is read from."""

    before: Side
    after: Side
    history: History


def parse_range(text: str) -> Between:
    """`A..B`, `A...B` (from the merge base), `A` or `A..` (against the working tree)."""
    for dots in ("...", ".."):
        before, found, after = text.partition(dots)
        if found:
            return Between(before or "HEAD", after, common=dots == "...")
    return Between(text, "")


def open_sides(root: Path, between: Between | None, asked: Asked, *, staged: bool = False) -> Sides:
    """The sides of a range; without one, the merge base with the default branch against the working tree or the index.

    Raises `Failed`: no repository, an unknown revision, no common ancestor.
    """
    history = History(root)
    head = "" if between and between.after else history.commit_id("HEAD")
    if between is None:
        base = history.merge_base(history.default_branch(), head)
        between = Between(base, "")
    before, name = history.commit_id(between.before), between.before
    after = history.commit_id(between.after) if between.after else head
    if between.common:
        before = name = history.merge_base(before, after)
    shelf = Shelf()
    second, title = _second(root, history, between, after, staged=staged)
    one = Side(_short(name), Session(history.files(before), root, shelf), before, asked)
    other = Side(title, Session(second, root, shelf), after, asked)
    _refuse_nothing(one, other)
    return Sides(one, other, history)


def _refuse_nothing(one: Side, other: Side) -> None:
    """A side without a project has no environments, if the other has some; raises `Failed` where neither has one."""
    for empty, full in ((one, other), (other, one)):
        if empty.lacks_project:
            known = full.session.project
            empty.session.project = known._replace(environments={}, files={}, components=(), outputs=(), settings={})


def side_at(root: Path, history: History, commit: str, asked: Asked, shelf: Shelf | None = None) -> Side:
    """The side of one commit, by its full id."""
    return Side(_short(commit), Session(history.files(commit), root, shelf), commit, asked)


def check_names(sides: Sides, names: Sequence[str]) -> None:
    """Raises `Failed` for an environment that neither side has."""
    known = {**sides.before.session.project.environments, **sides.after.session.project.environments}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Failed(*select_environments(unknown, sides.after.session.project)[1])


def _second(root: Path, history: History, between: Between, commit: str, *, staged: bool) -> tuple[Source, str]:
    if between.after:
        return history.files(commit), _short(between.after)
    return (Index(root), INDEX) if staged else (WorkTree(root), WORKING_TREE)


def _short(name: str) -> str:
    """A full id as people quote it; any other name as it is."""
    is_id = len(name) in (40, 64) and not name.strip("0123456789abcdef")
    return name[:12] if is_id else name
