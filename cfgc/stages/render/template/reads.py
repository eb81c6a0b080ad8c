"""What one rendering of one template reads: secrets, runtime variables, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cfgc.model.keypath import KeyPath, show
from cfgc.model.reveal import plain_value
from cfgc.model.values import Secret, Unknown, Value
from cfgc.stages.render.job import Context, Job
from cfgc.stages.render.plain import plain
from cfgc.stages.render.template.fault import Fault
from cfgc.stages.render.template.runtime import Runtime
from cfgc.stages.render.template.token import Token


@dataclass(slots=True)
class Reads:
    """The `Reader` of a rendering's views. `sealed` gives tokens for secrets, else templates get the plain value.

    `secret` says that one was read, `printed` that a token was printed.
    """

    job: Job
    context: Context
    sealed: bool
    secret: bool = False
    printed: bool = False
    needs: dict[tuple[str, KeyPath], None] = field(default_factory=dict)
    last: Any = None
    texts: dict[int, KeyPath] = field(default_factory=dict)
    last_path: KeyPath | None = None
    trail: list[KeyPath] = field(default_factory=list)

    def leaf(self, value: Value, path: KeyPath) -> Any:
        """What the template gets for a leaf of the tree."""
        self.trail.append(path)
        kind = type(value)
        if kind is Secret:
            self._secret(path, value.origins)
            if self.sealed:
                return Token(value.token, path)
            shown = plain_value(value)
            self._remember(shown if value.revealed else None, path)
            return shown
        if kind is Unknown:
            return self._unknown(value, path)
        self._remember(value, path)
        return value

    def path_of(self, value: Any) -> KeyPath | None:
        """Where something that was read stands in the tree, if that can be told."""
        if type(value) is str:
            return self.texts.get(id(value))
        return self.last_path if value is self.last else getattr(value, "path", None)

    def _remember(self, value: Any, path: KeyPath) -> None:
        self.last, self.last_path = value, path
        if type(value) is str:  # it lives as long as the tree, so no other text has its id
            self.texts[id(value)] = path

    def print_secret(self, path: KeyPath) -> None:
        """A token is printed; an output that says `only: plain` must not have it."""
        if self.job.output.only == "plain":
            raise Fault("template-secret-refused", path, where=show(path))
        self.printed = True

    def missing(self, path: KeyPath) -> bool:
        """Whether what is not there at `path` would have to be a secret."""
        return bool(self.context.annotations.get("x-cfgc-secret", path))

    def _unknown(self, value: Unknown, path: KeyPath) -> Any:
        if self.job.output.runtime == "refuse":
            raise Fault("runtime-refused", path, where=show(path), variable=value.variables[0].name)
        for variable in value.variables:
            self.needs[variable.name, path] = None
        if value.secret:
            origins = tuple(origin for part in value.parts if isinstance(part, Secret) for origin in part.origins)
            self._secret(path, origins)
            if self.sealed:
                return Token(plain(value, sealed=True, expands=False), path)
        return Runtime.of(plain(value, sealed=False, expands=True).parts, path)

    def _secret(self, path: KeyPath, origins: tuple[KeyPath, ...]) -> None:
        own = self.job.component
        owner = self.context.component_of(path) if own else None
        if owner is not None and owner != own:
            for place in (path, *origins):
                self._allowed(place, own)
        self.secret = True

    def _allowed(self, path: KeyPath, own: KeyPath) -> None:
        owner = self.context.component_of(path)
        if owner is not None and owner != own and not self.context.shared(path, own):
            raise Fault("template-foreign-secret", path, where=show(path), owner=show(owner), reader=show(own))
