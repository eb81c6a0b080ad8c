"""One environment -> its artifacts and the facts of its manifest. Decrypts only what the rendered components need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cfgc import __version__
from cfgc.diagnostics import Diagnostic
from cfgc.external.timing import span
from cfgc.model.artifact import Artifact
from cfgc.model.keypath import ROOT, KeyPath, show
from cfgc.model.manifest import Manifest
from cfgc.pipeline.ahead import Ahead, look_ahead
from cfgc.pipeline.check import access_of, check_environment
from cfgc.pipeline.compile import Compiled, compile_environment, find_environment, read_layers
from cfgc.pipeline.packed import RenderedSet
from cfgc.pipeline.place import belonging
from cfgc.pipeline.scope import Scope
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.discover import outputs_for, outputs_for_environment
from cfgc.stages.render import Context, Job, collisions, render

_AT_ONCE = 1_000
"""Artifacts from which on environments are rendered before the next ones are compiled: so many keep workers busy."""


class Rendering(NamedTuple):
    """What a render would write, and every finding; with an error among them nothing is to be written."""

    compiled: Compiled
    artifacts: list[Artifact]
    diagnostics: list[Diagnostic]
    manifest: Manifest

    @property
    def failed(self) -> bool:
        return any(found.is_error for found in self.diagnostics)

    @property
    def set(self) -> RenderedSet:
        """What is to be written."""
        narrowed = None if self.compiled.narrowed is None else frozenset(self.manifest.components)
        return RenderedSet(self.manifest, self.artifacts, narrowed)


def render_environments(session: Session, wanted: Sequence[Wanted], *, sealed: bool = False) -> list[Rendering]:
    """Compile, render and check environments in memory; raises `Failed` as `compile_environment` does."""
    return list(render_each(session, wanted, sealed=sealed))


def render_each(session: Session, wanted: Sequence[Wanted], *, sealed: bool = False) -> Iterator[Rendering]:
    """The same, one after the other: what is made of an environment lives as long as it is looked at.

    Everything is first rendered sealed. Only if an artifact turns out to be secret are the files that it needs
    decrypted, and only such artifacts are rendered again; checks then see the plain values.
    """
    _look_at_all(session, wanted)
    batch: list[_Work] = []
    for each in wanted:
        batch.append(_work(session, each))
        if sum(len(work.jobs) for work in batch) >= _AT_ONCE:
            yield from _renderings(session, batch, sealed=sealed)
    yield from _renderings(session, batch, sealed=sealed)


class _Work(NamedTuple):
    """An environment that compiled, or did not, and what there is to render of it."""

    wanted: Wanted
    compiled: Compiled
    jobs: list[Job]
    context: Context


def _look_at_all(session: Session, wanted: Sequence[Wanted]) -> None:
    """Read what is asked for; raises `Failed` for what cannot be read before anything is rendered or decrypted."""
    for each in wanted:
        environment = find_environment(session, each.environment)
        if not each.components:
            read_layers(session, environment, Scope())


def _work(session: Session, wanted: Wanted) -> _Work:
    compiled = compile_environment(session, wanted)
    jobs = [] if compiled.failed else list(jobs_of(session, compiled))
    return _Work(wanted, compiled, jobs, context_of(session, compiled, sealed=True))


def _renderings(session: Session, batch: list[_Work], *, sealed: bool) -> Iterator[Rendering]:
    """What a batch renders to, the first first. What was given is no longer in the batch."""
    todo = [(work.compiled, work.jobs, work.context) for work in batch]
    ahead = look_ahead(session, todo, batch[0].wanted.today or date.today()) if batch else []
    del todo
    while batch:
        yield _rendering(session, batch.pop(0), ahead.pop(0), sealed=sealed)


class _Made(NamedTuple):
    """What some jobs gave: the compilation that was looked at, artifacts, findings, and whether it is decrypted."""

    compiled: Compiled
    artifacts: list[Artifact]
    found: list[Diagnostic]
    revealed: bool = False


def _made(session: Session, work: _Work, jobs: list[Job], *, sealed: bool) -> _Made:
    wanted, compiled = work.wanted, work.compiled
    with span("render", wanted.environment, len(jobs)):
        artifacts, found = render(jobs, work.context)
    secret = [] if sealed or _any_error(found) else _secret_jobs(jobs, artifacts)
    if not secret:
        return _Made(compiled, artifacts, found)
    from cfgc.pipeline.revealing import reveal_for

    compiled, problems = reveal_for(session, wanted, compiled, secret)
    opened = not _any_error(problems)
    with span("render secrets", wanted.environment, len(secret)):
        fresh, more = render(secret, context_of(session, compiled, sealed=False)) if opened else ([], [])
    found = [*found, *problems, *more]
    return _Made(compiled, [] if _any_error(found) else _replaced(artifacts, fresh), found, revealed=True)


def _rendering(session: Session, work: _Work, ahead: Ahead, *, sealed: bool) -> Rendering:
    made = _made(session, work, ahead.jobs, sealed=sealed)
    return _checked(session, work.wanted, made, fine=ahead.fine and not made.revealed, sealed=sealed)


def _checked(session: Session, wanted: Wanted, made: _Made, *, fine: bool, sealed: bool) -> Rendering:
    compiled, artifacts, found, _ = made
    checks = check_environment(session, compiled, wanted.today or date.today(), fine=fine)
    found = [*found, *collisions(artifacts)]
    named = (belonging(each, compiled.environment.name, compiled.owner) for each in found)
    everything = [*compiled.diagnostics, *checks, *(compiled.placing.diagnostic(each) for each in named)]
    return Rendering(compiled, artifacts, everything, manifest_of(session, wanted, compiled, sealed=sealed))


class Share(NamedTuple):
    """Some components of an environment: those of one of so many shares; the last one has the environment's outputs."""

    number: int
    shares: int

    def holds(self, place: int, count: int) -> bool:
        """Whether the component at a place, of so many, is in it; the environment comes after the last."""
        return min(place, count - 1) * self.shares // count == self.number if count else self.number == 0


