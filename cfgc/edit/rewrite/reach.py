"""The way to a value among the nodes of a file. What stands behind an alias, an anchor or `<<` is not edited."""

from __future__ import annotations

from typing import NamedTuple

from cfgc.diagnostics import Failed, report
from cfgc.edit.page import Page
from cfgc.model.keypath import KeyPath, Step, show
from cfgc.model.values import INCLUDE
from cfgc.stages.read.nodes import Alias, Content, Mapping, Node, Scalar, Sequence, content
from cfgc.stages.read.places import find, is_merge


class Spot(NamedTuple):
    """A value: its node, the map or list around it, its number there, and its key if that is a map."""

    node: Node
    around: Content | None = None
    number: int = 0
    key: Node | None = None

    @property
    def start(self) -> int:
        """Where its entry begins in brackets."""
        return self.node.start if self.key is None else self.key.start

    @property
    def end(self) -> int:
        return max(self.node.end, self.start if self.key is None else self.key.end)


def reach(page: Page, path: KeyPath) -> Spot | None:
    """The value at a path, none where the file holds none.

    Raises `Failed` where the way leads through an alias, an anchor or a merge key.
    """
    if page.root is None:
        return None
    spot = Spot(page.root)
    for depth, step in enumerate(path):
        _refuse_shared(page, spot.node, path[:depth])
        following = _enter(spot.node, step)
        if following is None:
            _refuse_inherited(page, spot.node, path, depth)
            return None
        spot = following
    _refuse_shared(page, spot.node, path)
    return spot


def entries(node: Content) -> list[Spot]:
    """The entries of a map or list."""
    if isinstance(node, Mapping):
        return [Spot(value, node, number, key) for number, (key, value) in enumerate(node.pairs)]
    if isinstance(node, Sequence):
        return [Spot(item, node, number) for number, item in enumerate(node.items)]
    return []


def dash(page: Page, path: KeyPath) -> int:
    """Where the dash of the list item at a path stands."""
    assert page.root is not None
    return find(page.text, page.root, path).key[0]


def _enter(node: Node, step: Step) -> Spot | None:
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return Spot(node.items[step], node, step)
    if not isinstance(node, Mapping):
        return None
    wanted = "<<" if step == INCLUDE else step
    for number, (key, value) in enumerate(node.pairs):
        named = content(key)
        if isinstance(named, Scalar) and named.text == wanted and is_merge(key) is (step == INCLUDE):
            return Spot(value, node, number, key)
    return None


def _refuse_shared(page: Page, node: Node, path: KeyPath) -> None:
    if isinstance(node, Alias):
        raise _through(page, node, path, f"the alias `{page.chars[node.start : node.end]}`")
    if node.anchored:
        raise _through(page, node, path, "an anchor that aliases may use")


def _refuse_inherited(page: Page, node: Node, path: KeyPath, depth: int) -> None:
    """What `<<` brings in is no key of the map itself, and reading would still find it there."""
    if isinstance(node, Mapping) and any(is_merge(key) for key, _ in node.pairs):
        assert page.root is not None
        found = find(page.text, page.root, path[: depth + 1])
        if found.whole:
            raise _through(page, found.node, path, "the merge key `<<`")


def _through(page: Page, node: Node, path: KeyPath, what: str) -> Failed:
    at = page.text.location(node.start, node.end)
    return Failed(report("edit-through-alias", at=at, file=page.file, target=show(path), what=what))
