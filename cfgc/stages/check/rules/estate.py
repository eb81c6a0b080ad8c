"""What the lints look at: all compiled environments of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cfgc.model.annotations import Annotations
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Document, Layer, Locator, Source
from cfgc.model.location import Location, start_of
from cfgc.model.project import Environment, Project
from cfgc.model.provenance import Contribution
from cfgc.model.values import Tree, Value

T = TypeVar("T")


class Override(Protocol):
    """One value over another, as merging saw it."""

    path: KeyPath

    @property
    def value(self) -> Value: ...
    @property
    def lower(self) -> Value: ...
    @property
    def winner(self) -> Contribution: ...
    @property
    def loser(self) -> Contribution: ...


class Once(Protocol):
    """`find()`, or what it gave for the same name and document before."""

    def __call__(self, what: str, document: Document, find: Callable[[], list[T]]) -> list[T]: ...


class Trap(Protocol):
    """A plain scalar that YAML 1.1 types otherwise."""

    @property
    def location(self) -> Location: ...
    @property
    def path(self) -> KeyPath: ...
    @property
    def text(self) -> str: ...
    @property
    def means(self) -> str: ...

    @property
    def reads(self) -> str: ...


@dataclass(frozen=True, slots=True)
class View:
    """One environment: its layers, the merged tree before references are resolved, and who overrides whom."""

    environment: Environment
    layers: Sequence[Layer]
    tree: Tree
    components: Sequence[KeyPath]
    overrides: Sequence[Override]


@dataclass(frozen=True, slots=True)
class Estate:
    """A project with all its environments, compiled. `traps` and `lookalikes` are the reader's."""

    project: Project
    source: Source
    views: Sequence[View]
    annotations: Annotations
    locator: Locator
    traps: Callable[[str], Sequence[Trap]]
    lookalikes: Callable[[Sequence[str]], Sequence[tuple[str, ...]]]
    used_templates: frozenset[str]
    """names inside `templates/` that an output uses, directly or through another template"""
    matches: Callable[[str, KeyPath], bool]
    once: Once
    """what was found in a document alone, found once for all revisions that have it"""

    def documents(self) -> Iterator[Document]:
        """Every document that an environment reads, each once."""
        seen: set[str] = set()
        for view in self.views:
            for layer in view.layers:
                for document in layer.documents:
                    if document.file.path not in seen:
                        seen.add(document.file.path)
                        yield document

    def place(self, said: Contribution) -> Location:
        """Where a contribution stands."""
        return start_of(said.file) if said.file.startswith("<") else self.locator.value(said.file, said.path)
