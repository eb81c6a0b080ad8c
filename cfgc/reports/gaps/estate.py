"""What the finders look at: the compiled environments side by side, key by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.model.provenance import Contribution
from cfgc.model.values import MASK, Secret, Unknown, Value, masked
from cfgc.pipeline.compile import Compiled
from cfgc.pipeline.session import Session
from cfgc.reports.gaps.bare import Bare
from cfgc.reports.gaps.reads import CodeReads

KEYWORD = "x-cfgc-secret"


class Asked(NamedTuple):
    """What is asked: the environments (none: all), the day, and what only some want to know.

    `rotate_after`: so many days may a secret stay; none: nobody asks how old they are. `notice`: so many days before
    its end a waiver is named. `reads`: the variables that the code reads.
    """

    environments: tuple[str, ...]
    today: date
    rotate_after: int | None = None
    notice: int = 30
    reads: CodeReads | None = None


class Node(NamedTuple):
    """A key path with what each environment has there. `around` are the environments that have the map it stands in."""

    path: KeyPath
    values: Mapping[str, Value]
    around: Sequence[str]

    @property
    def name(self) -> str:
        return show(self.path)

    @property
    def leaf(self) -> bool:
        """Whether no environment has a map with keys there."""
        return not any(isinstance(value, dict) and value for value in self.values.values())


@dataclass(frozen=True, eq=False)
class Estate:
    """The environments that are compared, compiled sealed, in the order of the project."""

    session: Session
    compiled: Mapping[str, Compiled]
    asked: Asked

    @cached_property
    def shared(self) -> frozenset[str]:
        """The layers under every environment of the project: `base`, and what else all have in common."""
        chains = [set(each.layers) - {each.name} for each in self.session.project.environments.values()]
        return frozenset(set.intersection(*chains)) if chains else frozenset()

    @cached_property
    def nodes(self) -> list[Node]:
        """Every key path of any environment, maps before what is in them; a list is one value."""
        trees = {name: one.tree for name, one in self.compiled.items()}
        return list(_below(Node((), trees, tuple(trees))))

    @cached_property
    def leaves(self) -> list[Node]:
        """The nodes that are values."""
        return [node for node in self.nodes if node.leaf]

    @cached_property
    def components(self) -> dict[str, None]:
        """The components of all environments, in tree order."""
        return {show(path): None for one in self.compiled.values() for path in one.components}

    def component(self, path: KeyPath) -> str:
        """The component that a key path stands in; empty for none."""
        owners = (one.owner(path) for one in self.compiled.values())
        return next((show(owner) for owner in owners if owner is not None), "")

    def place(self, environment: str, path: KeyPath) -> Location | None:
        """The line of the key, where its value is really written."""
        return self.compiled[environment].placing.place_key(path)

    def origin(self, environment: str, path: KeyPath) -> Contribution | None:
        """Who wrote the value that an environment has at a key path, through references."""
        one = self.compiled[environment]
        trace = one.merged.trace(one.resolved.follow(path)[0])
        return None if trace is None else trace.origin

    def from_base(self, environment: str, path: KeyPath) -> bool:
        """Whether the value comes from a shared layer."""
        known = self._from_base.get((environment, path))
        if known is None:
            origin = self.origin(environment, path)
            known = self._from_base[environment, path] = origin is not None and origin.layer in self.shared
        return known

    @cached_property
    def _from_base(self) -> dict[tuple[str, KeyPath], bool]:
        """What was asked before: finders and the matrix ask alike."""
        return {}

    @cached_property
    def bare(self) -> Bare:
        """Secrets in plain text; the checks, which come first, fill it."""
        return Bare()

    @cached_property
    def sealed(self) -> frozenset[KeyPath]:
        """Where an environment has a secret: what others have there in plain text is shown no more than that."""
        return frozenset(
            node.path for node in self.leaves if any(isinstance(value, Secret) for value in node.values.values())
        )

    def hidden(self, path: KeyPath) -> bool:
        """Whether the nearest schema that says so calls a value secret, which stands in plain text then."""
        annotations = self.session.schemas.annotations
        stated = (annotations.get(KEYWORD, path[:depth]) for depth in range(len(path), -1, -1))
        return bool(next((each for each in stated if each is not None), False))

    def shown(self, path: KeyPath, value: Value) -> Value:
        """A value that is safe to show."""
        if isinstance(value, dict):
            return {key: self.shown((*path, key), item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.shown((*path, index), item) for index, item in enumerate(value)]
        text = masked(value)
        empty = text is None or text == ""
        runtime = isinstance(value, Unknown)  # made of references only, where a secret may stand
        secret = path in self.sealed or self.hidden(path)
        return MASK if not empty and (self.bare.holds(text) or (secret and not runtime)) else text

    def state(self, environment: str, node: Node) -> str:
        """`missing`, `secret`, `runtime`, `base` for what a shared layer says, else `own`."""
        if environment not in node.values:
            return "missing"
        value = node.values[environment]
        if isinstance(value, Secret) or (isinstance(value, Unknown) and value.secret):
            return "secret"
        if isinstance(value, Unknown):
            return "runtime"
        return "base" if self.from_base(environment, node.path) else "own"


def _below(node: Node) -> Iterator[Node]:
    maps = {name: value for name, value in node.values.items() if isinstance(value, dict)}
    for key in dict.fromkeys(key for value in maps.values() for key in value):
        values = {name: value[key] for name, value in maps.items() if key in value}
        inner = Node((*node.path, key), values, tuple(maps))
        yield inner
        yield from _below(inner)


def names(environments: Iterable[str]) -> str:
    """Environments inside a message: `test`, `staging` and `prod`."""
    quoted = [f"`{name}`" for name in environments]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}" if quoted else ""
