"""The lints over all compiled environments, and what `lint.rules` of `cfgc.yaml` says about severities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cfgc.diagnostics import Diagnostic, Severity
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.place import belonging
from cfgc.pipeline.session import Session
from cfgc.stages.check.rules import Estate, View, lint
from cfgc.stages.discover import matches
from cfgc.stages.read import Shelf
from cfgc.stages.read.lookalikes import lookalikes
from cfgc.stages.render.template.usage import used_templates

_OFF = "off"


def lint_environments(session: Session, compiled: Sequence[Compiled]) -> list[Diagnostic]:
    """What the lints find; those about one environment are placed on its lines."""
    by_name = {one.environment.name: one for one in compiled}
    found: list[Diagnostic] = []
    used = used_templates(session.project.outputs, session.source)
    for each in lint(estate_of(session, [view_of(one) for one in compiled], used)):
        one = by_name.get(each.environment) or compiled[0]
        placed = one.placing.diagnostic(belonging(each, each.environment, one.owner))
        found.append(placed)
    return found


def with_settings(session: Session, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings with the severities that the project wants; errors are not a matter of taste."""
    wanted = session.project.lint_rules
    kept = []
    for each in found:
        level = wanted.get(each.name)
        if level is None or each.is_error:
            kept.append(each)
        elif level != _OFF:
            kept.append(each.but(severity=Severity[level.upper()]))
    return kept


def view_of(one: Compiled) -> View:
    """A compiled environment as the lints see it."""
    return View(one.environment, one.layers, one.merged.tree, one.components, one.merged.overridden())


def estate_of(session: Session, views: Sequence[View], used: frozenset[str]) -> Estate:
    """What the lints look at: environments side by side, and the templates that are `used`."""
    return Estate(
        project=session.project,
        source=session.source,
        views=views,
        annotations=session.schemas.annotations,
        locator=session.locator,
        traps=session.reader.traps,
        lookalikes=lookalikes,
        used_templates=used,
        matches=matches,
        once=(session.shelf or Shelf()).once,
    )
