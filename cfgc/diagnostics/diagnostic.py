"""One type for every finding (SPEC section 9)."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location


class Severity(IntEnum):
    """How bad a finding is; only errors decide the exit code, unless `--strict`."""

    ERROR = 0
    WARNING = 1
    NOTE = 2

    def __str__(self) -> str:
        return self.name.lower()


class Label(NamedTuple):
    """A secondary span with what it shows: "the other side" of a finding."""

    location: Location
    message: str = ""


class Diagnostic(NamedTuple):
    """A finding. `path` is a key path of the tree; `location` may be filled in later from it by the pipeline.

    `label` is the text under the primary span. `blame_key` asks the pipeline for the key's span, not the value's.
    `lacks` is a key that the map at `path` should have: an `!unset` that took it away is to blame.
    Of a finding that is not `quotable` no source line is shown, because the line holds a secret in plain text.
    Only `cfgc.diagnostics.report` makes one.
    """

    code: str
    name: str
    severity: Severity
    message: str
    location: Location | None = None
    label: str = ""
    path: KeyPath | None = None
    environment: str = ""
    component: str = ""
    related: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    blame_key: bool = False
    lacks: str = ""
    quotable: bool = True

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    @property
    def path_text(self) -> str:
        return "" if self.path is None else show(self.path)

    def but(self, **changes: Any) -> Diagnostic:
        """A copy with other fields."""
        return self._replace(**changes)


class Failed(Exception):
    """Findings that stop the work at hand: raised deep inside, caught by the pipeline, shown as diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{found.code} {found.message}" for found in diagnostics))
        self.diagnostics = diagnostics
