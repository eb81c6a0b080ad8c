"""What is decided at one key path, where, and under which rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

from cfgc.model.annotations import Cursor
from cfgc.model.keypath import KeyPath
from cfgc.model.project import ListRule
from cfgc.model.values import Value
from cfgc.stages.merge.stack import Entry, Stack

if TYPE_CHECKING:
    from cfgc.stages.merge.lists import Slots
    from cfgc.stages.merge.problem import Problem

KEYWORD = "x-cfgc-merge"
ONLY = "only here"
WINS = "overlay wins"
DEEP = "deep merge"

Shape: TypeAlias = Literal["nothing", "null", "scalar", "map", "list"]


class Rule(NamedTuple):
    """How a list meets a lower one: `replace`, `append`, `prepend`, `unique`, or `by` a key."""

    name: str
    key: str = ""

    def __str__(self) -> str:
        return f"by {self.key}" if self.key else self.name


class Settings(NamedTuple):
    """What is the same at every path: the project's rules, and the two questions that cost something to answer."""

    lists: ListRule
    loose: bool
    implicit: Callable[[str, KeyPath], bool]
    look: Callable[[Stack, Place], Value]


class Place(NamedTuple):
    """Where a decision is made: the tree's path, and what the schemas say there."""

    path: KeyPath
    cursor: Cursor | None
    settings: Settings

    def item(self) -> Place:
        """Some item of the list here."""
        return Place((*self.path, 0), step(self.cursor, 0), self.settings)


@dataclass(slots=True, eq=False, repr=False)
class Decision:
    """What a stack comes to: its shape, the entries that make up the value and those that do not, lowest first.

    slots    the items of a list that is more than the one live entry, each a stack
    won      each entry that overrode something, with the highest that it overrode
    rules    the rule under which the live entry of a rank came in; `rule` is the last of them
    key      the identity of the items, in a list that was merged by one
    remover  the `!unset` that left nothing
    """

    shape: Shape = "nothing"
    live: Stack = field(default_factory=list)
    dropped: Stack = field(default_factory=list)
    slots: Slots | None = None
    won: list[tuple[Entry, Entry]] = field(default_factory=list)
    rules: dict[int, str] = field(default_factory=dict)
    rule: str = ONLY
    key: str = ""
    remover: Entry | None = None
    problems: list[Problem] = field(default_factory=list)


def step(cursor: Cursor | None, key: str | int) -> Cursor | None:
    """The cursor one step deeper, as long as any schema speaks about what lies there."""
    return None if cursor is None else cursor.step(key)


def schema_rule(cursor: Cursor | None) -> Rule | None:
    """What the schemas say about merging at a cursor."""
    stated: Any = None if cursor is None else cursor.get(KEYWORD)
    if isinstance(stated, Mapping) and "by" in stated:
        return Rule("by", str(stated["by"]))
    # anything else is a finding about the schema, not about this path
    return Rule(stated) if stated in get_args(ListRule) else None
