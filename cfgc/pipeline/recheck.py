"""Whether a second check of a project finds nothing either, by a look at what a few changed files can have touched.

What it leaves out is what cannot have changed (docs/decisions/0020). In doubt it answers no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.layers import LayerFile
from cfgc.model.project import Environment
from cfgc.pipeline.check import check_environment
from cfgc.pipeline.checked import needs_of
from cfgc.pipeline.compile import Compiled, compile_environment, needs_all, read_layers
from cfgc.pipeline.lint import estate_of, view_of, with_settings
from cfgc.pipeline.partial import reaches_out
from cfgc.pipeline.scope import Scope, files_of
from cfgc.pipeline.session import Session
from cfgc.pipeline.untouched import Component, Known, Touched
from cfgc.pipeline.validate import rendered_sealed
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.check.rules import RULES, Estate, View
from cfgc.stages.discover import component_holding, components_of, outputs_for_environment
from cfgc.stages.merge import merge

_ABOUT_TEMPLATES = "unused_template"
_ABOUT_FOLDERS = "unused-each"


def nothing_found(session: Session, known: Known, changed: Touched) -> bool:
    """Whether there is nothing to say about the environments, as there was not before these files changed."""
    try:
        return _Recheck(session, known, changed).passes()
    except Failed:
        return False


class _Recheck:
    """One look at the environments of an excerpt: those that read a changed file are checked, all are compared."""

    def __init__(self, session: Session, known: Known, changed: Touched) -> None:
        self._session = session
        self._known = known
        self._changed = changed
        self._components = _paths(session, changed.components)

    def passes(self) -> bool:
        session, project = self._session, self._session.project
        waived = session.policies is not None and session.policies.waivers
        if waived or outputs_for_environment(project) or any(map(session.schemas.look_beyond, self._components)):
            return False
        compiled, views = [], []
        for number, name in enumerate(self._known.names):
            environment = project.environments[name]
            concerned = any(file.path in self._changed.files for file in files_of(project, environment))
            one = compile_environment(session, Wanted(name)) if concerned else None
            view = _merged(session, environment) if one is None else view_of(one)
            if not self._same_components(number, view) or (one is not None and not self._is_fine(one)):
                return False
            compiled += [] if one is None else [one]
            views.append(view)
        whole = len(views) == len(project.environments)
        return not session.findings and (not whole or self._fine_together(views, compiled))

    def _same_components(self, number: int, view: View) -> bool:
        known = frozenset(view.components)
        return all((path in known) == (number in each.environments) for path, each in self._components.items())

    def _is_fine(self, one: Compiled) -> bool:
        session = self._session
        return not (
            one.diagnostics
            or needs_all(session, one.environment, list(self._components))
            or reaches_out(session, one, self._components)
            or any(other not in self._known.needs.get(name, ()) for name, other in needs_of(one))
            or check_environment(session, one, date.today())
            or rendered_sealed(session, one)[1]
        )

    def _fine_together(self, views: Sequence[View], compiled: Sequence[Compiled]) -> bool:
        """Whether the lints and the schemas that ask for all environments have nothing to say."""
        trees = [one.tree for one in compiled]
        applied = all(self._session.schemas.applied_within(path, trees) for path in self._components)
        return applied and not with_settings(self._session, self._lints(self._estate(views)))

    def _lints(self, estate: Estate) -> Iterator[Diagnostic]:
        """What the lints find. Which templates are used has not changed, nor which folders elsewhere have children."""
        inside = {
            file.path for files in self._session.project.files.values() for file in files if self._is_inside(file)
        }
        for name in RULES:
            if name != _ABOUT_TEMPLATES:
                for found in import_module(f"cfgc.stages.check.rules.{name}").check(estate):
                    if found.name != _ABOUT_FOLDERS or found.location is None or found.location.file in inside:
                        yield found

    def _is_inside(self, file: LayerFile) -> bool:
        return any(starts_with(file.at, path) for path in self._components)

    def _estate(self, views: Sequence[View]) -> Estate:
        traps, changed = self._session.reader.traps, self._changed.files
        known = estate_of(self._session, views, frozenset())
        return replace(known, traps=lambda path: traps(path) if path in changed else ())


def _paths(session: Session, components: Iterable[Component]) -> dict[KeyPath, Component]:
    by_name = {each.name: each for each in components}
    files = (file for files in session.project.files.values() for file in files)
    paths = {component_holding(session.project, file.at) for file in files}
    return {path: by_name[show(path)] for path in paths if path is not None and show(path) in by_name}


def _merged(session: Session, environment: Environment) -> View:
    """An environment of which no file has changed, as far as others are compared with it."""
    layers, _ = read_layers(session, environment, Scope())
    merged = merge(layers, session.project.merge, session.schemas.annotations, session.locator)
    return View(environment, layers, merged.tree, components_of(session.project, merged.tree), merged.overridden())
