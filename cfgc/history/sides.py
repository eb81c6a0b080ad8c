"""The two sides of a comparison: contents of one project, compiled sealed."""

from __future__ import annotations

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
from cfgc.stages.read import Shelf

WORKING_TREE, INDEX = "working tree", "index"


class Side:
    """One content of a project: a commit, the index or the working tree.

    `name` is how people call it, `commit` its full id: for the index and the working tree that of `HEAD`.
    """

    def __init__(self, name: str, session: Session, commit: str, today: date) -> None:
        self.name = name
        self.session = session
        self.commit = commit
        self._today = today

    @property
    def is_commit(self) -> bool:
        """Whether this is exactly the content of a commit."""
        return self.session.source.describe() == self.commit

    @property
    def environments(self) -> tuple[str, ...]:
        return tuple(self.session.project.environments)

    @cached_property
    def examined(self) -> Examined:
        """All environments with their artifacts and findings. Raises `Failed` where there is no project to read."""
        return examine(self.session, self.environments, Wanted("", today=self._today))

    def compiled(self, environment: str) -> Compiled | None:
        """An environment of this side; none where this side does not have it."""
        return self.examined.compiled.get(environment)

    def artifacts(self, environment: str) -> dict[str, Artifact]:
        """Path below `dist/ENV` -> artifact, in its sealed form."""
        return {each.path: each for each in self.examined.artifacts.get(environment, ())}

    def problems(self) -> list[Diagnostic]:
        """Why this side does not compile, with the finding that names the side; nothing when it does."""
        try:
            found = [each for each in self.examined.diagnostics if each.code[3] in _STOPPING and each.is_error]
        except Failed as failed:
            found = list(failed.diagnostics)
        return [*found, report("side-does-not-compile", side=self.name)] if found else []


_STOPPING = "12345"
"""Findings of these stages leave no tree; those of checks leave one that is wrong and can be compared."""


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


def open_sides(root: Path, between: Between | None, *, staged: bool, today: date) -> Sides:
    """The sides of a range; without one, the merge base with the default branch against the working tree or the index.

    Raises `Failed`: no repository, an unknown revision, no common ancestor.
    """
    history = History(root)
    head = history.commit_id("HEAD")
    if between is None:
        base = history.merge_base(history.default_branch(), head)
        between = Between(base, "")
    before, name = history.commit_id(between.before), between.before
    after = history.commit_id(between.after) if between.after else head
    if between.common:
        before = name = history.merge_base(before, after)
    shelf: Shelf = {}
    second, title = _second(root, history, between, after, staged=staged)
    return Sides(
        Side(_short(name), Session(history.files(before), root, shelf), before, today),
        Side(title, Session(second, root, shelf), after, today),
        history,
    )


def side_at(root: Path, history: History, commit: str, *, today: date, shelf: Shelf | None = None) -> Side:
    """The side of one commit, by its full id."""
    return Side(commit[:12], Session(history.files(commit), root, shelf), commit, today)


def _second(root: Path, history: History, between: Between, commit: str, *, staged: bool) -> tuple[Source, str]:
    if between.after:
        return history.files(commit), _short(between.after)
    return (Index(root), INDEX) if staged else (WorkTree(root), WORKING_TREE)


def _short(name: str) -> str:
    """A full id as people quote it; any other name as it is."""
    is_id = len(name) in (40, 64) and not name.strip("0123456789abcdef")
    return name[:12] if is_id else name
