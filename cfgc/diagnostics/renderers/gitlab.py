"""`gitlab`: a Code Quality report (docs.gitlab.com/ci/testing/code_quality)."""

from __future__ import annotations

from json import dumps

from cfgc.diagnostics.diagnostic import Severity
from cfgc.diagnostics.renderers.fingerprint import fingerprints
from cfgc.diagnostics.renderers.listing import Finding, Listing, one_line

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
_NOWHERE = "cfgc.yaml"
"""GitLab wants a file for every finding"""


def render(listing: Listing) -> str:
    """One JSON list; its fingerprints survive that lines move."""
    findings = listing.findings()
    issues = [_issue(listing, *pair) for pair in zip(findings, fingerprints(findings), strict=True)]
    return dumps(issues, ensure_ascii=False, indent=2) + "\n"


def _issue(listing: Listing, finding: Finding, fingerprint: str) -> dict[str, object]:
    found = finding.diagnostic
    at = found.location if found.location and found.location.line else None
    where = listing.where(finding)
    said = f"{found.message} (in {where})" if where else found.message
    return {
        "description": one_line(f"{said}; help: {found.help}" if found.help else said),
        "check_name": f"{found.code} {found.name}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[found.severity],
        "location": {"path": finding.file if at else _NOWHERE, "lines": {"begin": at.line if at else 1}},
    }
