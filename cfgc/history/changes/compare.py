"""The comparison of two effective trees, key by key, list items by identity (issue: Git is the history)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfgc.history.changes.change import Change, Kind, holds_secret
from cfgc.model.annotations import Annotations
from cfgc.model.keypath import Item, KeyPath
from cfgc.model.same import same, type_of
from cfgc.model.values import MASK, Secret, Unknown, Value, masked

IDENTITIES = ("name", "id", "key")
"""What tells list items apart where the schema names no `by` key: the first that every item on both sides has once."""

ITSELF = "."


class _Pair:
    """A key path in both trees: as people name it, and with the indexes of either tree."""

    __slots__ = ("after", "before", "path")

    def __init__(self, path: KeyPath = (), before: KeyPath = (), after: KeyPath = ()) -> None:
        self.path = path
        self.before = before
        self.after = after

    def key(self, key: str) -> _Pair:
        return _Pair((*self.path, key), (*self.before, key), (*self.after, key))

    def item(self, step: int | Item, before: int, after: int) -> _Pair:
        return _Pair((*self.path, step), (*self.before, before), (*self.after, after))


def changes_between(old: Value, new: Value, annotations: Annotations) -> list[Change]:
    """What differs between two trees, in the order of the new one, what was removed after it.

    A subtree that was added or removed is one change at its highest path. `annotations` are the new side's: they name
    the `by` key of lists.
    """
    return list(_changes(old, new, _Pair(), annotations))


def changes_at(
    paths: tuple[KeyPath, KeyPath, KeyPath], old: Value, new: Value, annotations: Annotations
) -> list[Change]:
    """What differs between two values; `paths` are how people name their place, and where they stand in either tree."""
    return list(_changes(old, new, _Pair(*paths), annotations))


def identity_of(items: list[Value], at: KeyPath, annotations: Annotations) -> str | None:
    """The key that names the items of a list at a path, as changes name them; none: they are told by position."""
    return _identity(items, items, _Pair(at, at, at), annotations)


def _changes(old: Value, new: Value, at: _Pair, annotations: Annotations) -> Iterator[Change]:
    if old is new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _maps(old, new, at, annotations)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(old, new, at, annotations)
    elif not same(old, new):
        yield _replaced(old, new, at)


def _maps(old: dict[str, Value], new: dict[str, Value], at: _Pair, annotations: Annotations) -> Iterator[Change]:
    for key, value in new.items():
        if key in old:
            before = old[key]
            if before is not value:
                yield from _changes(before, value, at.key(key), annotations)
        else:
            yield _added(value, at.key(key))
    for key, value in old.items():
        if key not in new:
            yield _removed(value, at.key(key))


def _lists(old: list[Value], new: list[Value], at: _Pair, annotations: Annotations) -> Iterator[Change]:
    identity = _identity(old, new, at, annotations)
    if identity is None:
        yield from _by_position(old, new, at, annotations)
        return
    then, now = _named(old, identity), _named(new, identity)
    if [name for name in now if name in then] != [name for name in then if name in now]:
        yield _replaced(old, new, at)
    for name, index in now.items():
        step = Item(identity, name)
        if name in then:
            below = at.item(step, then[name], index)
            yield from _changes(old[then[name]], new[index], below, annotations)
        else:
            yield _added(new[index], at.item(step, index, index))
    for name, index in then.items():
        if name not in now:
            yield _removed(old[index], at.item(Item(identity, name), index, index))


def _by_position(old: list[Value], new: list[Value], at: _Pair, annotations: Annotations) -> Iterator[Change]:
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        yield from _changes(before, after, at.item(index, index, index), annotations)
    for index in range(len(old), len(new)):
        yield _added(new[index], at.item(index, index, index))
    for index in range(len(new), len(old)):
        yield _removed(old[index], at.item(index, index, index))


def _identity(old: list[Value], new: list[Value], at: _Pair, annotations: Annotations) -> str | None:
    """The key that tells the items of a list apart on both sides; none: they are told apart by position."""
    rule = annotations.get("x-cfgc-merge", at.after) or annotations.get("x-cfgc-merge", at.before)
    stated = rule.get("by") if isinstance(rule, dict) else None
    candidates = [stated] if isinstance(stated, str) else []
    return next((key for key in (*candidates, *IDENTITIES) if _tells_apart(old, key) and _tells_apart(new, key)), None)


def _tells_apart(items: Sequence[Value], key: str) -> bool:
    names = [_name(item, key) for item in items]
    return None not in names and len(set(names)) == len(names)


def _name(item: Value, key: str) -> str | None:
    """What an item is called by one of its keys, or by itself; none for what has no plain text there."""
    value = item if key == ITSELF else item.get(key) if isinstance(item, dict) else None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value)


def _named(items: list[Value], key: str) -> dict[str, int]:
    return {_name(item, key) or "": index for index, item in enumerate(items)}


def _added(value: Value, at: _Pair) -> Change:
    return Change(at.path, "added", new=masked(value), secret=holds_secret(value), after=at.after)


def _removed(value: Value, at: _Pair) -> Change:
    return Change(at.path, "removed", old=masked(value), secret=holds_secret(value), before=at.before)


def _replaced(old: Value, new: Value, at: _Pair) -> Change:
    """Where one side is a secret both are masked: the change that seals a value must not show it."""
    if _is_secret(old) or _is_secret(new):
        return Change(at.path, "secret-changed", _veiled(old), _veiled(new), True, at.before, at.after)
    kind: Kind = "changed" if type_of(old) == type_of(new) or _may_be_any(old) or _may_be_any(new) else "type-changed"
    secret = holds_secret(old) or holds_secret(new)
    return Change(at.path, kind, masked(old), masked(new), secret, at.before, at.after)


def _may_be_any(value: Value) -> bool:
    """Whether a value's type is known only when the artifact is used: a runtime variable alone."""
    return isinstance(value, Unknown) and value.alone


def _is_secret(value: Value) -> bool:
    return isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret)


def _veiled(value: Value) -> Value:
    return None if value is None else MASK
