"""Which values of the tree a template reads, decisions and loops counted too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfgc.external.capped import Overrun, capped
from cfgc.model.keypath import ROOT, KeyPath
from cfgc.stages.render.job import Context, Job
from cfgc.stages.render.template.engine import Engine
from cfgc.stages.render.template.fault import TokenUsed
from cfgc.stages.render.template.faults import FAULTS
from cfgc.stages.render.template.files import load
from cfgc.stages.render.template.renderer import Rendering
from cfgc.stages.render.template.usage import reading_tree

_MEMORY = 256 << 20
_SECONDS = 4


def used_paths(jobs: Sequence[Job], context: Context) -> dict[KeyPath, None]:
    """The key paths that the templates of some jobs read, sealed, in the order of reading.

    Nobody can tell for one that does not come to its end without a key: all that it may see then counts, its
    component or, where it looks at `tree`, the root.
    """
    templates = load(context.source)
    engine = Engine(templates)
    found: dict[KeyPath, None] = {}
    with capped(
        (_used(Rendering(job, context, templates, engine)) for job in jobs), memory=_MEMORY, seconds=_SECONDS
    ) as items:
        for job in jobs:
            try:
                paths = next(items)
            except (Overrun, StopIteration):
                paths = None
            found.update((tuple(path), None) for path in (_all(job, context) if paths is None else paths))
    return found


def _used(rendering: Rendering) -> list[KeyPath] | None:
    """What one template reads; none where that cannot be told."""
    reads = rendering.reads(sealed=True)
    try:
        rendering.prepare()
        rendering.text(reads)
    except (TokenUsed, *FAULTS):
        return None
    return list(dict.fromkeys(reads.trail))


def _all(job: Job, context: Context) -> Iterator[KeyPath]:
    yield ROOT if reading_tree([job.output], context.source) else job.component
