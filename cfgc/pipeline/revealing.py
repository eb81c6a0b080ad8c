"""A compiled environment, some of its secrets decrypted: only the files that hold these are opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cfgc.diagnostics import Diagnostic
from cfgc.external.timing import span
from cfgc.model.keypath import ROOT, KeyPath, starts_with
from cfgc.model.layers import Layer
from cfgc.model.values import Secret, Unknown, Value
from cfgc.pipeline.compile import Compiled, fold
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.render import Job


def reveal_for(
    session: Session, wanted: Wanted, compiled: Compiled, jobs: Iterable[Job]
) -> tuple[Compiled, list[Diagnostic]]:
    """The same environment with the secrets in plain text that these jobs can see, and what went wrong with that.

    A job sees those of its component; all of them with a template that looks at `tree`.
    """
    from cfgc.stages.render.template.usage import reading_tree

    jobs = list(jobs)
    wide = reading_tree((job.output for job in jobs), session.source)
    starts = {ROOT if job.output.template in wide else job.component for job in jobs}
    leaves = [path for path, _ in secrets_below(compiled.tree, ()) if any(starts_with(path, at) for at in starts)]
    return revealed(session, wanted, compiled, leaves)


def revealed(
    session: Session, wanted: Wanted, compiled: Compiled, leaves: Iterable[KeyPath]
) -> tuple[Compiled, list[Diagnostic]]:
    """The same environment, the secrets at `leaves` decrypted: only the files that hold them are opened."""
    files = {file for path in leaves for file in _files_behind(compiled, path)}
    documents = [each for layer in compiled.layers for each in layer.documents if each.file.path in files]
    with span("decrypt", wanted.environment, len(documents)):
        opened, problems = session.revealer.reveal(documents, compiled.environment.name)
    if any(each.is_error for each in problems):
        return compiled, problems
    by_path = {document.file.path: document for document in opened}
    layers = [
        Layer(layer.name, [by_path.get(each.file.path, each) for each in layer.documents]) for layer in compiled.layers
    ]
    again = fold(session, wanted, compiled.environment, layers, compiled.scope)
    again.narrowed = compiled.narrowed
    again.diagnostics = compiled.diagnostics
    return again, problems


def secrets_below(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Secret]]:
    """Every secret leaf of a tree with its key path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from secrets_below(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from secrets_below(item, (*path, index))
    elif isinstance(value, Secret):
        yield path, value
    elif isinstance(value, Unknown):
        yield from ((path, part) for part in value.parts if isinstance(part, Secret))


def _files_behind(compiled: Compiled, path: KeyPath) -> Iterator[str]:
    """The SOPS files whose leaves went into the secret at a key path."""
    for leaf, secret in secrets_below(_at(compiled.tree, path), path):
        for origin in secret.origins or (leaf,):
            trace = compiled.merged.trace(compiled.resolved.follow(origin)[0])
            if trace is not None:
                yield trace.origin.file


def _at(tree: Value, path: KeyPath) -> Value:
    for step in path:
        tree = tree[step]
    return tree
