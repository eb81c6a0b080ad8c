"""Trees into plain data: what is left out, what stands for secrets and runtime variables (SPEC sections 6 and 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from cfgc.model.keypath import KeyPath
from cfgc.model.project import Nulls, Only, RuntimeRule
from cfgc.model.reveal import plain_value
from cfgc.model.values import Secret, Unknown, Value, Variable
from cfgc.stages.render.emitters import Expansion
from cfgc.stages.render.emitters.variables import text_of


class Holds(NamedTuple):
    """What a piece of the tree holds besides ordinary values."""

    secret: bool
    unknown: bool
    null: bool


_ORDINARY = frozenset({str, int, float, bool})


def survey(value: Value) -> Holds:
    """One quick walk, so that data with nothing special in it is neither copied nor looked at again."""
    kinds: set[type] = set()
    secret = False
    stack: list[Any] = [[value]]
    while stack:
        node = stack.pop()
        items = node.values() if type(node) is dict else node
        found = set(map(type, items)) - _ORDINARY
        if found:
            kinds |= found
            if dict in found or list in found:
                stack += [item for item in items if type(item) is dict or type(item) is list]
            secret = secret or (Unknown in found and any(type(item) is Unknown and item.secret for item in items))
    return Holds(secret or Secret in kinds, Unknown in kinds, type(None) in kinds)


class Cut(NamedTuple):
    """What an output leaves out; every option is decided. `nulls` is none where the format holds null."""

    exclude: Collection[KeyPath] = ()
    only: Only = "all"
    nulls: Nulls | None = None
    runtime: RuntimeRule = "keep"
    leaf_lists: bool = False


class Shape:
    """Plain structure with `Secret` and `Unknown` leaves still in it, and what happened on the way.

    `needs` is every runtime variable, kept or left out, with the key path (inside the output) it stands at; `refused`
    is a rule of the catalogue with the key path that breaks it.
    """

    __slots__ = ("data", "needs", "refused")

    def __init__(self, data: Value = None) -> None:
        self.data = data
        self.needs: list[tuple[Variable, KeyPath]] = []
        self.refused: list[tuple[str, KeyPath]] = []


_GONE: Any = object()


def shape(value: Value, cut: Cut) -> Shape:
    """The part of a value that an output is about: a map that loses all it held is left out with it.

    `only` takes a list as a whole, secret if anything in it is: half a list would be another list. `omit` leaves out
    the entry or the item; in a format where a list is one value, that value.
    """
    found = Shape()
    data = _walk(value, (), cut, found)
    found.data = {} if data is _GONE else data
    return found


def _walk(value: Value, path: KeyPath, cut: Cut, found: Shape) -> Value:
    if type(value) is dict:
        return _map(value, path, cut, found)
    if cut.only != "all" and _is_secret(value) is not (cut.only == "secret"):
        return _GONE
    if type(value) is list:
        return _leaf_list(value, path, cut, found) if cut.leaf_lists else _list(value, path, cut, found)
    return _leaf(value, path, cut, found)


def _map(node: dict[str, Any], path: KeyPath, cut: Cut, found: Shape) -> Value:
    result = {}
    for key, item in node.items():
        below = (*path, key)
        if below in cut.exclude:
            continue
        kept = _walk(item, below, cut, found)
        if kept is not _GONE:
            result[key] = kept
    emptied = not result and (bool(node) or cut.only == "secret")
    return _GONE if emptied and path else result


def _list(node: list[Any], path: KeyPath, cut: Cut, found: Shape) -> Value:
    whole = Cut(cut.exclude, "all", cut.nulls, cut.runtime)
    kept = [
        _walk(item, (*path, index), whole, found)
        for index, item in enumerate(node)
        if (*path, index) not in cut.exclude
    ]
    return [item for item in kept if item is not _GONE]


def _leaf_list(node: list[Any], path: KeyPath, cut: Cut, found: Shape) -> Value:
    """A list as one value: JSON holds its nulls, and it goes as a whole for a variable in it."""
    whole = Cut(cut.exclude, runtime="keep" if cut.runtime == "omit" else cut.runtime)
    before = len(found.needs)
    kept = _list(node, path, whole, found)
    return _GONE if cut.runtime == "omit" and len(found.needs) > before else kept


def _leaf(value: Value, path: KeyPath, cut: Cut, found: Shape) -> Value:
    if type(value) is Unknown:
        found.needs += [(variable, path) for variable in value.variables]
        if cut.runtime == "refuse":
            found.refused.append(("runtime-refused", path))
        return _GONE if cut.runtime == "omit" else value
    if value is None and cut.nulls is not None:
        if cut.nulls == "refuse":
            found.refused.append(("null-refused", path))
        return "" if cut.nulls == "empty" else _GONE
    return value


def _is_secret(value: Value) -> bool:
    kind = type(value)
    if kind is Secret:
        return True
    if kind is Unknown:
        return bool(value.secret)
    return kind is list and any(_is_secret(item) for item in _below(value))


def _below(value: Value) -> Iterator[Value]:
    for item in value.values() if type(value) is dict else value:
        if type(item) is dict or type(item) is list:
            yield from _below(item)
        else:
            yield item


def plain(value: Value, *, sealed: bool, expands: bool) -> Value:
    """Plain data: secrets become their value or their token, runtime variables `Expansion` or their text."""
    kind = type(value)
    if kind is dict:
        return {key: plain(item, sealed=sealed, expands=expands) for key, item in value.items()}
    if kind is list:
        return [plain(item, sealed=sealed, expands=expands) for item in value]
    if kind is Secret:
        return value.token if sealed else plain_value(value)
    if kind is Unknown:
        parts = tuple([_part(part, sealed=sealed) for part in value.parts])
        return Expansion(parts) if expands else runtime_text(parts)
    return value


def _part(part: str | Variable | Secret, *, sealed: bool) -> str | Variable:
    if isinstance(part, Secret):
        return part.token if sealed else text_of(plain_value(part))
    return part


def runtime_text(parts: tuple[str | Variable, ...]) -> str:
    """The text of a value with runtime variables, each as it was written."""
    return "".join([part if isinstance(part, str) else part.text for part in parts])
