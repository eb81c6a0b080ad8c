"""Which component may read which secret (SPEC section 6).

A secret of a component is its own: another component's reference to it is an error, unless the schema of that key
shares it with `x-cfgc-shared-with`. It does not matter how many references lie between. Secrets outside of all
components are open to all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.annotations import Annotations
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.model.provenance import Hop
from cfgc.model.values import INCLUDE, Secret, Tree, Unknown, Value

KEYWORD = "x-cfgc-shared-with"


class Components(NamedTuple):
    """What is known of components: the one a path stands in, and whether a pattern of `cfgc.yaml` means one."""

    of: Callable[[KeyPath], KeyPath | None]
    matches: Callable[[str, KeyPath], bool]


class Access:
    """Answers for one resolved tree, whose secrets know their origins, and for the references in it.

    `place` tells where a value of the merged tree is written, a reference by itself and not by what it leads to.
    """

    def __init__(
        self,
        tree: Tree,
        references: Iterable[Hop],
        components: Components,
        annotations: Annotations | None,
        place: Callable[[KeyPath], Location | None],
    ) -> None:
        self._tree = tree
        self._components = components
        self._place = place
        self._annotations = annotations if annotations is not None and annotations.uses(KEYWORD) else None
        self._targets: dict[KeyPath, list[Hop]] = {}
        for hop in references:
            self._targets.setdefault(_without_include(hop.path), []).append(hop)

    def check(self) -> list[Diagnostic]:
        """A finding for every reference that takes a secret out of the component that owns it."""
        found: dict[Diagnostic, None] = {}
        for path, hops in self._targets.items():
            component = self._components.of(path)
            if component is None:
                continue
            for leaf, secret in _secrets(_at(self._tree, path), path):
                named = [hop.target + leaf[len(path) :] for hop in hops]
                for origin in self._foreign(component, secret, named):
                    found[self._finding(component, hops[0].path, origin)] = None
        return list(found)

    def denied(self, component: KeyPath, path: KeyPath) -> KeyPath | None:
        """The encrypted value that a template of a component must not read through `tree` at `path`, or none.

        Every secret at or below the path counts.
        """
        for leaf, secret in _secrets(_at(self._tree, path), path):
            if self._components.of(leaf) != component:
                origin = next(self._foreign(component, secret, [leaf]), None)
                if origin is not None:
                    return origin
        return None

    def _foreign(self, component: KeyPath, secret: Secret, named: Sequence[KeyPath]) -> Iterator[KeyPath]:
        """The encrypted leaves in a secret that another component owns and shares neither there nor where named."""
        for origin in secret.origins:
            owner = self._components.of(origin)
            if owner is None or owner == component:
                continue
            shared = [path for path in named if self._components.of(path) == owner]
            if not any(self._shared(path, component) for path in (origin, *shared)):
                yield origin

    def _shared(self, path: KeyPath, component: KeyPath) -> bool:
        """Whether the nearest `x-cfgc-shared-with` at a path or above it names the component."""
        cursor = self._annotations.root() if self._annotations else None
        patterns: Sequence[str] = ()
        for step in (*path, None):
            if cursor is None:
                break
            patterns = cursor.get(KEYWORD) or patterns
            cursor = cursor.step(step) if isinstance(step, (str, int)) else None
        return any(self._components.matches(pattern, component) for pattern in patterns)

    def _finding(self, component: KeyPath, path: KeyPath, origin: KeyPath) -> Diagnostic:
        owner = self._components.of(origin) or ()
        secret = self._place(origin)
        return report(
            "secret-access",
            at=self._place(path),
            path=path,
            component=show(component),
            related=[] if secret is None else [Label(secret, f"the secret of `{show(owner)}`")],
            secret=show(origin),
            owner=show(owner),
            reader=show(component),
        )


def _without_include(path: KeyPath) -> KeyPath:
    """The map that an include fills, for the path of the include; any other path as it is."""
    return path[: path.index(INCLUDE)] if INCLUDE in path else path


def _at(tree: Value, path: KeyPath) -> Value:
    """The value at a path of plain steps; none where there is nothing."""
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def _secrets(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Secret]]:
    """The secrets at and below a path, those inside of texts with runtime variables too."""
    if isinstance(value, Secret):
        yield path, value
    elif isinstance(value, Unknown):
        yield from ((path, part) for part in value.parts if isinstance(part, Secret))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _secrets(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(item, (*path, index))
