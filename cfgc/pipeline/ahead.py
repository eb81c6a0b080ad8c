"""What can be known of compiled environments side by side: the texts of artifacts, and whether the checks find nothing.

Only what is ordinary comes from a worker. Whatever is to be said about an artifact or by a check is found by the one
process that has read everything, and can place it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from cfgc.external.timing import span
from cfgc.external.workers import side_by_side
from cfgc.pipeline.check import finds_nothing
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.session import Session
from cfgc.stages.render import Context, Job, write_ahead

_WORTH = 200
"""Artifacts from which on workers pay: to start one and to hear its answer takes as long as writing some 50."""
_AT_ONCE = 50
"""Artifacts that make one work."""


class Ahead(NamedTuple):
    """One environment: its jobs, with their texts where these are known, and whether its checks find nothing."""

    jobs: list[Job]
    fine: bool = False


def look_ahead(session: Session, todo: Sequence[tuple[Compiled, list[Job], Context]], today: date) -> list[Ahead]:
    """For each environment its jobs in their order; with `session.processes` the texts that workers could write."""
    count = sum(len(jobs) for _, jobs, _ in todo)
    if session.processes < 2 or count < _WORTH:
        return [Ahead(jobs) for _, jobs, _ in todo]
    slices = [(jobs[at : at + _AT_ONCE], context) for _, jobs, context in todo for at in range(0, len(jobs), _AT_ONCE)]
    works: list[Callable[[], list[Any]]] = [
        partial(_fine, session, [compiled for compiled, _, _ in todo], today),
        *(partial(_texts, session, *each) for each in slices),
    ]
    with span("render ahead", count=count):
        fine, *texts = side_by_side(works, session.processes)
    known = (text for some in texts for text in some)
    return [
        Ahead([job._replace(text=text) for job, text in zip(jobs, known, strict=False)], no_finding)
        for (_, jobs, _), no_finding in zip(todo, fine, strict=True)
    ]


def _texts(session: Session, jobs: list[Job], context: Context) -> list[str | None]:
    texts = write_ahead(jobs, context)
    if session.schemas.annotations.diagnostics:  # found on the way, and lost with the process that found them
        return [None] * len(jobs)
    return texts


def _fine(session: Session, compiled: Sequence[Compiled], today: date) -> list[bool]:
    return [finds_nothing(session, one, today) for one in compiled]
