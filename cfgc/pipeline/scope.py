"""Which files a request needs: all of an environment, or those of some components and of what they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cfgc.model.keypath import KeyPath, starts_with
from cfgc.model.layers import LayerFile
from cfgc.model.project import Environment, Project
from cfgc.model.values import Tree
from cfgc.stages.discover import matches


class Scope:
    """A set of key paths whose files are read; grows while references lead out of it. None of them: everything."""

    def __init__(self, paths: Iterable[KeyPath] | None = None) -> None:
        self.paths: list[KeyPath] | None = None if paths is None else list(paths)

    def covers(self, file: LayerFile) -> bool:
        """Whether a file may say something about the scope: it stands above one of its paths, at it, or below."""
        if self.paths is None:
            return True
        at, depth = file.at, len(file.at)
        return any(path[:depth] == at[: len(path)] for path in self.paths)

    def loaded(self, path: KeyPath) -> bool:
        """Whether everything at and below `path` was read."""
        return self.paths is None or any(starts_with(path, known) for known in self.paths)

    def grow(self, paths: Sequence[KeyPath]) -> None:
        """Take more paths in."""
        if self.paths is not None:
            self.paths += [path for path in paths if not self.loaded(path)]


def files_of(project: Project, environment: Environment) -> Iterable[LayerFile]:
    """The files of an environment's layers."""
    return (file for layer in environment.layers for file in project.files.get(layer, ()))


def inside_component(project: Project, file: LayerFile) -> bool:
    """Whether a file stands at or in a component, so that its path alone tells the component's name."""
    return not file.each and any(
        matches(pattern, file.at[:depth]) for depth in range(1, len(file.at) + 1) for pattern in project.components
    )


def skeleton(paths: Iterable[KeyPath]) -> Tree:
    """Empty maps at every path: enough to know which components there are."""
    tree: Tree = {}
    for path in paths:
        place = tree
        for step in path:
            place = place.setdefault(str(step), {})
    return tree
