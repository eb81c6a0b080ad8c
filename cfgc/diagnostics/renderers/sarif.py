"""`sarif`: Static Analysis Results Interchange Format 2.1.0 (OASIS), for code scanning."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any
from urllib.parse import quote

import cfgc
from cfgc.diagnostics.catalogue import rules
from cfgc.diagnostics.catalogue.rule import Rule
from cfgc.diagnostics.pages import page_text
from cfgc.diagnostics.renderers.fingerprint import fingerprints
from cfgc.diagnostics.renderers.listing import Finding, Listing
from cfgc.model.location import Location
from cfgc.model.text import printable

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(listing: Listing) -> str:
    """One run, with the rules that it needs."""
    findings = listing.findings()
    used = sorted({finding.diagnostic.name for finding in findings}, key=lambda name: rules()[name].code)
    results = [_result(used, *pair) for pair in zip(findings, fingerprints(findings), strict=True)]
    driver = {"name": "cfgc", "version": cfgc.__version__, "rules": [_rule(rules()[name]) for name in used]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    page = page_text(rule.code)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace("-", " ")},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _result(used: Sequence[str], finding: Finding, fingerprint: str) -> dict[str, Any]:
    found = finding.diagnostic
    text = "\n".join([found.message, *found.notes, *([f"help: {found.help}"] if found.help else [])])
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": used.index(found.name),
        "level": str(found.severity),
        "message": {"text": text},
        "locations": _locations(finding),
        "partialFingerprints": {"cfgcFinding/v1": fingerprint},
        "properties": {"environments": list(finding.environments), "component": found.component},
    }
    related = [
        {"id": number, **_physical(other.location), "message": {"text": other.message or "see also"}}
        for number, other in enumerate(found.related, 1)
        if other.location.line
    ]
    return {**result, "relatedLocations": related} if related else result


def _locations(finding: Finding) -> list[dict[str, Any]]:
    at = finding.diagnostic.location
    place = _physical(at) if at and at.line else {}
    if finding.path:
        place["logicalLocations"] = [{"fullyQualifiedName": finding.path, "kind": "member"}]
    return [place] if place else []


def _physical(at: Location) -> dict[str, Any]:
    region = {"startLine": at.line, "startColumn": at.column}
    if at.end_line:
        region |= {"endLine": at.end_line, "endColumn": at.end_column}
    artifact = {"uri": quote(printable(at.file)), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
