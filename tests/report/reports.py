"""Reports for tests: one with something of everything, and the same with hostile texts."""

from __future__ import annotations

from typing import Any, TypeVar

from cfgc.diagnostics import Severity
from cfgc.reports.report.activity import Activity, Edit, Lively
from cfgc.reports.report.health import WEIGHTS, health, part, untold
from cfgc.reports.report.model import (
    NO_OWNER,
    Found,
    Gaps,
    Inventory,
    Owner,
    Sealed,
    SealedFile,
    Snapshot,
    State,
    Waived,
)
from cfgc.reports.report.past import Past
from cfgc.reports.report.period import Changed, Changes, Period, Report

T = TypeVar("T")

_COMMIT = "1a2b3c4d" * 5
_GAP = Found(
    "only-here", Severity.WARNING, "managers.web.debug", "`prod` alone has `managers.web.debug`", "managers.web",
    ("prod",), "environments/prod/managers/web.yaml:4", "set it in `base`",
)  # fmt: skip
_GONE = _GAP._replace(
    subject="managers.db.trace", message="`test` alone has `managers.db.trace`", component="managers.db"
)
_ERROR = Found(
    "CFG622", Severity.ERROR, "managers.web", "`managers.web` lacks `port`", "managers.web", ("prod",),
    "environments/prod/managers/web.yaml:1", "set `port`",
)  # fmt: skip

_BOTH = ("test", "prod")
_PAST = Past(
    "v1", "2026-01-01", "9" * 40, 98, {"valid": 40.0, "gaps": 13.3}, 0, 1, {"only-here": 2}, (_GONE,), {}, frozenset()
)

FULL = Report(
    Snapshot(
        project="shop",
        date="2026-02-01",
        commit=_COMMIT,
        clean=False,
        environments=(
            State("test", False, True, ("base", "test"), 2, 8, 4, 0, 0, 3),
            State("prod", True, True, ("base", "prod"), 2, 9, 4, 1, 0, 3),
        ),
        findings=(_ERROR,),
        model_errors=0,
        gaps=Gaps({"only-here": 1, "only-in-base": 4}, (_GAP,), 4, 9, 8),
        inventory=Inventory(
            {"cfgc.yaml": "project of cfgc", "environments/base/managers/web.yaml": "layer of cfgc"},
            {"sources": 2, "keys": 12, "broken": 0, "encrypted": 1},
        ),
        secrets=(
            SealedFile(
                "environments/prod/managers/db.sops.yaml", "prod", ("age: age1ann", "age: age1bob"),
                (
                    Sealed("managers.db.password", "managers.db", ("prod",), "2025-01-01", 396, False, True),
                    Sealed("managers.db.token", "managers.db", ("prod",)),
                    Sealed("managers.db.pin", "managers.db", ("prod",), "2026-01-31", 1, True),
                ),
            ),
        ),
        waivers=(
            Waived("two-replicas", "managers.db", "", "team-db", "DB-7", "2026-01-01", -31, "ended", "p/a.yaml:1"),
            Waived("no-debug", "managers.web", "prod", "team-web", "W-1", "2026-02-02", 1, "ending", "p/a.yaml:2"),
        ),
        owners=(Owner("team-web", ("managers.web",), 1, 0, 1, 1), Owner(NO_OWNER, ("managers.db",), 0, 0, 0, 0)),
        health=health(
            (
                part("valid", 1, 2), part("warnings", 3, 3), part("gaps", 2, 3), part("described", 8, 9),
                part("secrets", 2, 3), part("waivers", 0, 2),
            )
        ),
    ),
    Period(
        _PAST,
        new=(_GAP,),
        gone=(_GONE,),
        added=("environments/base/managers/web.yaml",),
        removed=("environments/old.yaml",),
        changes=Changes(
            {"added": 1, "removed": 0, "changed": 1, "type-changed": 0, "secret-changed": 1},
            (
                Changed("managers.web.debug", "managers.web", "added", ("prod",), "", "on", "w.yaml:4", _COMMIT, "Ann"),
                Changed("managers.web.replicas", "managers.web", "changed", _BOTH, "1", "3", "w.yaml:2", "", ""),
                Changed("managers.db.pin", "managers.db", "secret-changed", _BOTH, '"***"', '"***"', "", "", ""),
            ),
            7,
            (("policy", "policies/a.yaml", "changed"),),
        ),
        activity=Activity(
            400,
            False,
            (
                Edit(_COMMIT, "2026-01-20", "Ann Example", "Raises replicas", 2, ("test", "prod")),
                Edit("5" * 40, "2026-01-09", "Bo", "Tries debug", 1, ("prod",)),
            ),
            (Lively("managers.web.replicas", "managers.web", 3, ("test", "prod")),),
        ),
    ),
)  # fmt: skip

FIRST = Report(FULL.now._replace(findings=(), gaps=Gaps({}, (), 0, 0, 0), secrets=(), waivers=(), owners=(), commit=""))
BROKEN = Report(
    FULL.now._replace(gaps=None, health=health(tuple(map(untold, WEIGHTS)))),
    FULL.period._replace(changes=None, activity=None, why="`prod` does not compile") if FULL.period else None,
)

_OURS = {
    "kind", "kinds", "status", "severity", "standing", "date", "since", "until", "verdicts", "points", "numbers",
    "means", "health", "commit", "id",
}  # fmt: skip


def hostile(value: T, text: str) -> T:
    """The report with a text at the end of every one that is not a word of ours."""
    found: Any = _poisoned(value, text)
    made: T = found
    return made


def _poisoned(value: Any, text: str, name: str = "") -> Any:
    if name in _OURS and not (name == "kind" and isinstance(value, tuple)):
        return value
    if isinstance(value, str):
        return value + text if value and value != NO_OWNER else value
    if hasattr(value, "_fields"):
        return type(value)(**{each: _poisoned(getattr(value, each), text, each) for each in value._fields})
    if isinstance(value, tuple):
        if name == "rules":
            return tuple((kind, file + text, status) for kind, file, status in value)
        return tuple(_poisoned(each, text) for each in value)
    if isinstance(value, dict):
        return {_poisoned(key, text): each for key, each in value.items()}
    return value
