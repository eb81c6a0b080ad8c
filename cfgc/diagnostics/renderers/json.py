"""`json`: the findings as data (SPEC section 10); `findings.schema.json` describes it."""

from __future__ import annotations

from json import dumps
from typing import Any

from cfgc.diagnostics.renderers.listing import Finding, Listing, counted
from cfgc.model.text import printable


def render(listing: Listing) -> str:
    """One JSON document."""
    findings = listing.findings()
    summary = {f"{severity}s": count for severity, count in counted(findings).items()}
    document = {
        "diagnostics": [finding_data(finding) for finding in findings],
        "summary": {**summary, "environments": list(listing.environments)},
    }
    return dumps(document, ensure_ascii=False, indent=2) + "\n"


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as data."""
    found = finding.diagnostic
    return {
        "code": found.code,
        "name": found.name,
        "severity": str(found.severity),
        "message": found.message,
        **_place(finding),
        "path": finding.path or None,
        "environment": finding.environments[0] if finding.environments else None,
        "environments": list(finding.environments),
        "component": found.component or None,
        "help": found.help or None,
        "notes": list(found.notes),
        "related": [
            {
                "file": printable(other.location.file),
                "line": other.location.line,
                "column": other.location.column,
                "message": other.message,
            }
            for other in found.related
        ],
    }


def _place(finding: Finding) -> dict[str, Any]:
    """A span; of a finding without a place, or of one on the command line, the numbers are null."""
    at = finding.diagnostic.location
    keys = ("line", "column", "end_line", "end_column")
    if at is None or not at.line:
        return {"file": finding.file or None, **dict.fromkeys(keys)}
    end = (at.end_line, at.end_column) if at.end_line else (at.line, at.column)
    return {"file": finding.file, **dict(zip(keys, (at.line, at.column, *end), strict=True))}
