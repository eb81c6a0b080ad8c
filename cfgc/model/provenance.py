"""Where a value comes from."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.values import Value


class Contribution(NamedTuple):
    """What one layer says about one key path: `path` is the path inside `file`.

    `file` is `<--set>` or `<NAME of a variable>` for a value that no file holds, `layer` then says which.
    `marker` is the merge marker as written (`!append`), empty for none; what `!unset` removes has the value none.
    """

    layer: str
    file: str
    path: KeyPath
    value: Value
    each: bool = False
    marker: str = ""


class Trace(NamedTuple):
    """The life of one merged value: who set it, whom that overrides (nearest first), and the rule that decided."""

    origin: Contribution
    overrides: tuple[Contribution, ...]
    rule: str


class Hop(NamedTuple):
    """One reference followed: `path` is where it is written, `target` where it leads."""

    path: KeyPath
    target: KeyPath


class Placer(Protocol):
    """Turns a path of the merged tree into the layer line that causes it."""

    def place(self, path: KeyPath) -> Location | None:
        """The span of the value at `path`, or of its nearest ancestor that a file holds."""

    def place_key(self, path: KeyPath) -> Location | None:
        """The span of the key at `path`, or of its nearest ancestor that a file holds."""
