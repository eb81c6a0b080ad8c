"""`json`: the analysis as data; `gaps.schema.json` describes it."""

from __future__ import annotations

from json import dumps
from typing import Any

from cfgc.diagnostics import Diagnostic, Severity
from cfgc.history.views.json import findings, place
from cfgc.reports.gaps.analysis import Analysis, Row
from cfgc.reports.gaps.gap import Gap
from cfgc.reports.gaps.views import Shown


def render(analysis: Analysis, _shown: Shown) -> str:
    """One JSON document."""
    return dumps(as_data(analysis), ensure_ascii=False, indent=2) + "\n"


def as_data(analysis: Analysis) -> dict[str, Any]:
    """The analysis as plain data."""
    return {
        "environments": list(analysis.environments),
        "components": list(analysis.components),
        "date": analysis.date,
        "gaps": [_gap(each) for each in analysis.gaps],
        "not_evaluated": [
            {**each._asdict(), "component": each.component or None, "environments": list(each.environments)}
            for each in analysis.unclear
        ],
        "variables": [
            {
                "name": each.name,
                "needed": {name: [owner or None for owner in owners] for name, owners in each.needed.items()},
            }
            for each in analysis.variables
        ],
        "matrix": [_row(each) for each in analysis.rows],
        "summary": {
            **{f"{level}s": analysis.count(level) for level in Severity},
            "known": len(analysis.gaps) - len(analysis.new),
            "gone": analysis.gone,
            "verdicts": analysis.counts(),
        },
    }


def failure_data(found: list[Diagnostic]) -> dict[str, Any]:
    """The same shape for an estate that does not compile: empty, with the findings that say why."""
    empty: dict[str, Any] = {name: [] for name in ("environments", "components")}
    empty |= {"date": None} | {name: [] for name in ("gaps", "not_evaluated", "variables", "matrix")}
    return {**empty, "summary": {}, "diagnostics": findings(tuple(found))}


def _gap(found: Gap) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "severity": str(found.severity),
        "subject": found.subject,
        "component": found.component or None,
        "environments": list(found.environments),
        "message": found.message,
        "cure": found.cure,
        "origin": place(found.location),
        "related": [{**(place(each.location) or {}), "message": each.message} for each in found.related],
        "known": found.known,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "path": row.path,
        "component": row.component or None,
        "alike": row.alike,
        "cells": {
            name: {"state": cell.state} if cell.state == "missing" else {"state": cell.state, "value": cell.value}
            for name, cell in row.cells.items()
        },
    }
