"""Findings for what is there and is never read."""

from __future__ import annotations

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.layers import Entry
from cfgc.model.location import start_of

_RULES = {"symlink": "symbolic-link", "submodule": "submodule", "other": "special-file"}


def refused(entry: Entry) -> Diagnostic:
    """The finding for an entry that is no regular file."""
    return report(_RULES[entry.kind], at=start_of(entry.path), file=entry.path)
