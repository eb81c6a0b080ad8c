"""The tree into artifacts, in memory (SPEC section 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cfgc.diagnostics import Diagnostic
from cfgc.model.artifact import Artifact
from cfgc.model.keypath import KeyPath
from cfgc.stages.render.destination import destination
from cfgc.stages.render.emit import Result, emit
from cfgc.stages.render.emitters import forget
from cfgc.stages.render.job import Context, Job, lookup
from cfgc.stages.render.plain import Holds, survey


def render(jobs: Sequence[Job], context: Context) -> tuple[list[Artifact], list[Diagnostic]]:
    """The artifacts of all jobs, in their order, and every finding; a job with an error has no artifact.

    Templates are rendered in one child with limits while the emitters run here.
    """
    placed = [(job, *destination(job, context)) for job in jobs]
    good = [(job, path) for job, path, found in placed if not found]
    results: list[Result] = [(None, found) for _, _, found in placed if found]
    if any(job.output.template is not None for job, _ in good):
        from cfgc.stages.render.templated import with_templates

        results += with_templates(good, context, lambda others: iter(_emitted(others, context)))
    else:
        results += _emitted(good, context)
    found = [one.but(environment=context.environment) for _, several in results for one in several]
    return [artifact for artifact, _ in results if artifact is not None], found


def write_ahead(jobs: Sequence[Job], context: Context) -> list[str | None]:
    """The texts of the artifacts about which there is nothing to say: no finding, no secret, no runtime variable.

    None for the others, and for templates. A job that is given its text need not be written again.
    """
    formats = _emitted([(job, "") for job in jobs if job.output.template is None], context)
    return [None if job.output.template is not None else _ordinary(*formats.pop()) for job in reversed(jobs)][::-1]


def _ordinary(artifact: Artifact | None, found: list[Diagnostic]) -> str | None:
    if artifact is None or found or artifact.secret or artifact.requires_env:
        return None
    return artifact.content.decode()


def _emitted(jobs: Iterable[tuple[Job, str]], context: Context) -> list[Result]:
    """The results of the jobs with a format; what a component's data holds is found once for all its outputs."""
    known: dict[KeyPath, Holds] = {}
    results: list[Result] = []
    try:
        for job, path in jobs:
            if job.text is not None:
                content = job.text.encode()
                results.append((Artifact(path, job.name, content, content, setting=job.output.location), []))
                continue
            start = job.start
            if start not in known:
                known[start] = _held(job, context)
            results.append(emit(job, context, path, known[start]))
    finally:
        if any(holds.secret for holds in known.values()) and not context.sealed:
            forget()
    return results


def _held(job: Job, context: Context) -> Holds:
    try:
        return survey(lookup(context.tree, job.start))
    except LookupError:
        return Holds(False, False, False)
