"""What becomes of values: the files that they are rendered into, the variables that they become, who refers to them."""

from __future__ import annotations

from collections.abc import Iterable

from cfgc.model.keypath import KeyPath, show
from cfgc.model.project import Output
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.render import context_of, jobs_of
from cfgc.pipeline.session import Session
from cfgc.reports.docs.model import File, Link
from cfgc.reports.docs.places import ANY_ITEM, folded, text_of, written
from cfgc.stages.render import Context, Job
from cfgc.stages.render.destination import destination
from cfgc.stages.render.emit import prepare
from cfgc.stages.render.emitters import Unfit, leaves
from cfgc.stages.render.emitters.variables import assign, paths
from cfgc.stages.render.explain import explain


class Usage:
    """The uses of every place, over all environments that were added."""

    def __init__(self) -> None:
        self._files: dict[KeyPath, dict[str, None]] = {}
        self._variables: dict[KeyPath, dict[str, None]] = {}
        self._from: dict[KeyPath, dict[str, None]] = {}
        self._to: dict[KeyPath, dict[str, None]] = {}
        self._made: dict[KeyPath, dict[str, tuple[Output, list[str]]]] = {}
        self._links: dict[tuple[str, str], set[tuple[KeyPath, KeyPath]]] = {}

    def add(self, session: Session, compiled: Compiled) -> None:
        """Take in an environment, sealed: what templates read is seen by running them."""
        context = context_of(session, compiled, sealed=True)
        for job in jobs_of(session, compiled):
            name, wrong = destination(job, context)
            if not wrong:
                self._render(job, context, name)
        self._refer(compiled)
        self._trace(compiled)

    def files(self, place: KeyPath) -> tuple[str, ...]:
        """The artifacts, as paths below `dist/ENV`, in which the value has a line."""
        return tuple(self._files.get(place, ()))

    def variables(self, place: KeyPath) -> tuple[str, ...]:
        """The names of environment variables that artifacts give the value."""
        return tuple(self._variables.get(place, ()))

    def refers_to(self, place: KeyPath) -> tuple[str, ...]:
        """Where the value comes from."""
        return tuple(self._from.get(place, ()))

    def referred_by(self, place: KeyPath) -> tuple[str, ...]:
        """Where the value, or a map that it stands in, is referred to."""
        found: dict[str, None] = {}
        for depth in range(len(place), 0, -1):
            found.update(self._to.get(place[:depth], {}))
        return tuple(found)

    def made(self, component: KeyPath) -> tuple[File, ...]:
        """The artifacts of a component; those of whole environments for the root."""
        return tuple(
            File(path, output.format or "", output.template or "", tuple(environments))
            for path, (output, environments) in self._made.get(component, {}).items()
        )

    def links(self) -> tuple[Link, ...]:
        """Which component or top-level key refers to which other one, and in how many places."""
        return tuple(Link(*ends, len(self._links[ends])) for ends in sorted(self._links))

    def _render(self, job: Job, context: Context, name: str) -> None:
        made = self._made.setdefault(job.component, {}).setdefault(name, (job.output, []))
        made[1].append(context.environment)
        for line in explain(job, context):
            _note(self._files, line.paths, name)
        for path, variable in _variables(job, context):
            _note(self._variables, [path], variable)

    def _refer(self, compiled: Compiled) -> None:
        owner = compiled.owner
        for hop in compiled.resolved.references:
            source, target = written(hop.path), hop.target
            _note(self._to, [target], text_of(folded(source)))
            ends = tuple(show(owner(path) or path[:1]) for path in (source, target))
            if ends[0] != ends[1] and source and target:
                self._links.setdefault((ends[0], ends[1]), set()).add((folded(source), folded(target)))

    def _trace(self, compiled: Compiled) -> None:
        """Remember where every leaf comes from that does not stand where it is."""
        written_at: dict[KeyPath, list[KeyPath]] = {}
        for hop in compiled.resolved.references:
            written_at.setdefault(hop.path, []).append(hop.target)
        for path, _ in leaves(compiled.tree, leaf_lists=False):
            for target in written_at.get(path) or _beyond(compiled, path):
                _note(self._from, [path], text_of(folded(target)))


def _beyond(compiled: Compiled, path: KeyPath) -> list[KeyPath]:
    """The place that gives the value of a path because a map above refers to another one, or includes it."""
    hops = compiled.resolved.follow(path)[1]
    return [(*hop.target, *path[len(written(hop.path)) :]) for hop in hops[:1]]


def _variables(job: Job, context: Context) -> Iterable[tuple[KeyPath, str]]:
    """The key path and the name of each variable of an artifact that consists of them."""
    if job.output.template is not None:
        return []
    emission, _ = prepare(job, context)
    if emission is None or not emission.emitter.leaf_lists or emission.sheet.data == "file":
        return []
    try:
        names = assign(emission.revealed, emission.sheet)[0]
    except Unfit:
        return []
    return [((*job.start, *path), name) for path, name in zip(paths(emission.revealed), names, strict=True)]


def _note(index: dict[KeyPath, dict[str, None]], found: Iterable[KeyPath], name: str) -> None:
    """Put a name down at places, and at the lists that they stand in."""
    for path in found:
        place = folded(path)
        index.setdefault(place, {})[name] = None
        for depth, step in enumerate(place):
            if step == ANY_ITEM:
                index.setdefault(place[:depth], {})[name] = None
