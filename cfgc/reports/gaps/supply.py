"""The variables that a component is given in an environment, beside those that its code reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cfgc.model.keypath import KeyPath
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.render import context_of, jobs_of
from cfgc.reports.gaps.estate import Estate
from cfgc.reports.gaps.reads import Read
from cfgc.stages.render.given import given_variables


class Supply(NamedTuple):
    """One component whose code is known. `given`: name -> key path; `runtime`: what its values leave to the start."""

    component: KeyPath
    given: Mapping[str, KeyPath]
    runtime: frozenset[str]
    read: Mapping[str, Read]


def supplied(estate: Estate, one: Compiled) -> Iterator[Supply]:
    """Each component of an environment that the code's reads tell something about."""
    reads = estate.asked.reads
    if reads is None:
        return
    context = context_of(estate.session, one, sealed=True)
    for component in one.components:
        found = reads.of(component, one.components)
        if found is None:
            continue
        given: dict[str, KeyPath] = {}
        for job in jobs_of(estate.session, one):
            if job.component == component:
                given.update(given_variables(job, context))
        runtime = {use.variable for use in one.resolved.variables if use.path[: len(component)] == component}
        yield Supply(component, given, frozenset(runtime), {read.variable: read for read in reversed(found)})
