"""What an emitter is: a pure function from plain data to text.

Plain data is `dict`, `list`, `str`, `int`, `float`, `bool`, `None`, and `Expansion` for the formats that expand
variables. An emitter knows neither secrets nor runtime variables: they are replaced before (SPEC sections 6 and 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.project import Nulls, Only, RuntimeRule
from cfgc.model.values import Value, Variable

Plain: TypeAlias = Value
Traced: TypeAlias = "Iterable[tuple[str, KeyPath]]"
"""The text of an artifact in pieces, each with the key path it stands for."""


class Unfit(Exception):
    """What a format cannot hold: the rule of the catalogue, its facts, and the key path where it is known.

    `others` are those of its kind that were found with it.
    """

    def __init__(self, rule: str, path: KeyPath | None = None, **facts: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.path = path
        self.facts = facts
        self.others: tuple[Unfit, ...] = ()


def refuse_all(found: Iterable[Unfit]) -> None:
    """Raises the first of them, if there is one, with the others in it."""
    known = list(found)
    if known:
        known[0].others = tuple(known[1:])
        raise known[0]


class Expansion:
    """Text with runtime variables that the consumer of the file expands: text and variables in order."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[str | Variable, ...]) -> None:
        self.parts = parts


class Sheet(NamedTuple):
    """The options of one output, as emitters see them. `names` gives a key path its `x-cfgc-env`."""

    prefix: str = ""
    names: Mapping[KeyPath, str] = MappingProxyType({})
    name: str = ""
    namespace: str | None = None
    labels: Mapping[str, str] = MappingProxyType({})
    data: Literal["env", "file"] = "env"


class Emitter(NamedTuple):
    """A format: how it is written and what it does where an output does not say.

    `write` gives the text and raises `Unfit`; `trace` gives the same text in pieces. `nulls` is none for a format that
    holds null. `options` are the output options beyond those that every emitter takes. `leaf_lists` says that a list is
    one value of the format, `expands` that `Expansion` may occur, `secrets` that it may hold secrets,
    `encodes` that values do not stand in it as they are.
    """

    write: Callable[[Plain, Sheet], str]
    trace: Callable[[Plain, Sheet], Traced]
    only: Only = "all"
    nulls: Nulls | None = "refuse"
    runtime: RuntimeRule = "omit"
    options: frozenset[str] = frozenset()
    leaf_lists: bool = False
    expands: bool = False
    secrets: bool = True
    encodes: bool = False


def leaves(data: Plain, *, leaf_lists: bool, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value that a format writes as one, with its key path, in tree order; empty containers count."""
    if type(data) is dict and data:
        for key, value in data.items():
            yield from leaves(value, leaf_lists=leaf_lists, path=(*path, key))
    elif type(data) is list and data and not leaf_lists:
        for index, value in enumerate(data):
            yield from leaves(value, leaf_lists=leaf_lists, path=(*path, index))
    else:
        yield path, data
