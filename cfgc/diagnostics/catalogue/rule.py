"""What the catalogue knows of one code."""

from __future__ import annotations

from dataclasses import dataclass

from cfgc.diagnostics.diagnostic import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """A code, its kebab-case name, its default severity, and the formats of its message and of its help."""

    code: str
    name: str
    severity: Severity
    message: str
    help: str = ""
