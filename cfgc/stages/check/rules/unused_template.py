"""A file in `templates/` that no output renders and no other template includes.

Why: it looks alive, and is maintained for nothing.
Fix: remove it, or name it in `outputs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.location import start_of
from cfgc.stages.check.rules.estate import Estate

NAME = "unused-template"
_FOLDER = "templates/"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each such file; a name that stands anywhere in quotes in another template counts as used."""
    names = [entry.path.removeprefix(_FOLDER) for entry in estate.source.list("templates") if entry.kind == "file"]
    used = {output.template for output in estate.project.outputs}
    waiting = [name for name in names if name in used]
    while waiting:
        text = estate.source.read(_FOLDER + waiting.pop()).decode(errors="replace")
        quoted = set(re.findall(r"""["']([^"'\n]+)["']""", text))
        found = [name for name in names if name in quoted and name not in used]
        used.update(found)
        waiting += found
    for name in names:
        if name not in used:
            yield report(NAME, at=start_of(_FOLDER + name), file=_FOLDER + name)
