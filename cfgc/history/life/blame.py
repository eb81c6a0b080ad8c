"""The commit behind each value of a tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cfgc.external.git.commits import Commit
from cfgc.history.changes import identity_of
from cfgc.history.changes.change import holds_secret
from cfgc.history.life.makers import Maker, makers
from cfgc.history.life.revisions import Archive
from cfgc.history.life.trees import Trees
from cfgc.model.annotations import Annotations
from cfgc.model.keypath import Item, KeyPath
from cfgc.model.location import Location
from cfgc.model.values import Value, masked
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.session import Session


class Blamed(NamedTuple):
    """A leaf of a tree, safe to print, with its line and the commit that made it; no commit: it is not committed yet.

    `boundary`: a shallow clone begins with that commit, and an earlier one may have made the value.
    """

    path: KeyPath
    value: Value
    secret: bool
    origin: Location | None
    commit: Commit | None
    boundary: bool


def blame(archive: Archive, session: Session, compiled: Compiled, start: str) -> list[Blamed]:
    """The leaves of a compiled environment (of the components it was narrowed to), in tree order.

    `start` is the full id of the commit that was compiled, or that the index or the working tree is based on.
    """
    annotations = session.schemas.annotations
    leaves = [leaf for top in _tops(compiled) for leaf in _leaves(compiled.tree, top, annotations)]
    revisions = Trees(archive, archive.way(start), compiled.environment.name, compiled.narrowed)
    made = makers(revisions, compiled.tree, [leaf.path for leaf in leaves])
    return [_blamed(leaf, compiled, made.get(leaf.path)) for leaf in leaves]


class _Leaf(NamedTuple):
    path: KeyPath
    at: KeyPath
    value: Value


def _tops(compiled: Compiled) -> list[KeyPath]:
    return [()] if compiled.narrowed is None else compiled.narrowed


def _leaves(tree: Value, top: KeyPath, annotations: Annotations) -> Iterator[_Leaf]:
    for step in top:
        tree = tree[step]
    yield from _below(_Leaf(top, top, tree), annotations)


def _below(leaf: _Leaf, annotations: Annotations) -> Iterator[_Leaf]:
    """Scalars, and maps and lists that are empty; `path` names list items by identity as changes do."""
    value = leaf.value
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _below(_Leaf((*leaf.path, key), (*leaf.at, key), item), annotations)
    elif isinstance(value, list) and value:
        named = identity_of(value, leaf.at, annotations)
        for index, item in enumerate(value):
            step = index if named is None else Item(named, str(item if named == "." else item[named]))
            yield from _below(_Leaf((*leaf.path, step), (*leaf.at, index), item), annotations)
    else:
        yield leaf


def _blamed(leaf: _Leaf, compiled: Compiled, maker: Maker | None) -> Blamed:
    origin = compiled.placing.place(leaf.at)
    commit, boundary = maker or (None, False)
    return Blamed(leaf.path, masked(leaf.value), holds_secret(leaf.value), origin, commit, boundary)
