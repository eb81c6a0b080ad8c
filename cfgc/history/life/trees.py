"""An environment's trees in commit after commit: of one where few files changed, only what depends on them is compiled.

What a file says stands at the file's key path or below. Beside that, a value changes only where it refers to one that
does, and who refers to whom is known from the trees that were compiled before.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import takewhile

from cfgc.diagnostics import Failed
from cfgc.external.git.commits import Commit
from cfgc.history.life.lookup import ABSENT, value_at
from cfgc.history.life.revisions import Changed, Moment, Revisions
from cfgc.model.keypath import KeyPath
from cfgc.model.values import INCLUDE, Tree, Value
from cfgc.pipeline.compile import Compiled, compile_paths
from cfgc.pipeline.scope import files_of
from cfgc.pipeline.session import Session
from cfgc.stages.resolve import Hop

_MOST = 32


class Trees(Revisions):
    """Revisions of which only the trees are wanted: of a moment that was made of another, no place is known."""

    _referred: Referred | None = None

    def _made(self, child: Moment, changed: Changed, parent: Commit, session: Session) -> Moment | None:
        paths = self._concerned(child, changed, session)
        if not paths:
            return None
        try:
            compiled = compile_paths(session, self.environment, paths)
        except Failed as failed:
            return Moment(parent, session, None, failed.diagnostics)
        values = {path: value_at(compiled.tree, path) for path in paths}
        if ABSENT in values.values():
            return None  # whether the maps around it are still there, this does not tell
        self._learn(compiled)
        session.other_inputs.update(child.session.other_inputs)  # what the rest of the tree was made of
        tree = reduce(_with, values.items(), child.tree)
        errors = tuple(each for each in compiled.diagnostics if each.is_error)
        return Moment(parent, session, None, errors, child.layer_files, tree)

    def _compiled(self, commit: Commit, session: Session) -> Moment:
        moment = super()._compiled(commit, session)
        if moment.compiled is not None:
            self._learn(moment.compiled)
        return moment

    def _learn(self, compiled: Compiled) -> None:
        self._referred = self._referred or Referred()
        self._referred.learn(compiled.resolved.asked)

    def _concerned(self, child: Moment, changed: Changed, session: Session) -> list[KeyPath]:
        """The key paths at which a session may have another tree than a moment; none where that may be anywhere."""
        if self.paths is not None or child.problems or child.layer_files is None or self._referred is None:
            return []
        mine = {path for path in changed if path in child.layer_files}
        others = {path: how for path, how in changed.items() if path not in mine}
        if any(changed[path] != "changed" for path in mine) or child.session.concerned(others, frozenset()):
            return []
        project = session.project
        environment = project.environments[self.environment]
        files = [file for file in files_of(project, environment) if file.path in mine]
        if len(files) != len(mine) or any(file.each for file in files):
            return []
        paths = self._referred.closed({file.at for file in files})
        return [] if () in paths or len(paths) > _MOST else paths


class Referred:
    """Who refers to what, in any of the trees that were compiled."""

    def __init__(self) -> None:
        self._below: dict[KeyPath, dict[KeyPath, None]] = {}
        """key path -> the places of references that lead to it or below it"""
        self._at: dict[KeyPath, dict[KeyPath, None]] = {}
        self._known: set[Hop] = set()

    def learn(self, hops: Iterable[Hop]) -> None:
        """Take in the references of one tree."""
        for hop in hops:
            if hop not in self._known:
                self._known.add(hop)
                place = tuple(takewhile(_is_key, hop.path))
                self._at.setdefault(hop.target, {})[place] = None
                for depth in range(len(hop.target) + 1):
                    self._below.setdefault(hop.target[:depth], {})[place] = None

    def closed(self, paths: Iterable[KeyPath]) -> list[KeyPath]:
        """Key paths, and all that refers to what stands at, above or below them; none stands below another."""
        waiting = list(paths)
        found: set[KeyPath] = set()
        while waiting:
            path = waiting.pop()
            if not any(path[:depth] in found for depth in range(len(path) + 1)):
                found.add(path)
                waiting += self._below.get(path, ())
                waiting += [place for depth in range(len(path)) for place in self._at.get(path[:depth], ())]
        return [path for path in found if not any(path[:depth] in found for depth in range(len(path)))]


def _is_key(step: object) -> bool:
    return isinstance(step, str) and step != INCLUDE


def _with(tree: Tree, placed: tuple[KeyPath, Value]) -> Tree:
    """A tree with another value at a path, which shares all else."""
    (key, *rest), value = placed
    if not rest:
        return {**tree, str(key): value}
    below = tree.get(str(key))
    return {**tree, str(key): _with(below if isinstance(below, dict) else {}, (tuple(rest), value))}
