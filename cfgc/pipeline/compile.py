"""THE order of the stages: layers of one environment -> a merged, resolved, checked tree (ARCHITECTURE.md).

The stop rule: reading, then merging with resolving, then checking. A phase reports all that it finds; the next one
starts only when there was no error, because its findings would be echoes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external.timing import span
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import Layer, LayerFile
from cfgc.model.project import Environment
from cfgc.model.provenance import Contribution
from cfgc.model.values import Tree
from cfgc.pipeline.place import Placing, belonging
from cfgc.pipeline.scope import Scope, files_of, inside_component, skeleton
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.discover import (
    check_components,
    check_outputs,
    components_of,
    outputs_for,
    select_components,
    select_environments,
)
from cfgc.stages.merge import Merged, merge
from cfgc.stages.resolve import Context, Resolved, resolve

if TYPE_CHECKING:
    from cfgc.stages.check.policy import Verdict

Owner: TypeAlias = "Callable[[KeyPath], KeyPath | None]"
"""The component that a key path stands in."""


@dataclass(slots=True, eq=False, repr=False)
class Compiled:
    """One environment after its stages; `tree` has `Secret` and `Unknown` leaves. Findings have their places."""

    environment: Environment
    tree: Tree
    merged: Merged
    resolved: Resolved
    layers: list[Layer]
    components: list[KeyPath]
    scope: Scope
    owner: Owner
    placing: Placing
    diagnostics: list[Diagnostic]
    overridden: list[str]
    """key paths that `--set` or a variable decided"""
    texts: Collection[str]
    """the files behind `${file:...}`"""
    narrowed: list[KeyPath] | None = None
    """the components that are asked for; none for all"""
    verdict: Verdict | None = None
    """what the policies said, once they were asked"""

    @property
    def used(self) -> frozenset[str]:
        """The runtime variables that values hold."""
        return frozenset(use.variable for use in self.resolved.variables)

    @property
    def failed(self) -> bool:
        return any(found.is_error for found in self.diagnostics)

    @property
    def rendered(self) -> list[KeyPath]:
        """The components that a render writes."""
        return self.components if self.narrowed is None else self.narrowed


def compile_environment(session: Session, wanted: Wanted) -> Compiled:
    """One environment, sealed: no key is needed and none is used.

    Raises `Failed` for an unknown environment or component, and when a file can't be read.
    """
    environment = find_environment(session, wanted.environment)
    narrowed = narrow(session, environment, wanted.components)
    scope = Scope(None if narrowed is None or needs_all(session, environment, narrowed) else narrowed)
    compiled = _grown(session, wanted, environment, scope)
    _still_there(compiled, narrowed or ())
    compiled.narrowed = narrowed
    return compiled


def compile_paths(session: Session, name: str, paths: Sequence[KeyPath] | None) -> Compiled:
    """What an environment has at some key paths (of keys alone; none for all), sealed, to be looked at.

    Only files that may say something of these paths, or of what is referred to there, are read. Raises `Failed` as
    `compile_environment` does.
    """
    return _grown(session, Wanted(name), find_environment(session, name), Scope(paths))


def _grown(session: Session, wanted: Wanted, environment: Environment, scope: Scope) -> Compiled:
    """The compilation of a scope, which takes in what is referred to."""
    while True:
        layers, found = read_layers(session, environment, scope)
        compiled = fold(session, wanted, environment, layers, scope)
        missing = [path for path in compiled.resolved.missing if not scope.loaded(path)]
        if not missing:
            compiled.diagnostics[:0] = found
            return compiled
        scope.grow(missing)


def _still_there(compiled: Compiled, narrowed: Sequence[KeyPath]) -> None:
    """Components were named by where files stand; raises `Failed` for one that a layer or `--set` takes away."""
    gone = [show(path) for path in narrowed if path not in compiled.components]
    if gone and not compiled.failed:
        raise Failed(*select_components(gone, compiled.components)[1])


def fold(session: Session, wanted: Wanted, environment: Environment, layers: list[Layer], scope: Scope) -> Compiled:
    """Merging and resolving: the documents are there."""
    annotations = session.schemas.annotations
    rules = session.project.merge
    with span("merge", environment.name, len(layers)):
        merged = merge(layers, rules, annotations, session.locator)
    overrides, found = _overrides(wanted, merged.tree)
    if overrides:
        merged = merge(layers, rules, annotations, session.locator, overrides)
    components = components_of(session.project, merged.tree)
    owner = owner_among(components)
    texts = _Texts(session)
    context = Context(
        environment=environment.name,
        labels=environment.labels,
        component_of=owner,
        variables=wanted.variables,
        read_file=texts.read,
        annotations=annotations,
        is_raw=merged.is_raw,
        loaded=scope.loaded,
        place=merged.place,
    )
    inert = not overrides and all(document.inert for layer in layers for document in layer.documents)
    with span("resolve", environment.name):
        resolved = resolve(merged.tree, context, inert=inert)
    decided = [f"{show(each.path)} {each.layer}" for each in overrides]
    placing = Placing(merged, resolved, session.locator)
    about_names = [*check_components(components), *check_outputs(session.project, components)]
    everything = [*found, *merged.diagnostics, *resolved.diagnostics, *about_names]
    placed = [placing.diagnostic(belonging(each, environment.name, owner)) for each in everything]
    facts = (scope, owner, placing, placed, decided, texts.paths)
    return Compiled(environment, resolved.tree, merged, resolved, layers, components, *facts)


class _Texts:
    """The files behind `${file:...}`, each noted when it is read."""

    def __init__(self, session: Session) -> None:
        self.paths: list[str] = []
        self._session = session

    def read(self, path: str) -> bytes:
        self.paths.append(path)
        return self._session.text_file(path)


def _overrides(wanted: Wanted, tree: Tree) -> tuple[list[Contribution], list[Diagnostic]]:
    if not wanted.overrides and not wanted.override_variables:
        return [], []
    from cfgc.pipeline.overrides import read_overrides

    return read_overrides(wanted, tree)


def needs_all(session: Session, environment: Environment, narrowed: Sequence[KeyPath]) -> bool:
    """Whether something about these components looks at the whole tree: a template, or a policy."""
    policies = session.policies
    if policies is not None and policies.reads_tree(environment.name, environment.labels):
        return True
    known = list(narrowed)
    outputs = [output for path in narrowed for output in outputs_for(session.project, path, known)]
    from cfgc.stages.render.template.usage import reading_tree

    return bool(reading_tree(outputs, session.source))


def find_environment(session: Session, name: str) -> Environment:
    """The environment of a name; raises `Failed` with "did you mean"."""
    chosen, found = select_environments([name], session.project)
    if found:
        raise Failed(*found)
    return chosen[0]


def narrow(session: Session, environment: Environment, names: Sequence[str]) -> list[KeyPath] | None:
    """The components that are named, none for all; raises `Failed` for an unknown or ambiguous name."""
    if not names:
        return None
    inside: list[LayerFile] = []
    outside: list[LayerFile] = []
    for file in files_of(session.project, environment):
        (inside if inside_component(session.project, file) else outside).append(file)
    outside = [file for file in outside if not file.each]
    layers, _ = read_files(session, environment, outside)
    tree = merge(layers, session.project.merge, None, session.locator).tree
    known = components_of(session.project, united(tree, skeleton(file.at for file in inside)))
    chosen, found = select_components(list(names), known)
    if any(each.is_error for each in found):
        raise Failed(*found)
    return chosen


def united(tree: Tree, bones: Tree) -> Tree:
    """A tree with the keys of another one added."""
    result = dict(tree)
    for key, below in bones.items():
        standing = result.get(key)
        result[key] = united(standing, below) if isinstance(standing, dict) else result.get(key, below)
    return result


def read_layers(session: Session, environment: Environment, scope: Scope) -> tuple[list[Layer], list[Diagnostic]]:
    """The documents of a scope; raises `Failed` with everything that is wrong when one can't be read."""
    files = [file for file in files_of(session.project, environment) if scope.covers(file)]
    layers, found = read_files(session, environment, files)
    if any(each.is_error for each in found):
        raise Failed(*found)
    return layers, found


def read_files(
    session: Session, environment: Environment, files: Iterable[LayerFile]
) -> tuple[list[Layer], list[Diagnostic]]:
    """The documents of some files, by layer from the lowest, and the findings of reading and sealing them."""
    layers = {name: Layer(name) for name in environment.layers}
    findings: list[Diagnostic] = []
    files = list(files)
    unread = session.unread(files)
    with span("read", environment.name, len(unread)) if unread else nullcontext():
        for file in files:
            document, found = session.document(file)
            findings += found
            if document is not None:
                layers[file.layer].documents.append(document)
    return list(layers.values()), findings


def owner_among(components: Iterable[KeyPath]) -> Owner:
    """The function that tells the component a key path stands in: the deepest one."""
    known = frozenset(components)
    depths = sorted({len(path) for path in known}, reverse=True)

    def owner(path: KeyPath) -> KeyPath | None:
        return next((path[:depth] for depth in depths if path[:depth] in known), None)

    return owner
