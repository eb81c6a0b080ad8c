"""`json`: the difference as data; `difference.schema.json` describes it."""

from __future__ import annotations

from json import dumps
from typing import Any

from cfgc.diagnostics import Diagnostic
from cfgc.diagnostics.renderers.json import finding_data
from cfgc.diagnostics.renderers.listing import Listing
from cfgc.history.difference import ArtifactChange, Difference, EnvironmentDifference, ValueChange
from cfgc.history.views import Shown
from cfgc.history.views.unified import unified
from cfgc.model.keypath import show
from cfgc.model.location import Location


def render(difference: Difference, shown: Shown) -> str:
    """One JSON document."""
    return dumps(as_data(difference, artifacts=shown.artifacts), ensure_ascii=False, indent=2) + "\n"


def as_data(difference: Difference, *, artifacts: bool = False) -> dict[str, Any]:
    """The difference as plain data; with `artifacts` each artifact has its unified `diff`."""
    return {
        "from": difference.before,
        "to": difference.after,
        "environments": {
            name: _environment(each, artifacts=artifacts) for name, each in difference.environments.items()
        },
        "shadowed": [
            {
                "path": show(each.path),
                "environment": each.environment,
                "edit": place(each.edit),
                "by": place(each.by),
            }
            for each in difference.shadowed
        ],
        "rules": [each._asdict() for each in difference.rules],
        "shared": [{**each._asdict(), "environments": list(each.environments)} for each in difference.shared],
        "findings": {"new": findings(difference.findings.new), "gone": findings(difference.findings.gone)},
        "summary": difference.summary(),
    }


def failure_data(before: str, after: str, found: list[Diagnostic]) -> dict[str, Any]:
    """The same shape for sides that can't be compared: empty, with the findings that say why."""
    return {
        "from": before,
        "to": after,
        "environments": {},
        "shadowed": [],
        "rules": [],
        "shared": [],
        "findings": {"new": [], "gone": []},
        "summary": {},
        "diagnostics": findings(tuple(found)),
    }


def findings(found: tuple[Diagnostic, ...]) -> list[dict[str, Any]]:
    """Findings as `cfgc validate --format json` writes them."""
    return [finding_data(each) for each in Listing(found, lambda _file, _line: None).findings()]


def place(location: Location | None) -> dict[str, Any] | None:
    """`file`, `line` and `column`; none where there is no place."""
    if location is None:
        return None
    return {"file": location.file, "line": location.line or None, "column": location.column if location.line else None}


def _environment(difference: EnvironmentDifference, *, artifacts: bool) -> dict[str, Any]:
    return {
        "status": difference.status,
        "production": difference.production,
        "changes": [_change(each) for each in difference.changes],
        "artifacts": [_artifact(each, artifacts=artifacts) for each in difference.artifacts],
    }


def _change(found: ValueChange) -> dict[str, Any]:
    change = found.change
    return {
        "path": show(change.path),
        "component": found.component or None,
        "kind": change.kind,
        "old": change.old,
        "new": change.new,
        "secret": change.secret,
        "moved": show(change.moved) if change.moved else None,
        "layer": found.layer or None,
        "origin": place(found.origin),
        "origin_side": "from" if found.origin_before else "to",
        "commit": found.commit.id if found.commit else None,
        "author": found.commit.author.name if found.commit else None,
    }


def _artifact(found: ArtifactChange, *, artifacts: bool) -> dict[str, Any]:
    data = {"path": found.path, "component": found.component or None, "status": found.status}
    return {**data, "diff": unified(found)} if artifacts else data
