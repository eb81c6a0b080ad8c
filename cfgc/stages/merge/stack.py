"""Stacks: everything that the layers say about one key path, lowest first.

The layers of an environment become one stack at the root: each document is wrapped in maps down to its mount, so that
grafting files together is merging them. `children` turns a stack of maps into the stacks one step deeper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

from cfgc.model.keypath import Item, KeyPath
from cfgc.model.layers import Document, Layer, LayerFile
from cfgc.model.provenance import Contribution
from cfgc.model.values import Marked, MarkerName, Secret, Tree, Value

EACH = "\0each"
"""The key of a `Ghost` under which the content of an `_each` file waits for the children that exist."""

WIDE = 16
"""More entries than this meet only where many files are mounted; few other paths are so often passed."""

LEAVES: frozenset[type] = frozenset({str, int, float, bool, type(None), Secret})
_NONE: frozenset[type] = frozenset()


class Ghost(dict[str, Any]):
    """A map on the way to an `_each` file's content: it is nothing by itself and creates nothing."""


class Pick:
    """An override of one list item (`--set hosts[0]=x`)."""

    __slots__ = ("step", "value")

    def __init__(self, step: int | Item, value: Value) -> None:
        self.step = step
        self.value = value


@dataclass(slots=True, eq=False, repr=False)
class Source:
    """Where entries of stacks come from: one document, one override, or one item of a list of theirs.

    `rank` orders layers; entries of one rank are equals, none overrides another. `plain` says that no marker is in
    the document. A value of this source at the tree's path `p` stands inside the file at `base + p[depth:]`.
    """

    file: LayerFile
    rank: int
    plain: bool
    base: KeyPath = ()
    depth: int = 0
    raw: bool = False

    def inside(self, path: KeyPath) -> KeyPath:
        """The path inside the file of what stands at `path` in the tree; the file's root above its mount."""
        return self.base + path[self.depth :]

    def item(self, path: KeyPath, index: int) -> Source:
        """The source of an item of this source's list at `path`: merging gives it another index in the tree."""
        base = (*self.inside(path), index)
        return Source(self.file, self.rank, self.plain, base, len(path) + 1, self.raw)

    def above(self, path: KeyPath) -> bool:
        """Whether the entry at `path` is no value of the file but the way down to its mount."""
        return len(path) < self.depth and not self.base

    @property
    def outside(self) -> bool:
        """Whether no file holds the value: a variable or an option does."""
        return self.file.path.startswith("<")


Entry: TypeAlias = "tuple[Value, Source]"
Stack: TypeAlias = "list[Entry]"


class Piece(NamedTuple):
    """An entry without its markers: `op` and `key` are what the marker asks for."""

    value: Value
    source: Source
    op: MarkerName | None = None
    key: str | None = None


def marker_of(value: Value) -> str:
    """The outer marker of a value as written; empty for none."""
    if not isinstance(value, Marked):
        return ""
    return f"!{value.name}:{value.key}" if value.key else f"!{value.name}"


def peel(entry: Entry) -> Piece:
    """The value below an entry's markers, and the marker that decides about merging."""
    value, source = entry
    op: MarkerName | None = None
    key = None
    while value.__class__ is Marked:
        if value.name == "raw":
            source = replace(source, raw=True)
        elif op is None:
            op, key = value.name, value.key
        value = value.value
    return Piece(value, source, op, key)


def mount(layers: Sequence[Layer], overrides: Iterable[Contribution]) -> Stack:
    """The stack at the root of the tree; the order of a layer's documents does not matter."""
    stack: Stack = []
    for number, layer in enumerate(layers):
        stack += [_mounted(document, 2 * number) for document in sorted(layer.documents, key=_order)]
    top = 2 * len(layers)
    stack += [_placed(override, top + number) for number, override in enumerate(overrides)]
    return stack


def _order(document: Document) -> tuple[bool, KeyPath, str]:
    file = document.file
    return not file.each, file.at, file.path


