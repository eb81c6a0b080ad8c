"""Layers into a tree, and the answers to where its values come from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from cfgc.diagnostics import Diagnostic
from cfgc.model.annotations import Annotations, Cursor
from cfgc.model.keypath import Item, KeyPath
from cfgc.model.layers import Layer, LayerFile, Locator
from cfgc.model.location import Location, start_of
from cfgc.model.project import MergeRules
from cfgc.model.provenance import Contribution, Trace
from cfgc.model.values import INCLUDE, Tree, Value
from cfgc.stages.merge.decision import KEYWORD, Place, Settings
from cfgc.stages.merge.fold import ABSENT, Fold, look
from cfgc.stages.merge.stack import Entry, mount

if TYPE_CHECKING:
    from cfgc.stages.merge.lives import Fate
    from cfgc.stages.merge.overridden import Overridden
    from cfgc.stages.merge.walk import Node


class Merged:
    """One environment's layers merged. A `Placer`. Shares its values with the documents: change nothing in place.

    `raw` holds the paths of texts that `!raw` keeps from the resolver.
    """

    tree: Tree
    diagnostics: list[Diagnostic]
    raw: frozenset[KeyPath]

    def __init__(self, root: Place, stack: list[Entry], locator: Locator) -> None:
        fold = Fold(root.settings)
        value = fold.value(stack, root.path, root.cursor) if stack else ABSENT
        self.tree = {} if value is ABSENT else value
        self.diagnostics = _diagnostics(fold, locator) if fold.problems else []
        self.raw = frozenset(fold.raw)
        self._root = root
        self._stack = stack
        self._locator = locator
        self._last: tuple[KeyPath, Node | None] | None = None
        """what was asked for last: where a value stands and what it overrides are asked for one after the other"""

    def is_raw(self, path: KeyPath) -> bool:
        """Whether the text at `path` is not searched for references."""
        return path in self.raw

    def trace(self, path: KeyPath) -> Trace | None:
        """The life of the value at `path`; none where there is none."""
        from cfgc.stages.merge.lives import trace

        node = self._node(path)
        return None if node is None else trace(node)

    def children(self, path: KeyPath) -> list[KeyPath]:
        """The paths one step below `path`, in tree order."""
        steps, value = self._reach(path)
        if len(steps) < len(path):
            return []
        if isinstance(value, dict):
            return [(*steps, key) for key in value if key != INCLUDE]
        return [(*steps, index) for index in range(len(value))] if isinstance(value, list) else []

    def place(self, path: KeyPath) -> Location | None:
        """The span of the value at `path`, or of its nearest ancestor that is there."""
        from cfgc.stages.merge.findings import locate

        found = self._blamed(path)
        return None if found is None else locate(*found, self._locator)

    def place_key(self, path: KeyPath) -> Location | None:
        """The span of the key at `path`, or of its nearest ancestor that is there."""
        found = self._blamed(path)
        if found is None or found[0].startswith("<"):
            return self.place(path)
        file, inside = found
        return self._locator.key(file, inside) if inside else start_of(file)

    def place_removal(self, path: KeyPath) -> Location | None:
        """The span of the key whose `!unset` leaves nothing at `path`; none where no `!unset` does."""
        from cfgc.stages.merge.findings import locate

        above = self._node(path[:-1])
        node = None if above is None or isinstance(path[-1], Item) else above.child(path[-1])
        remover = None if node is None else node.decision.remover
        if node is None or remover is None or node.exists:
            return None
        source = remover[1]
        if source.outside:
            return locate(source.file, (), self._locator)
        return self._locator.key(source.file.path, source.inside(node.path))

    def overridden(self) -> list[Overridden]:
        """Every value that overrides another, for the lints."""
        from cfgc.stages.merge.overridden import overridden

        return overridden(self._stack, self._root)

    def fate(self, file: str, path: KeyPath) -> list[Fate]:
        """What becomes of the value at `path` inside `file`: nothing for a file of no layer here."""
        from cfgc.stages.merge.lives import fates

        known = self._files.get(file)
        return [] if known is None else list(fates(self._top, known, path))

    @cached_property
    def _files(self) -> dict[str, LayerFile]:
        return {source.file.path: source.file for _, source in self._stack}

    @cached_property
    def _top(self) -> Node:
        from cfgc.stages.merge.walk import Node

        return Node(self._root, self._stack)

    def _blamed(self, path: KeyPath) -> tuple[str, KeyPath] | None:
        from cfgc.stages.merge.lives import blamed

        steps, _ = self._reach(path)
        node = self._node(steps)
        if node is None or not node.exists:
            return None
        _, source = blamed(node)
        return source.file.path, source.inside(node.path)

    def _reach(self, path: KeyPath) -> tuple[tuple[str | int, ...], Value]:
        """As much of a path as is in the tree, with plain indexes for items, and the value there."""
        value: Value = self.tree
        steps: list[str | int] = []
        for named in path:
            step = named if not isinstance(named, Item) else _index(value, named)
            if isinstance(value, dict) and isinstance(step, str) and step in value:
                value = value[step]
            elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
                step %= len(value)
                value = value[step]
            else:
                break
            steps.append(step)
        return tuple(steps), value

    def _node(self, path: KeyPath) -> Node | None:
        if self._last is None or self._last[0] != path:
            self._last = path, self._descend(path)
        return self._last[1]

    def _descend(self, path: KeyPath) -> Node | None:
        steps, _ = self._reach(path)
        node: Node | None = self._top if len(steps) == len(path) else None
        for step in steps:
            node = None if node is None else node.child(step)
        return node


def _diagnostics(fold: Fold, locator: Locator) -> list[Diagnostic]:
    from cfgc.stages.merge.findings import diagnostics

    return diagnostics(fold.problems, fold.acted, locator)


def _index(value: Value, item: Item) -> int | None:
    from cfgc.stages.merge.identity import find_item

    return find_item(value, item.key, item.value) if isinstance(value, list) else None


def merge(
    layers: Sequence[Layer],
    rules: MergeRules,
    annotations: Annotations | None,
    locator: Locator,
    overrides: Sequence[Contribution] = (),
) -> Merged:
    """The layers of an environment, lowest first, then the overrides, as one tree (SPEC section 4).

    Files that are merged outside of a project are layers of one document each, at the root, which need be no map then.
    A mistake in a layer is a diagnostic; what does not fit is left out, so that the rest of the tree can be checked.
    """
    cursor: Cursor | None = annotations.root() if annotations is not None and annotations.uses(KEYWORD) else None
    settings = Settings(rules.lists, rules.types == "loose", locator.implicit, look)
    return Merged(Place((), cursor, settings), mount(layers, overrides), locator)
