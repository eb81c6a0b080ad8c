"""All checks of some environments, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.pipeline.check import check_environment
from cfgc.pipeline.compile import Compiled, compile_environment
from cfgc.pipeline.lint import lint_environments, with_settings
from cfgc.pipeline.render import context_of, jobs_of
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.discover import check_unmatched, placed


def validate_environments(session: Session, names: Sequence[str], wanted: Wanted) -> list[Diagnostic]:
    """Every finding about the environments; one that does not compile does not hide the next."""
    found: list[Diagnostic] = []
    compiled: list[Compiled] = []
    for name in names:
        try:
            one = compile_environment(session, wanted.but(environment=name))
        except Failed as failed:
            found += failed.diagnostics
            continue
        compiled.append(one)
        found += one.diagnostics
        found += check_environment(session, one, wanted.today or date.today())
        found += render_findings(session, one)
    found += _whole_run(session, compiled)
    return with_settings(session, [*session.findings, *found])


def _whole_run(session: Session, compiled: Sequence[Compiled]) -> list[Diagnostic]:
    """What only all environments together tell: policies, waivers and schemas that are about nothing."""
    whole = [one for one in compiled if one.narrowed is None and not one.failed]
    verdicts = [one.verdict for one in whole if one.verdict is not None]
    found = [] if session.policies is None else session.policies.review(verdicts, session.project.environments)
    if len(whole) == len(session.project.environments):
        found += lint_environments(session, whole)
        found += session.schemas.unapplied(one.tree for one in whole)
        unmatched = check_unmatched(session.project, [path for one in whole for path in one.components])
        found += [placed(each, session.locator) for each in unmatched]
    return found


def render_findings(session: Session, compiled: Compiled) -> list[Diagnostic]:
    """What a sealed render would complain about: formats that can't hold a value, template errors, collisions."""
    from cfgc.pipeline.place import belonging
    from cfgc.stages.render import collisions, render

    if compiled.failed:
        return []
    artifacts, found = render(list(jobs_of(session, compiled)), context_of(session, compiled, sealed=True))
    named = (belonging(each, compiled.environment.name, compiled.owner) for each in (*found, *collisions(artifacts)))
    return [compiled.placing.diagnostic(each) for each in named]
