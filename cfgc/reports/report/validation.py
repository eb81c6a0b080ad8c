"""What `cfgc validate` says, environment by environment."""

from __future__ import annotations

from collections.abc import Sequence

from cfgc.diagnostics import Diagnostic, Severity
from cfgc.diagnostics.renderers.listing import Finding, Listing
from cfgc.history.compare import is_production
from cfgc.history.sides import Side
from cfgc.history.views.words import place_text
from cfgc.model.values import Value
from cfgc.reports.report.model import Found, State


def states(side: Side) -> tuple[State, ...]:
    """The environments in the order of the project. A finding of the whole project counts in each of them."""
    return tuple(_state(side, name) for name in side.environments)


def listed(side: Side) -> tuple[Found, ...]:
    """Every finding once, the worst first; notes too."""
    listing = Listing(side.examined.diagnostics, lambda _file, _line: None, side.environments)
    return tuple(sorted(map(_found, listing.findings()), key=lambda each: each.severity))


def model_errors(found: Sequence[Diagnostic]) -> int:
    """How many errors are in what values are held against: `cfgc.yaml`, schemas, policies."""
    return len({(each.code, each.message, each.location) for each in found if each.is_error})


def _state(side: Side, name: str) -> State:
    compiled = side.compiled(name)
    about = [each for each in side.examined.diagnostics if each.environment in ("", name)]
    counts = [
        len(Listing([each for each in about if each.severity is level], lambda _file, _line: None).findings())
        for level in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    ]
    environment = side.session.project.environments[name]
    return State(
        name,
        is_production(environment),
        compiled is not None and not compiled.failed,
        environment.layers,
        len(compiled.components) if compiled else 0,
        _leaves(compiled.tree) if compiled else 0,
        len(side.artifacts(name)),
        *counts,
    )


def _leaves(value: Value) -> int:
    """How many values stand in a tree; a list is one."""
    if isinstance(value, dict) and value:
        return sum(_leaves(item) for item in value.values())
    return 1


def _found(finding: Finding) -> Found:
    told = finding.diagnostic
    return Found(
        told.code,
        told.severity,
        told.path_text or finding.file,
        told.message,
        told.component,
        finding.environments,
        place_text(told.location),
        told.help,
    )
