"""Jobs of which some are templates: those are rendered in one child with limits (THREATS J03)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.external.capped import Overrun, capped
from cfgc.model.artifact import Artifact, Required
from cfgc.model.keypath import show
from cfgc.model.values import MASK
from cfgc.stages.render.emit import CIPHERTEXT, Result, masked_report, missing_start
from cfgc.stages.render.job import Context, Job, lookup
from cfgc.stages.render.options import unused
from cfgc.stages.render.template.fault import finding

# limits of the child: generous for layout (a template takes some 0.1 ms), tight for what would never end
_MEMORY = 256 << 20
_MEMORY_EACH = 256 << 10
_SECONDS = 1
_EACH_SECOND = 50


def with_templates(
    jobs: Sequence[tuple[Job, str]], context: Context, emitted: Callable[[list[tuple[Job, str]]], Iterator[Result]]
) -> list[Result]:
    """The results of jobs with their paths, in their order. The emitters (`emitted`) run here beside the child."""
    templates = [job for job, _ in jobs if job.output.template is not None]
    with _templates(templates, context) as rendered:
        others = emitted([(job, path) for job, path in jobs if job.output.template is None])
        return [
            next(others) if job.output.template is None else _template(job, path, rendered, context)
            for job, path in jobs
        ]


class _Rendered:
    """What comes back from the child, one template at a time; after an overrun nothing does."""

    def __init__(self, items: Iterator[Any], stopped_before: frozenset[str]) -> None:
        self._items = items
        self.stopped_before = stopped_before
        self.overrun: str | None = None

    def next(self) -> Any:
        if self.overrun is not None:
            return None
        try:
            return next(self._items)
        except Overrun as overrun:
            self.overrun = overrun.kind
            raise

    def finish(self) -> None:
        """Lets the child end in its own time: it has nothing more to say, however it ends."""
        if self.overrun is None:
            with suppress(Overrun):
                for _ in self._items:
                    raise AssertionError("more results than templates")


@contextmanager
def _templates(jobs: Sequence[Job], context: Context) -> Iterator[_Rendered]:
    """The templates on their way: the child starts at once, and only if there is a template."""
    before = frozenset(context.stopped)
    usable = [job for job in jobs if job.output.template not in context.stopped and not _unusable(job, context)]
    if not usable:
        yield _Rendered(iter(()), before)
        return
    # imported here and not by the child: a run has several children, one an environment
    from cfgc.stages.render.template.files import load
    from cfgc.stages.render.template.renderer import render_templates

    work = render_templates(usable, context, load(context.source))
    memory = _MEMORY + _MEMORY_EACH * len(usable)
    with capped(work, memory=memory, seconds=_SECONDS + len(usable) // _EACH_SECOND) as items:
        rendered = _Rendered(items, before)
        yield rendered
        rendered.finish()


def _unusable(job: Job, context: Context) -> list[Diagnostic]:
    found = unused(job, frozenset(), "template")
    if job.output.only == "secret":
        found.append(
            report(
                "output-option", at=job.output.location, component=job.name, option="only: secret", format="template"
            )
        )
    try:
        lookup(context.tree, job.start)
    except LookupError:
        found.append(missing_start(job))
    return found


def _template(job: Job, path: str, rendered: _Rendered, context: Context) -> Result:
    found = _unusable(job, context)
    if found:
        return None, found
    if job.output.template in rendered.stopped_before:
        return None, [_overrun(job, "it ran too long in another environment")]
    try:
        item = rendered.next()
    except Overrun as overrun:
        if overrun.kind == "time" and isinstance(context.stopped, set):
            context.stopped.add(job.output.template or "")
        return None, [_overrun(job, _REASONS[overrun.kind])]
    if item is None:
        return None, []
    content, sealed, secret, needs, findings = item
    found = [finding(one).diagnostic(job.name, job.output.location) for one in findings]
    if content is None:
        return None, found
    if MASK in content or (CIPHERTEXT in content and not (context.sealed and secret)):
        return None, [masked_report(job, None)]
    required = tuple(Required(name, show(tuple(place)), "") for name, place in needs)
    data = content.encode()
    return Artifact(
        path, job.name, data, data if sealed is None else sealed.encode(), secret, required, job.output.location
    ), found


_REASONS = {
    "time": "it ran too long",
    "memory": "it needs too much memory",
    "crash": "the process that rendered it died",
}


def _overrun(job: Job, reason: str) -> Diagnostic:
    return report(
        "template-overrun",
        at=job.output.location,
        component=job.name,
        word=job.output.template,
        reason=reason,
    )
