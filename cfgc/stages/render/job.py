"""What rendering is asked: a job, and what it may know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from cfgc.model.annotations import Annotations
from cfgc.model.keypath import ROOT, KeyPath, show
from cfgc.model.layers import Source
from cfgc.model.project import Output
from cfgc.model.values import Value


class Job(NamedTuple):
    """One output of one component; the root stands for an output of the whole environment.

    `text` is what the artifact holds, where that was written ahead (`render.write_ahead`).
    """

    component: KeyPath
    output: Output
    text: str | None = None

    @property
    def name(self) -> str:
        """The component as JSON and policies hold it; nothing for the environment."""
        return _name(self.component) if self.component else ""

    @property
    def start(self) -> KeyPath:
        """Where in the tree the data of this output stands."""
        return (*self.component, *self.output.start)


_name = lru_cache(maxsize=1 << 14)(show)


class Context(NamedTuple):
    """What all jobs of a run share.

    `tree` is resolved; its secrets are revealed unless `sealed`. `component_of` gives the component that a key path
    belongs to, `shared` whether the schema shares the secret at the first path with the component at the second
    (`x-cfgc-shared-with`). `source` is where `templates/` is read from. `stopped` names the templates that ran too
    long, here or in another environment that shares the set: none of them is tried twice.
    """

    environment: str
    labels: Mapping[str, str]
    tree: Value
    annotations: Annotations
    source: Source
    component_of: Callable[[KeyPath], KeyPath | None]
    shared: Callable[[KeyPath, KeyPath], bool]
    sealed: bool = False
    dist_names: Literal["name", "path"] = "name"
    stopped: set[str] | frozenset[str] = frozenset()


class LineSource(NamedTuple):
    """What a line of an artifact comes from: a template line (no `file` for an emitter) and key paths of the tree."""

    file: str
    line: int
    paths: tuple[KeyPath, ...]


def lookup(tree: Value, path: KeyPath) -> Value:
    """The value at a path of keys; raises `LookupError`."""
    for step in path:
        if not isinstance(tree, dict) or step not in tree:
            raise LookupError(show(path))
        tree = tree[step]
    return tree


__all__ = ["ROOT", "Context", "Job", "LineSource", "lookup"]
