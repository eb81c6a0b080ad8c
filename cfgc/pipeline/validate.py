"""All checks of some environments, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external.timing import span
from cfgc.model.artifact import Artifact
from cfgc.pipeline.check import check_environment
from cfgc.pipeline.compile import Compiled, compile_environment
from cfgc.pipeline.lint import lint_environments, with_settings
from cfgc.pipeline.render import context_of, jobs_of
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.discover import check_unmatched, placed


class Examined(NamedTuple):
    """Some environments with all that is known of them without a key. One that could not be read is missing."""

    compiled: dict[str, Compiled]
    artifacts: dict[str, list[Artifact]]
    """environment -> its artifacts in their sealed form; none for one that does not compile"""
    diagnostics: list[Diagnostic]
    broken: list[Diagnostic]
    """the errors that leave no whole set of artifacts: of the project, of compiling, of rendering; none of checks"""


def validate_environments(session: Session, names: Sequence[str], wanted: Wanted) -> list[Diagnostic]:
    """Every finding about the environments; one that does not compile does not hide the next."""
    return examine(session, names, wanted).diagnostics


def examine(session: Session, names: Sequence[str], wanted: Wanted) -> Examined:
    """Compile, check and render some environments, sealed; one that does not compile does not hide the next."""
    found: list[Diagnostic] = []
    broken: list[Diagnostic] = []
    compiled: dict[str, Compiled] = {}
    artifacts: dict[str, list[Artifact]] = {}
    for name in names:
        try:
            one = compile_environment(session, wanted.but(environment=name))
        except Failed as failed:
            broken += failed.diagnostics
            continue
        compiled[name] = one
        found += check_environment(session, one, wanted.today or date.today())
        artifacts[name], problems = rendered_sealed(session, one)
        broken += [*one.diagnostics, *problems]
    found += broken
    broken += session.findings
    with span("check all together", count=len(compiled)):
        found += _whole_run(session, list(compiled.values()))
    found = with_settings(session, [*session.findings, *found])
    return Examined(compiled, artifacts, found, [each for each in broken if each.is_error])


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


def rendered_sealed(session: Session, compiled: Compiled) -> tuple[list[Artifact], list[Diagnostic]]:
    """The artifacts in their sealed form, and what rendering them complains about.

    That is: formats that can't hold a value, template errors, collisions.
    """
    from cfgc.pipeline.place import belonging
    from cfgc.stages.render import collisions, render

    if compiled.failed:
        return [], []
    jobs = list(jobs_of(session, compiled))
    with span("render", compiled.environment.name, len(jobs)):
        artifacts, found = render(jobs, context_of(session, compiled, sealed=True))
    named = (belonging(each, compiled.environment.name, compiled.owner) for each in (*found, *collisions(artifacts)))
    return artifacts, [compiled.placing.diagnostic(each) for each in named]
