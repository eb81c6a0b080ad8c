"""How views word a change: signs, values, places, people. Every text is on one line and safe to show."""

from __future__ import annotations

from json import dumps

from cfgc.external.git.commits import Commit
from cfgc.history.changes import Kind
from cfgc.history.difference import ValueChange
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.model.text import inline
from cfgc.model.values import Value

_SIGNS: dict[Kind, str] = {"added": "+", "removed": "-", "changed": "~", "type-changed": "!", "secret-changed": "*"}
LONGEST_VALUE, LONGEST_NAME = 60, 40


def sign(kind: Kind) -> str:
    """One character for a kind of change."""
    return _SIGNS[kind]


def value_text(value: Value, longest: int = LONGEST_VALUE) -> str:
    """A value as JSON writes it, cut in its middle where it is long: both ends of a text tell most."""
    text = inline(dumps(value, ensure_ascii=False))
    if len(text) <= longest:
        return text
    half = (longest - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def place_text(location: Location | None) -> str:
    """`file:line`, or the file alone; empty for no place."""
    if location is None:
        return ""
    return f"{inline(location.file)}:{location.line}" if location.line else inline(location.file)


def inside_component(found: ValueChange) -> KeyPath:
    """The path of a change inside its component; the whole path where it stands in none."""
    path = found.change.path
    depths = range(len(path) + 1) if found.component else ()
    return next((path[depth:] for depth in depths if show(path[:depth]) == found.component), path)


def who(found: ValueChange) -> str:
    """The commit and its author, short."""
    return "" if found.commit is None else commit_text(found.commit)


def commit_text(commit: Commit) -> str:
    """A commit's short id and its author's name, bounded."""
    name = inline(commit.author.name)
    return f"{commit.id[:9]} {name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + '…'}"


def counted(number: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
