"""What every line of an artifact comes from, for `why FILE:LINE`."""

from __future__ import annotations

from cfgc.external.capped import Overrun, run_capped
from cfgc.model.keypath import KeyPath
from cfgc.stages.render.emit import prepare
from cfgc.stages.render.emitters import Unfit
from cfgc.stages.render.emitters.emitter import Traced
from cfgc.stages.render.job import Context, Job, LineSource

_MEMORY = 256 << 20
_SECONDS = 4


def explain(job: Job, context: Context) -> list[LineSource]:
    """The source of each line of the job's artifact, first line first; nothing where it cannot be rendered."""
    return explain_emitter(job, context) if job.output.template is None else explain_template(job, context)


def explain_emitter(job: Job, context: Context) -> list[LineSource]:
    """The key path behind each line of an artifact with a format."""
    emission, _ = prepare(job, context)
    if emission is None:
        return []
    try:
        pieces = list(emission.emitter.trace(emission.revealed, emission.sheet))
    except Unfit:
        return []
    return [LineSource("", 0, ((*job.start, *path),)) for path in _lines(pieces)]


def _lines(pieces: Traced) -> list[KeyPath]:
    """The deepest key path of each line. A comma before a line break belongs to what stands before it."""
    lines: list[KeyPath] = []
    begun = False
    for text, path in pieces:
        for number, segment in enumerate(text.split("\n")):
            if number and not begun:
                lines.append(path)  # a line with nothing in it
            if number:
                begun = False
            if segment.strip(","):
                lines[len(lines) - begun :] = [path]
                begun = True
    return lines


def explain_template(job: Job, context: Context) -> list[LineSource]:
    """The template line and the key paths read behind each line of a rendered template."""
    from cfgc.stages.render.template.explain import explain as run
    from cfgc.stages.render.template.files import load

    texts = load(context.source)
    try:
        (found,) = run_capped((run(job, context, texts) for _ in (0,)), memory=_MEMORY, seconds=_SECONDS)
    except Overrun:
        return []
    return [LineSource(file, line, tuple(tuple(path) for path in paths)) for file, line, paths in found]
