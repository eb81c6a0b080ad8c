"""Paths through lists: where they lead, and what a layer above must say to change one item of a lower layer's list."""

from __future__ import annotations

from typing import Any

from cfgc.edit.change import REMOVE, Gone, NotExact
from cfgc.edit.intent import MISSING, nested, with_value, without
from cfgc.model.keypath import Item, KeyPath, show
from cfgc.model.values import Marked, Value
from cfgc.stages.merge.identity import ITSELF, find_item


def plain(tree: Value, path: KeyPath) -> KeyPath:
    """The path with an index in place of each item that the tree holds."""
    done: list[Any] = []
    for named in path:
        step: Any = _index(tree, named) if isinstance(tree, list) and isinstance(named, (Item, int)) else named
        done.append(step)
        tree = _below(tree, step)
    return tuple(done)


def at(tree: Value, path: KeyPath) -> Value:
    """The value at a path, `MISSING` for none."""
    for step in plain(tree, path):
        tree = _below(tree, step)
    return tree


def first_list(path: KeyPath) -> int | None:
    """The number of the first step that enters a list."""
    return next((depth for depth, step in enumerate(path) if not isinstance(step, str)), None)


def over_item(tree: Value, path: KeyPath, wish: Value | Gone, rule: Any) -> tuple[KeyPath, Value]:
    """A change inside a list of a lower layer -> the path of the list, and what to write over it.

    An item that is named by a key is matched by it (`!by`, unless the schema's `rule` does so), the list is written
    out where it is named by its position. Raises `NotExact` for a list in a list.
    """
    depth = first_list(path)
    assert depth is not None
    here, step, rest = path[:depth], path[depth], path[depth + 1 :]
    items = at(tree, here)
    if not isinstance(items, list):
        raise NotExact(f"`{show(here)}` is no list")
    number = _index(items, step) if isinstance(step, (int, Item)) else None
    if isinstance(step, Item):
        said = _said(items, number, step, rest, wish)
        by_rule = isinstance(rule, dict) and rule.get("by") == step.key
        return here, [said] if by_rule else Marked("by", [said], step.key)
    if number is None or number >= len(items):
        raise NotExact(f"`{show(here)}` has no item {step}")
    if wish is REMOVE:
        return here, without(items, (number, *rest))
    return here, with_value(items, (number, *rest), wish)


def _said(items: list[Value], number: int | None, item: Item, rest: KeyPath, wish: Value | Gone) -> Value:
    """The list item that changes the one it is matched with."""
    if number is None:
        raise NotExact(f"the list has no item `{show((item,))}`")
    if item.key == ITSELF:
        if wish is REMOVE and not rest:
            return Marked("unset", items[number])
        raise NotExact(f"an item that is named by itself (`{show((item,))}`) can only be removed")
    identity = {item.key: items[number][item.key]}
    if wish is REMOVE:
        return {**identity, **nested(rest, Marked("unset", None))} if rest else Marked("unset", identity)
    inner = nested(rest, wish)
    if not isinstance(inner, dict):
        raise NotExact(f"`{show((item,))}` is a map, and the new value is none")
    return {**identity, **inner}


def _index(items: list[Value], step: int | Item) -> int | None:
    if isinstance(step, Item):
        return find_item(items, step.key, step.value)
    return step % len(items) if -len(items) <= step < 0 else step


def _below(tree: Value, step: Any) -> Value:
    if isinstance(tree, dict) and isinstance(step, str) and step in tree:
        return tree[step]
    return tree[step] if isinstance(tree, list) and isinstance(step, int) and step < len(tree) else MISSING
