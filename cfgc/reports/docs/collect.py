"""A project -> its documentation as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import Tree, Value
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.session import Session
from cfgc.reports.docs.keys import Keys, Place
from cfgc.reports.docs.model import Chain, Component, Docs, Key
from cfgc.reports.docs.shape import Shape, shape_of
from cfgc.reports.docs.usage import Usage
from cfgc.reports.gaps.plain_text import bare_of


def collect(session: Session, compiled: Sequence[Compiled]) -> Docs:
    """The documentation of some environments that compile, sealed: no key is needed, and no secret is in it."""
    usage = Usage()
    for each in compiled:
        usage.add(session, each)
    root = shape_of(session.schemas.bundle())
    trees = {each.environment.name: each.tree for each in compiled}
    owned = [path for path in _components(compiled) if path]
    keys = Keys(usage, bare_of(session, compiled))
    components = [_component(path, keys, root, trees, usage) for path in owned]
    rest = _rest(keys, root, trees, owned)
    if rest:
        components.append(Component("", "", "", tuple(trees), (), rest))
    return Docs(
        project=session.project.name,
        description=str(root.get("description", "")),
        environments=tuple(Chain(each.name, each.layers, each.labels) for each in _environments(compiled)),
        components=tuple(components),
        files=usage.made(()),
        links=usage.links(),
    )


def _environments(compiled: Sequence[Compiled]) -> Iterator[Chain]:
    for each in compiled:
        yield Chain(each.environment.name, each.environment.layers, dict(each.environment.labels))


def _components(compiled: Sequence[Compiled]) -> list[KeyPath]:
    return list(dict.fromkeys(path for each in compiled for path in each.components))


def _component(path: KeyPath, keys: Keys, root: Shape, trees: Mapping[str, Tree], usage: Usage) -> Component:
    shape, values = root, dict(trees)
    for step in path:
        shape = shape.step(str(step))
        values = {name: value[step] for name, value in values.items() if isinstance(value, dict) and step in value}
    return Component(
        name=show(path),
        title=str(shape.get("title", "")),
        description=str(shape.get("description", "")),
        environments=tuple(values),
        files=usage.made(path),
        keys=tuple(keys.below(Place(path, show(path), "", shape, values))),
    )


def _rest(keys: Keys, root: Shape, trees: Mapping[str, Tree], owned: list[KeyPath]) -> tuple[Key, ...]:
    """The keys of no component."""
    outside = {name: _without(tree, (), frozenset(owned)) for name, tree in trees.items()}
    return tuple(keys.below(Place((), "", "", root, outside, frozenset(owned))))


def _without(value: Value, path: KeyPath, owned: frozenset[KeyPath]) -> Value:
    """A tree without the components; a map that holds nothing else goes with them."""
    if not isinstance(value, dict) or not any(each[: len(path)] == path for each in owned):
        return value
    kept = {key: _without(item, (*path, key), owned) for key, item in value.items() if (*path, key) not in owned}
    return {key: item for key, item in kept.items() if item != {} or value[key] == {}}
