"""A file in `templates/` that no output renders and no other template includes.

Why: it looks alive, and is maintained for nothing.
Fix: remove it, or name it in `outputs`.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.location import start_of
from cfgc.stages.check.rules.estate import Estate

NAME = "unused-template"
_FOLDER = "templates/"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each such file."""
    for entry in estate.source.list("templates"):
        if entry.kind == "file" and entry.path.removeprefix(_FOLDER) not in estate.used_templates:
            yield report(NAME, at=start_of(entry.path), file=entry.path)
