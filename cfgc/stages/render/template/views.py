"""The tree as templates see it: read only, keys before all else, every leaf that is read is known (THREATS J06, J11).

A view is never a `dict` or a `list`: nothing that a template or a filter does can change the data or reach its methods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from jinja2 import Undefined

from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import Value
from cfgc.stages.render.template.fault import Fault, TokenUsed, named
from cfgc.stages.render.template.token import Token


class Reader(Protocol):
    """Decides what a template gets for a leaf, and keeps record of it."""

    def leaf(self, value: Value, path: KeyPath, /) -> Any: ...


def view(value: Value, path: KeyPath, reader: Reader) -> Any:
    """What a template sees of a value: a view of a container, else what the reader makes of the leaf."""
    kind = type(value)
    if kind is dict:
        return MapView(value, path, reader)
    if kind is list:
        return ListView(value, path, reader)
    return reader.leaf(value, path)


class _View:
    __slots__ = ("_node", "_path", "_reader")

    def __init__(self, node: Any, path: KeyPath, reader: Reader) -> None:
        self._node = node
        self._path = path
        self._reader = reader

    def __len__(self) -> int:
        return len(self._node)

    def __repr__(self) -> str:
        return f"<{show(self._path)}>"

    def __str__(self) -> str:
        raise container_printed("a container", self._path)

    @property
    def key_path(self) -> KeyPath:
        return self._path


class MapView(_View, Mapping[str, Any]):
    """A mapping of the tree."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        return view(self._node[key], (*self._path, key), self._reader)

    def __iter__(self) -> Iterator[str]:
        return iter(self._node)

    def __contains__(self, key: object) -> bool:
        return key in self._node

    __hash__ = None  # type: ignore[assignment]


class ListView(_View, Sequence[Any]):
    """A list of the tree; equal to a list of equal items, and `+` joins it to another."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self._node)))]
        at = range(len(self._node))[index]
        return view(self._node[at], (*self._path, at), self._reader)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (ListView, list)) and list(self) == list(other)

    def __add__(self, other: Any) -> Any:
        return [*self, *other] if isinstance(other, (ListView, list)) else NotImplemented

    def __radd__(self, other: Any) -> Any:
        return [*other, *self] if isinstance(other, list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


def container_printed(what: str, path: KeyPath | None = None) -> Fault:
    """The fault of printing what has no text of its own."""
    return Fault("template-container-printed", path, what=named(path, what))


def data_of(value: Any) -> Any:
    """Plain data for the format filters; a sealed secret in it is a signal, after all the rest was read."""
    tokens: list[Token] = []
    data = _data(value, tokens)
    if tokens:
        raise TokenUsed(tokens[0].path)
    return data


def _data(value: Any, tokens: list[Token]) -> Any:
    if type(value) is Token:
        tokens.append(value)
        return None
    if isinstance(value, (MapView, dict)):
        return {_key(key): _data(item, tokens) for key, item in value.items()}
    if isinstance(value, (ListView, list, tuple, range)):
        return [_data(item, tokens) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Undefined):
        bool(value)  # raises what is missing
    raise Fault("template-not-data", what=type(value).__name__)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise Fault("template-not-data", what="a key that is no text")
    return key
