"""What the catalogue knows of one code."""

from __future__ import annotations

from typing import NamedTuple

from cfgc.diagnostics.diagnostic import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Rule(NamedTuple):
    """A code, its kebab-case name, its default severity, and the formats of its message and of its help."""

    code: str
    name: str
    severity: Severity
    message: str
    help: str = ""
