"""`json`: the report as data; `report.schema.json` describes it. A later report is compared with it."""

from __future__ import annotations

from json import dumps
from typing import Any

from cfgc.diagnostics import Diagnostic
from cfgc.history.views.json import findings
from cfgc.reports.report.activity import Activity
from cfgc.reports.report.model import Found, Gaps, Snapshot
from cfgc.reports.report.past import Past
from cfgc.reports.report.period import Changes, Period, Report

VERSION = 1


def render(report: Report, *, color: bool) -> str:
    """One JSON document. Nothing in it depends on the clock or the machine."""
    del color
    return dumps(as_data(report), ensure_ascii=False, indent=2) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data; what there is not is null."""
    return {**snapshot_data(report.now), "period": _period(report.period) if report.period else None}


def snapshot_data(now: Snapshot) -> dict[str, Any]:
    """A snapshot as plain data."""
    return {
        "version": VERSION,
        "project": now.project,
        "date": now.date,
        "commit": now.commit or None,
        "clean": now.clean,
        "summary": _summary(now),
        "health": {
            "score": now.health.score,
            "grade": now.health.grade,
            "parts": [
                {
                    "name": each.name,
                    "points": each.tenths / 10,
                    "weight": each.weight,
                    "good": each.good,
                    "all": each.all,
                    "means": each.means,
                }
                for each in now.health.parts
            ],
        },
        "environments": [{**each._asdict(), "layers": list(each.layers)} for each in now.environments],
        "findings": [_found(each) for each in now.findings],
        "gaps": _gaps(now.gaps) if now.gaps else None,
        "inventory": {"numbers": dict(now.inventory.numbers), "sources": dict(now.inventory.sources)},
        "secrets": [
            {
                "file": file.file,
                "layer": file.layer,
                "recipients": list(file.recipients),
                "secrets": [
                    {
                        "path": each.path,
                        "component": each.component or None,
                        "environments": list(each.environments),
                        "since": each.since or None,
                        "days": each.days,
                        "at_least": each.least,
                        "old": each.old,
                    }
                    for each in file.secrets
                ],
            }
            for file in now.secrets
        ],
        "waivers": [{**each._asdict(), "environment": each.environment or None} for each in now.waivers],
        "owners": [{**each._asdict(), "components": list(each.components)} for each in now.owners],
    }


def failure_data(found: list[Diagnostic]) -> dict[str, Any]:
    """What stands in place of a report that cannot be made: the findings that say why."""
    return {"version": VERSION, "diagnostics": findings(tuple(found))}


def _summary(now: Snapshot) -> dict[str, int]:
    return {
        "errors": sum(str(each.severity) == "error" for each in now.findings),
        "warnings": sum(str(each.severity) == "warning" for each in now.findings),
        "model_errors": now.model_errors,
        "gaps": len(now.gaps.found) if now.gaps else 0,
        "secrets": sum(len(each.secrets) for each in now.secrets),
        "waivers": len(now.waivers),
    }


def _found(found: Found) -> dict[str, Any]:
    return {
        **found._asdict(),
        "severity": str(found.severity),
        "component": found.component or None,
        "environments": list(found.environments),
        "place": found.place or None,
    }


def _gaps(gaps: Gaps) -> dict[str, Any]:
    return {
        "verdicts": dict(gaps.verdicts),
        "notes": gaps.notes,
        "keys": gaps.keys,
        "described": gaps.described,
        "found": [_found(each) for each in gaps.found],
    }


def _period(period: Period) -> dict[str, Any]:
    return {
        "since": _past(period.past),
        "gaps": {"new": [_found(each) for each in period.new], "gone": [_found(each) for each in period.gone]},
        "sources": {"added": list(period.added), "removed": list(period.removed)},
        "changes": _changes(period.changes) if period.changes else None,
        "activity": _activity(period.activity) if period.activity else None,
        "not_compared": period.why or None,
    }


def _past(past: Past) -> dict[str, Any]:
    return {
        "name": past.name,
        "date": past.date,
        "commit": past.commit or None,
        "score": past.score,
        "points": dict(past.points),
        "errors": past.errors,
        "warnings": past.warnings,
    }


def _changes(changes: Changes) -> dict[str, Any]:
    return {
        "kinds": dict(changes.kinds),
        "values": [
            {
                **each._asdict(),
                "environments": list(each.environments),
                **{
                    name: getattr(each, name) or None
                    for name in ("component", "old", "new", "place", "commit", "author")
                },
            }
            for each in changes.rows
        ],
        "left_out": changes.left_out,
        "rules": [{"kind": kind, "file": file, "status": status} for kind, file, status in changes.rules],
    }


def _activity(activity: Activity) -> dict[str, Any]:
    return {
        "commits": activity.commits,
        "whole": activity.whole,
        "edits": [{**each._asdict(), "environments": list(each.environments)} for each in activity.edits],
        "keys": [
            {**each._asdict(), "component": each.component or None, "environments": list(each.environments)}
            for each in activity.keys
        ],
    }