def _mounted(document: Document, rank: int) -> Entry:
    file = document.file
    if file.each:
        source = Source(file, rank, not document.marked, depth=len(file.at) + 1)
        return _wrap_ghost(document.data, file.at), source
    value = document.data
    for step in reversed(file.at):
        value = {step: value}
    return value, Source(file, rank + 1, not document.marked, depth=len(file.at))


def _wrap_ghost(data: Value, at: KeyPath) -> Ghost:
    ghost = Ghost({EACH: data})
    for step in reversed(at):
        ghost = Ghost({str(step): ghost})
    return ghost


def _placed(override: Contribution, rank: int) -> Entry:
    value = override.value
    for step in reversed(override.path):
        value = {step: value} if isinstance(step, str) else Pick(step, value)
    file = LayerFile(override.file, override.layer, override.path, "yaml")
    return value, Source(file, rank, plain=False)


def children(stack: Stack) -> dict[str, Stack]:
    """The stacks one step below a stack of maps, in the order of the keys: of the lowest map first."""
    groups: dict[str, Stack] = {}
    for entry in stack:
        value, source = entry
        if value.__class__ is Marked:
            value, source, *_ = peel(entry)
        for key, item in value.items():
            group = groups.get(key)
            if group is None:
                groups[key] = [(item, source)]
            else:
                group.append((item, source))
    defaults = groups.pop(EACH, None)
    return groups if defaults is None else _with_defaults(groups, defaults)


def _with_defaults(groups: dict[str, Stack], defaults: Stack) -> dict[str, Stack]:
    return {key: sorted(defaults + group, key=_rank) if _exists(group) else group for key, group in groups.items()}


def _rank(entry: Entry) -> int:
    return entry[1].rank


def _exists(group: Stack) -> bool:
    """Whether a child of an `_each` folder is there without any `_each`: no default brings back what is unset."""
    for entry in reversed(group):
        if not entry[1].file.each:
            return peel(entry).op != "unset"
    return False


def settle(stack: Stack) -> tuple[Tree, dict[str, Stack]] | None:
    """Unmarked maps laid over each other, and the stacks of the keys that need a decision; none for other stacks.

    Two layers that write scalars need none: the higher wins. Two files of one layer that do need one.
    """
    if len(stack) > WIDE:
        return ({}, children(stack)) if all(value.__class__ is dict for value, _ in stack) else None
    result: Tree = {}
    undecided: dict[str, Stack] = {}
    rank = -1
    for value, source in stack:
        if value.__class__ is not dict or not source.plain:
            return None
        if result:
            _lay(value, result, LEAVES if source.rank != rank else _NONE, undecided)
        else:
            result = value.copy()
        rank = source.rank
    for key, group in undecided.items():
        for value, source in stack:
            if key in value:
                group.append((value[key], source))
    return result, undecided


def _lay(value: Tree, result: Tree, leaves: frozenset[type], undecided: dict[str, Stack]) -> None:
    """Lays a map over others, key by key."""
    for key, item in value.items():
        if item.__class__ in leaves:
            if result.get(key).__class__ in leaves:
                result[key] = item
                continue
        elif key not in result:
            result[key] = item
            continue
        # no leaf stands there from now on, so that no higher layer settles the key
        result[key] = undecided[key] = []


def shared(stack: Stack) -> dict[str, Stack]:
    """`children`, without the keys that only one entry has."""
    if len(stack) > WIDE or not all(value.__class__ is dict for value, _ in stack):
        return {key: group for key, group in children(stack).items() if len(group) > 1}
    seen: set[str] = set()
    keys: dict[str, None] = {}
    for value, _ in stack:
        keys |= dict.fromkeys(key for key in value if key in seen)
        seen.update(value)
    return {key: [(value[key], source) for value, source in stack if key in value] for key in keys}


def child(stack: Stack, key: str) -> Stack | None:
    """The stack of one key below a stack of maps; none where no entry has the key."""
    if all(value.__class__ is dict for value, _ in stack):
        return [(value[key], source) for value, source in stack if key in value] or None
    return children(stack).get(key)
