"""Findings about what stands in the output folder: their lines are never quoted, for they may hold secrets."""

from __future__ import annotations

from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.location import start_of


def about(rule: str, place: str, **facts: Any) -> Diagnostic:
    """The diagnostic of a rule about a file or folder of the output."""
    return report(rule, at=start_of(place), quotable=False, **{"file": place, **facts})
