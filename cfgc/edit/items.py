"""Paths through lists: where they lead, and what a layer above must say to change one item of a lower layer's list."""

from __future__ import annotations

from typing import Any, NamedTuple

from cfgc.edit.change import REMOVE, Gone, NotExact
from cfgc.edit.intent import MISSING, bare, nested, with_value, without
from cfgc.model.keypath import Item, KeyPath, show
from cfgc.model.values import Marked, Value
from cfgc.stages.merge.identity import ITSELF, find_item, text_of


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
    if number is None or not 0 <= number <= len(items) or (number == len(items) and (rest or wish is REMOVE)):
        raise NotExact(f"`{show(here)}` has no item {step}: it has {len(items)}, counted from 0")
    if wish is REMOVE:
        return here, without(items, (number, *rest))
    return here, with_value(items, (number, *rest), wish)


class Joined(NamedTuple):
    """A list that the edited layer and lower ones make: its items, what the layer writes there, the schema's rule."""

    items: list[Value]
    own: Value
    rule: Any

    @property
    def key(self) -> str:
        """The key that its items are matched by; empty where they are not matched."""
        own = self.own
        while isinstance(own, Marked):
            if own.name == "by":
                return own.key or ""
            own = own.value
        by_rule = isinstance(self.rule, dict) and not isinstance(self.own, Marked)
        return str(self.rule.get("by", "")) if by_rule else ""


def into_item(joined: Joined, path: KeyPath, wish: Value | Gone) -> tuple[KeyPath, Value]:
    """A change at a path inside of a joined list -> the path inside of the layer's own list, and what to write there.

    The layer has an item of its own that is matched by key, or gets one; a new last item is added behind its own.
    Raises `NotExact` for an item that another layer brings and that nothing names.
    """
    step, rest, many = path[0], path[1:], len(joined.items)
    added, key = bare(joined.own), joined.key
    if step == many and not rest and wish is not REMOVE and isinstance(added, list):
        return (len(added),), wish
    if isinstance(step, int) and not -many <= step < many:
        raise NotExact(f"the list has {many} items, counted from 0")
    if key and isinstance(step, int):
        step = _named(joined.items[step], key)
    if not key or not isinstance(step, Item) or step.key != key or not isinstance(added, list):
        raise NotExact("its list is joined from several layers, and another one brings this item")
    here, number = find_item(added, key, step.value), find_item(joined.items, key, step.value)
    if here is None:
        return (len(added),), _said(joined.items, number, step, rest, wish)
    if wish is REMOVE:
        unset = None if rest else {key: bare(added[here])[key]} if key != ITSELF else bare(added[here])
        return (here, *rest), Marked("unset", unset)
    return (here, *rest), wish


def _named(item: Value, key: str) -> int | Item:
    name = text_of(item if key == ITSELF else item.get(key) if isinstance(item, dict) else None)
    return 0 if name is None else Item(key, name)


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
    return tree[step] if isinstance(tree, list) and isinstance(step, int) and 0 <= step < len(tree) else MISSING
