"""The public Python API: open a project, compile and check its environments, ask where values come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.diagnostics.hush import hushed
from cfgc.model.artifact import Artifact
from cfgc.model.keypath import parse
from cfgc.model.location import Location
from cfgc.model.values import masked
from cfgc.pipeline.check import check_environment
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.compile import compile_environment as _compile
from cfgc.pipeline.opening import open_source
from cfgc.pipeline.render import render_environments
from cfgc.pipeline.session import Session
from cfgc.pipeline.validate import validate_environments
from cfgc.pipeline.wanted import Wanted


class Project:
    """A project over one content of its repository: the working tree, the index, or a revision.

    Raises `Failed` (with `.diagnostics`) when there is no usable project. Files are read once, when first needed.
    """

    def __init__(self, folder: str | Path = ".", *, rev: str | None = None, staged: bool = False) -> None:
        root = Path(folder).resolve()
        self._session = Session(open_source(root, rev=rev, staged=staged), root)
        self._environments = tuple(self._session.project.environments)

    @property
    def environments(self) -> tuple[str, ...]:
        """The names of the environments, in the order of `cfgc.yaml`."""
        return self._environments

    def validate(self, *environments: str, today: date | None = None) -> list[Diagnostic]:
        """All findings about some environments (default: all); needs no key."""
        names = list(environments) or list(self.environments)
        return hushed(validate_environments(self._session, names, Wanted("", today=today)))

    def render(self, environment: str, *, sealed: bool = True) -> list[Artifact]:
        """The artifacts of an environment, in memory. Raises `Failed` when anything is wrong.

        Not `sealed`, sops decrypts with the keys that it finds, and artifacts hold secrets in plain text.
        """
        (rendering,) = render_environments(self._session, [Wanted(environment)], sealed=sealed)
        if rendering.failed:
            raise Failed(*hushed(rendering.diagnostics))
        return rendering.artifacts


@dataclass(frozen=True, slots=True)
class Compilation:
    """One environment, compiled and checked, sealed: no value of it is a secret in plain text."""

    environment: str
    components: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    _compiled: Compiled

    @property
    def ok(self) -> bool:
        """Whether there is no error among the findings."""
        return not any(found.is_error for found in self.diagnostics)

    @property
    def tree(self) -> dict[str, Any]:
        """The merged, resolved tree: secrets are masked, runtime variables are their text."""
        return dict(masked(self._compiled.tree))

    def get(self, path: str) -> Any:
        """The value at a key path such as `managers.web.hosts[0]`, masked; raises `LookupError`."""
        value: Any = self._compiled.tree
        for step in parse(path):
            if not isinstance(value, (dict, list)):
                raise LookupError(path)
            value = value[step]  # type: ignore[index]
        return masked(value)

    def origin(self, path: str) -> Location | None:
        """The place in a layer file of the value at a key path."""
        return self._compiled.placing.place(parse(path))


def compile_environment(project: Project, environment: str, *, today: date | None = None) -> Compilation:
    """Compile and check one environment; raises `Failed` for an unknown one and for files that can't be read."""
    session = project._session  # noqa: SLF001 - one module, one API
    compiled = _compile(session, Wanted(environment))
    checks = check_environment(session, compiled, today or date.today())
    found = tuple(hushed((*session.findings, *compiled.diagnostics, *checks)))
    names = tuple("/".join(map(str, path)) for path in compiled.components)
    return Compilation(environment, tuple(name.replace("/", ".") for name in names), found, compiled)
