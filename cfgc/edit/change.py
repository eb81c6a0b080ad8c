"""What is asked for, and what comes of it: changes of values, edits of files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value

if TYPE_CHECKING:
    from cfgc.pipeline.compile import Compiled
    from cfgc.pipeline.session import Session


class Gone(Enum):
    """A value that is to be no more: nowhere in the environment, or not in the edited layer."""

    REMOVE = "remove"
    """afterwards nothing stands at the path: `!unset` is written where a lower layer says something"""
    FALL_BACK = "fall back"
    """afterwards the edited layer says nothing at the path, and what lies below counts"""


REMOVE, FALL_BACK = Gone.REMOVE, Gone.FALL_BACK


class Replace(NamedTuple):
    """A value that is written with `!replace`, whatever stands below."""

    value: Value


Wish: TypeAlias = "Value | Gone | Replace"


class Change(NamedTuple):
    """One wish for one key path. The value is what a layer file would hold: `${...}` in it is a reference."""

    path: KeyPath
    value: Wish


class Target(NamedTuple):
    """Where changes are written.

    layer     the layer to edit; empty for the environment's own, its last
    only      never edit another layer of the environment, even where the value stands there and nobody shares it
    remark    a comment above each key that is written anew, in YAML files
    """

    layer: str = ""
    only: bool = False
    remark: str = ""


class FileEdit(NamedTuple):
    """One file before and after; none for a file that is not there. `lost` are comments inside of what was removed."""

    path: str
    old: bytes | None
    new: bytes | None
    lost: tuple[str, ...] = ()


class Placed(NamedTuple):
    """Where one change is written: the path inside the file, and why there; `gone` for a key that stood there."""

    change: Change
    file: str
    inside: KeyPath
    layer: str
    why: str
    gone: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plan:
    """Edits, and the environment before and after them. `after` is a session in which the edits are made."""

    before: Compiled
    compiled: Compiled
    after: Session
    edits: list[FileEdit]
    placed: list[Placed]

    @property
    def layers(self) -> frozenset[str]:
        """The layers that are edited."""
        return frozenset(each.layer for each in self.placed)


class NotExact(Exception):
    """A file that cannot be edited so that only the wanted value changes; the text says why."""
