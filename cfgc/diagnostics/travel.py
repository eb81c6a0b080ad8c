"""Findings as JSON-able data and back, complete: a finding that was made on another machine is the same here."""

from __future__ import annotations

from typing import Any

from cfgc.diagnostics.diagnostic import Diagnostic, Label, Severity
from cfgc.model.location import Location


def data_of(found: Diagnostic) -> dict[str, Any]:
    """A finding as data: its fields by name."""
    return found._asdict()


def finding_from(data: dict[str, Any]) -> Diagnostic:
    """The finding that data was made of, after a way through JSON."""
    known = dict(data)
    location, path = known["location"], known["path"]
    known["severity"] = Severity(known["severity"])
    known["location"] = None if location is None else Location(*location)
    known["path"] = None if path is None else tuple(path)
    known["related"] = tuple(Label(Location(*place), message) for place, message in known["related"])
    known["notes"] = tuple(known["notes"])
    return Diagnostic(**known)