def render_share(session: Session, wanted: Wanted, share: Share, *, sealed: bool) -> list[Artifact] | None:
    """The artifacts of a share; none if there is anything to say, which is for a rendering of the whole environment."""
    work = _work(session, wanted)
    places = {component: place for place, component in enumerate(work.compiled.rendered)}
    count = len(places)
    jobs = [job for job in work.jobs if share.holds(places.get(job.component, count), count)]
    made = _made(session, work, jobs, sealed=sealed)
    return None if work.compiled.diagnostics or made.found else made.artifacts


def check_shares(session: Session, wanted: Wanted, secret: Sequence[int], *, sealed: bool) -> Rendering:
    """What is to be said of an environment whose shares gave artifacts: those at the places `secret` are secret.

    It has no artifacts, and so no collisions among them.
    """
    work = _work(session, wanted)
    made = _Made(work.compiled, [], [])
    if secret and not sealed:
        from cfgc.pipeline.revealing import reveal_for

        compiled, problems = reveal_for(session, wanted, work.compiled, [work.jobs[place] for place in secret])
        made = _Made(compiled, [], problems)
    return _checked(session, wanted, made, fine=False, sealed=sealed)


def jobs_of(session: Session, compiled: Compiled) -> Iterator[Job]:
    """Every output of the components to render, and those of the environment unless the request is narrowed."""
    for component in compiled.rendered:
        for output in outputs_for(session.project, component, compiled.components):
            yield Job(component, output)
    if compiled.narrowed is None:
        for output in outputs_for_environment(session.project):
            yield Job(ROOT, output)


def context_of(session: Session, compiled: Compiled, *, sealed: bool) -> Context:
    """What all renderings of one environment share."""
    access = access_of(session, compiled)

    def shared(secret: KeyPath, component: KeyPath) -> bool:
        return access.denied(component, compiled.resolved.follow(secret)[0]) is None

    return Context(
        environment=compiled.environment.name,
        labels=compiled.environment.labels,
        tree=compiled.tree,
        annotations=session.schemas.annotations,
        source=session.source,
        component_of=compiled.owner,
        shared=shared,
        sealed=sealed,
        dist_names=session.project.dist_names,
        stopped=session.stopped_templates,
    )


def _secret_jobs(jobs: list[Job], artifacts: list[Artifact]) -> list[Job]:
    return [job for job, artifact in zip(jobs, artifacts, strict=True) if artifact.secret]


def _replaced(artifacts: list[Artifact], fresh: list[Artifact]) -> list[Artifact]:
    """Every secret artifact is replaced: ciphertext must not be deployed (THREATS L15)."""
    by_path = {artifact.path: artifact for artifact in fresh}
    return [by_path[artifact.path] if artifact.secret else artifact for artifact in artifacts]


def _any_error(found: Iterable[Diagnostic]) -> bool:
    return any(each.is_error for each in found)


def manifest_of(session: Session, wanted: Wanted, compiled: Compiled, *, sealed: bool) -> Manifest:
    """The facts of a set, its artifacts not yet among them."""
    with span("manifest", wanted.environment):
        inputs = inputs_of(session, compiled)
        revision = session.revision(inputs)
    overrides = [
        *compiled.overridden,
        *(f"${{{name}}}" for name in sorted(wanted.variables or {}) if name in compiled.used),
    ]
    return Manifest(
        environment=compiled.environment.name,
        cfgc=__version__,
        semantics=session.project.semantics,
        source=revision,
        sealed=sealed,
        overrides=tuple(overrides),
        components={show(component): revision for component in compiled.rendered},
        inputs=inputs,
    )


def inputs_of(session: Session, compiled: Compiled) -> dict[str, str]:
    """Project path -> content id of everything that was read."""
    documents = {each.file.path: each.content_id for layer in compiled.layers for each in layer.documents}
    return {**documents, **session.other_content_ids(compiled.texts)}
