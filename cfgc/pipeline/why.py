"""Where a value comes from, what becomes of a layer line, what stands behind a rendered line."""

from __future__ import annotations

from dataclasses import dataclass, field

from cfgc.model.keypath import KeyPath, starts_with
from cfgc.model.location import Location
from cfgc.model.provenance import Contribution
from cfgc.model.values import Secret, Unknown, Value
from cfgc.pipeline.compile import Compiled, compile_environment
from cfgc.pipeline.render import context_of, jobs_of
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.render import Job
from cfgc.stages.render.destination import destination
from cfgc.stages.render.explain import explain
from cfgc.stages.render.job import LineSource


@dataclass(frozen=True, slots=True)
class Source:
    """One layer's say: where it stands and what it says."""

    layer: str
    location: Location
    value: Value = None


@dataclass(frozen=True, slots=True)
class Step:
    """A place on the way to a value: a reference that was followed."""

    path: KeyPath
    location: Location | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The life of one value of one environment. `overrides` has the nearest first."""

    environment: str
    path: KeyPath
    value: Value
    secret: bool
    origin: Source
    overrides: tuple[Source, ...]
    via: tuple[Step, ...]
    children: tuple[tuple[KeyPath, Source], ...]
    rule: str


@dataclass(frozen=True, slots=True)
class LineFate:
    """What becomes of a layer line in one environment: where it wins, or what shadows it; and who refers to it."""

    environment: str
    path: KeyPath
    wins: bool
    by: Source | None
    referred_by: tuple[Step, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class RenderedLine:
    """What stands behind a line of an artifact: a template line, if one made it, and the values read there."""

    artifact: str
    line: int
    template: Location | None
    sources: tuple[tuple[KeyPath, Location | None], ...]


def why_value(session: Session, compiled: Compiled, path: KeyPath, value: Value) -> Explanation | None:
    """The explanation of the value at a path with plain indexes; none where no layer says anything."""
    final, hops = compiled.resolved.follow(path)
    trace = compiled.merged.trace(final)
    if trace is None:
        return None
    children = [(below, source_of(session, compiled, below)) for below in _children(value, path)]
    return Explanation(
        environment=compiled.environment.name,
        path=path,
        value=value,
        secret=isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret),
        origin=_source(session, trace.origin),
        overrides=tuple(_source(session, each) for each in trace.overrides),
        via=tuple(Step(hop.path, compiled.merged.place(hop.path)) for hop in hops),
        children=tuple((below, source) for below, source in children if source is not None),
        rule=trace.rule,
    )


def source_of(session: Session, compiled: Compiled, path: KeyPath) -> Source | None:
    """Who set the value at a path, through references."""
    trace = compiled.merged.trace(compiled.resolved.follow(path)[0])
    return None if trace is None else _source(session, trace.origin)


def why_line(session: Session, wanted: Wanted, file: str, line: int) -> list[LineFate]:
    """What becomes of a layer line in each environment that reads its file; nothing for a line that holds no value."""
    inside = session.locator.at(file, line)
    if inside is None:
        return []
    fates: list[LineFate] = []
    for name, environment in session.project.environments.items():
        if not any(
            known.path == file for layer in environment.layers for known in session.project.files.get(layer, ())
        ):
            continue
        compiled = compile_environment(session, wanted.but(environment=name))
        fates += [
            LineFate(name, fate.path, fate.wins, fate.by and _source(session, fate.by), _referring(compiled, fate.path))
            for fate in compiled.merged.fate(file, inside)
        ]
    return fates


def job_of(session: Session, compiled: Compiled, artifact: str) -> Job | None:
    """The output that makes `dist/ENV/ARTIFACT`."""
    context = context_of(session, compiled, sealed=True)
    return next((job for job in jobs_of(session, compiled) if destination(job, context)[0] == artifact), None)


def why_rendered(session: Session, compiled: Compiled, job: Job, *, sealed: bool) -> list[RenderedLine]:
    """What stands behind each line of a job's artifact.

    Sealed, a secret is one line. In an artifact that was rendered with a key it may be several: `compiled` must then
    be revealed.
    """
    context = context_of(session, compiled, sealed=sealed)
    artifact = destination(job, context)[0]
    lines = enumerate(explain(job, context), 1)
    return [RenderedLine(artifact, number, *_behind(compiled, job, source)) for number, source in lines]


def _behind(
    compiled: Compiled, job: Job, source: LineSource
) -> tuple[Location | None, tuple[tuple[KeyPath, Location | None], ...]]:
    """The template line, and the key paths with their places."""
    template = Location(source.file, source.line, 1, source.line, 1) if source.file else None
    paths = source.paths or (job.start,)
    return template, tuple((path, compiled.placing.place(path)) for path in paths)


def _children(value: Value, path: KeyPath) -> list[KeyPath]:
    if isinstance(value, dict):
        return [(*path, key) for key in value]
    return [(*path, index) for index in range(len(value))] if isinstance(value, list) else []


def _source(session: Session, said: Contribution) -> Source:
    outside = said.file.startswith("<")
    place = Location(said.file, 0, 0, 0, 0) if outside else session.locator.value(said.file, said.path)
    return Source(said.layer, place, said.value)


def _referring(compiled: Compiled, path: KeyPath) -> tuple[Step, ...]:
    found = {
        hop.path
        for hop in compiled.resolved.references
        if starts_with(hop.target, path) or starts_with(path, hop.target)
    }
    ordered = sorted(found, key=lambda each: _rank(compiled.merged.tree, each))
    return tuple(Step(each, compiled.merged.place(each)) for each in ordered)


def _rank(tree: Value, path: KeyPath) -> tuple[int, ...]:
    """What sorts paths as they stand in a tree."""
    ranks: list[int] = []
    for step in path:
        if isinstance(tree, dict) and step in tree:
            ranks.append(list(tree).index(step))
            tree = tree[step]
        elif isinstance(tree, list) and isinstance(step, int):
            ranks.append(step)
            tree = tree[step]
    return tuple(ranks)
