"""From the global options to a session over the right content, and findings to the right stream."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from cfgc.cli.options import Where, on_terminal
from cfgc.diagnostics import Diagnostic, Severity
from cfgc.external.workers import processors
from cfgc.model.layers import Locator
from cfgc.pipeline.opening import open_source, project_root, recovered
from cfgc.pipeline.session import Session

if TYPE_CHECKING:
    from cfgc.stages.read import Shelf

WRONG_USAGE = frozenset(
    {
        "ambiguous-component",
        "ambiguous-override",
        "invalid-override",
        "layer-not-used",
        "unknown-component",
        "unknown-environment",
        "unknown-override-key",
        "unknown-revision",
    }
)
"""findings that, without a line in a file, are about the command's own words"""


def open_session(where: Where, shelf: Shelf | None = None) -> Session:
    """A session over the content that the options name; raises `Failed` for an unknown revision.

    `shelf` takes what is read, for sessions over other contents.
    """
    if where.rev and where.staged:
        raise click.UsageError("`--rev` and `--staged` exclude each other")
    root = project_folder(where)
    processes = 1 if where.rev or where.staged else processors()  # Git answers one process at a time
    return Session(open_source(root, rev=where.rev, staged=where.staged), root, shelf, processes)


def project_folder(where: Where) -> Path:
    """The project's root, from the folder that the options name; what a killed rollback left is settled first."""
    if not os.path.isdir(where.folder):  # a name that the system refuses is none either
        raise click.UsageError(f"there is no folder `{where.folder}`")
    root = project_root(where.folder)
    settled = Report(where)
    settled.add(recovered(root))
    settled.to_stderr()
    return root


class Quoting(Protocol):
    """What lines can be quoted from: a session, or merged files."""

    @property
    def locator(self) -> Locator: ...


class Report:
    """The findings of one command: shown once, at the end, on one stream, and turned into the exit code."""

    def __init__(self, where: Where, session: Quoting | None = None) -> None:
        self.where = where
        self.session = session
        self.found: list[Diagnostic] = []

    def add(self, found: Iterable[Diagnostic]) -> None:
        self.found += found

    def text(self, format_name: str, environments: Sequence[str], *, color: bool, notes: bool = True) -> str:
        """The findings in one of the formats; without `notes`, `full` and `concise` only count the notes."""
        from cfgc.diagnostics.renderers import Listing, render

        quote = self.session.locator.quote if self.session else _no_quote
        return render(format_name, Listing(self.found, quote, tuple(environments), color=color, quiet_notes=not notes))

    def to_stderr(self, environments: Sequence[str] = (), *, strict: bool = False) -> None:
        """Show the findings beside the data: errors always, the rest unless `-q`; notes if they count or with `-v`."""
        notes = strict or self.where.verbose
        least = Severity.ERROR if self.where.quiet else Severity.NOTE if notes else Severity.WARNING
        self.found = [each for each in self.found if each.severity <= least]
        if self.found:
            sys.stderr.write(self.text("full", environments, color=on_terminal(sys.stderr)))

    def says_anything(self, *, strict: bool) -> bool:
        """Whether a finding is shown beside the data, or counts: a note is and does only where that is asked for."""
        least = Severity.NOTE if strict or self.where.verbose else Severity.WARNING
        return any(each.severity <= least for each in self.found)

    def code(self, *, strict: bool = False) -> int:
        """2 for an unknown name as an argument, 1 for an error (with `strict` for any finding), else 0."""
        if any(each.name in WRONG_USAGE and (each.location is None or not each.location.line) for each in self.found):
            return 2
        worst = Severity.NOTE if strict else Severity.ERROR
        return int(any(each.severity <= worst for each in self.found))


def _no_quote(_file: str, _line: int) -> str | None:
    return None
