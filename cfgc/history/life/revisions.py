"""One environment in commit after commit, with as little compiling as can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external.git.commits import Commit, History
from cfgc.external.git.sources import Difference
from cfgc.history.life.way import Way
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.values import Tree
from cfgc.pipeline.compile import Compiled, compile_paths
from cfgc.pipeline.session import Session
from cfgc.stages.read import Shelf

Changed: TypeAlias = Mapping[str, Difference]
"""Project path -> how a file differs."""

_NOT_THERE = frozenset({"no-project", "unknown-environment"})


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """Where earlier contents of a project are read. `shelf` has the documents that were read before.

    `near` is a session over one of the commits, if there is one already: the others begin with what it has.
    """

    history: History
    root: Path
    shelf: Shelf
    near: Session | None = None
    _ways: dict[tuple[str, str], Way] = field(default_factory=dict)

    def way(self, start: str, stop: str = "") -> Way:
        """The commits from `start` back, without `stop` and what is before that (full ids); walks share it."""
        if (start, stop) not in self._ways:
            self._ways[start, stop] = Way(self.history, start, stop)
        return self._ways[start, stop]

    def session(self, commit: Commit) -> Session:
        """A session over a commit."""
        if self.near is None:
            return Session(self.history.files(commit.id), self.root, self.shelf)
        known = self.history.commit(self.near.source.describe())
        (edge,) = self.history.edges([(known, commit)])
        return self.near.after(self.history.files_near(commit, edge), edge.changed)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """An environment as one commit has it. `problems` say why it does not compile there: nothing is known of it then.

    Without problems and without `compiled`, the commit has no such environment.
    """

    commit: Commit
    session: Session
    compiled: Compiled | None
    problems: tuple[Diagnostic, ...] = ()
    layer_files: frozenset[str] | None = None
    """those that went into it; none: it is not known"""
    made: Tree | None = None
    """the tree, where it was made of another moment's, and nothing else is known"""

    def stays(self, changed: Changed) -> bool:
        """Whether a commit that differs in these files alone has the very same."""
        return not self.session.concerned(changed, self.layer_files)

    @property
    def tree(self) -> Tree:
        if self.made is not None:
            return self.made
        return self.compiled.tree if self.compiled else {}

    def place(self, path: KeyPath) -> Location | None:
        """The line of the value at a path of plain indexes."""
        return self.compiled.placing.place(path) if self.compiled else None

    def place_removal(self, path: KeyPath) -> Location | None:
        """The line of the `!unset` that leaves nothing at a path; none where nothing is left of the key."""
        return self.compiled.merged.place_removal(path) if self.compiled and path else None


class Revisions:
    """An environment along a way, at some key paths (of keys alone; none for all of it).

    A commit that touched no file that was read for its neighbour is not compiled, and each other one once.
    """

    def __init__(self, archive: Archive, way: Way, environment: str, paths: Sequence[KeyPath] | None) -> None:
        self.way = way
        self.environment = environment
        self._archive = archive
        self.paths = paths
        self._moments: dict[str, Moment] = {}

    def first(self, commit: Commit) -> Moment:
        """The moment of a commit where a walk begins."""
        known = self._moments.get(commit.id)
        if known is None:
            known = self._moments[commit.id] = self._compiled(commit, self._archive.session(commit))
        return known

    def before(self, moment: Moment) -> Iterator[Moment | None]:
        """The nearest moments before one, in the order of the parents; none for a commit that a shallow clone lacks.

        A commit that does not compile is passed: its change is its children's.
        """
        waiting = [(moment, parent) for parent in self.way.parents(moment.commit)]
        while waiting:
            child, parent = waiting.pop(0)
            earlier = None if parent is None else self._earlier(child, parent)
            if earlier is not None and earlier.problems:
                waiting[:0] = [(earlier, each) for each in self.way.parents(earlier.commit)]
            else:
                yield earlier

    def forget(self, commit: Commit) -> None:
        """No walk comes back to this commit."""
        self._moments.pop(commit.id, None)

    def _earlier(self, child: Moment, parent: Commit) -> Moment:
        known = self._moments.get(parent.id)
        if known is None:
            edge = self.way.edge(child.commit, parent)
            session = child.session
            if session.concerned(edge.changed):
                session = session.after(self._archive.history.files_near(parent, edge), edge.changed)
            if child.stays(edge.changed):
                known = replace(child, commit=parent, session=session)
            else:
                known = self._made(child, edge.changed, parent, session) or self._compiled(parent, session)
            self._moments[parent.id] = known
        return known

    def _made(self, _child: Moment, _changed: Changed, _parent: Commit, _session: Session) -> Moment | None:
        """The moment of a parent with other files than its child, where it can be made of the child's."""
        return None

    def _compiled(self, commit: Commit, session: Session) -> Moment:
        try:
            compiled = compile_paths(session, self.environment, self.paths)
        except Failed as failed:
            absent = all(each.name in _NOT_THERE for each in failed.diagnostics)
            return Moment(commit, session, None, () if absent else failed.diagnostics)
        errors = tuple(each for each in compiled.diagnostics if each.is_error)
        documents = (document for layer in compiled.layers for document in layer.documents)
        return Moment(commit, session, compiled, errors, frozenset(each.file.path for each in documents))
