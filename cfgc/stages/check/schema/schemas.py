"""All schemas of a project, ready to check trees (SPEC section 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.external import regex
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.layers import Locator, Source
from cfgc.model.text import closest
from cfgc.model.values import Tree, Value
from cfgc.stages.check.schema.annotations import Mounts, SchemaAnnotations
from cfgc.stages.check.schema.check import Checker
from cfgc.stages.check.schema.engines.fast import FastEngine, Refused
from cfgc.stages.check.schema.engines.leaves import DEEPEST, Found, survey
from cfgc.stages.check.schema.linking.budget import Budget, Cost
from cfgc.stages.check.schema.linking.files import Mount, SchemaFiles, find
from cfgc.stages.check.schema.linking.link import ReadData, link
from cfgc.stages.check.schema.linking.linked import Linked, Origin, place_of
from cfgc.stages.check.schema.places import Places
from cfgc.stages.check.schema.target import Target

if TYPE_CHECKING:
    from cfgc.stages.check.schema.outline import Outline


def load(source: Source, read_data: ReadData, locator: Locator) -> tuple[Schemas, list[Diagnostic]]:
    """The schemas below `schemas/`, linked, and everything that is wrong with them.

    `read_data` turns a path into plain data and findings. A project without the folder has no schemas and no finding.
    A schema with an error is not used: its error alone stops the pipeline, so that nothing passes by it. No engine
    is imported here; patterns are compiled when the first tree is checked.
    """
    files, found = find(source)
    linked, wrong = link(files, read_data, locator)
    budget = Budget(linked, locator)
    costs = {m.file: budget.admit(m.file) for m in files.mounts if not linked.is_broken(m.file)}
    schemas = Schemas(files, linked, {file: cost for file, cost in costs.items() if cost}, locator)
    return schemas, found + wrong + budget.found + schemas.annotations.without_effect()


class Schemas:
    """The schemas of a project: they check trees, tell the `x-cfgc-*` keywords, and become schemas for editors."""

    def __init__(self, files: SchemaFiles, linked: Linked, costs: dict[str, Cost], locator: Locator) -> None:
        self._files = files
        self._linked = linked
        self._costs = costs
        self._locator = locator
        self._places = Places(linked)
        self._fast = FastEngine(linked)
        self._checker = Checker(linked, self._places, self._fast, locator)
        self._patterns = list(linked.patterns)

    @cached_property
    def annotations(self) -> SchemaAnnotations:
        """`x-cfgc-*` and `deprecated` by key path; ask its `diagnostics` after the last lookup."""
        return SchemaAnnotations(self._linked, self._files.mounts, self._places, self._locator)

    @cached_property
    def outline(self) -> Outline:
        """Which keys the schemas speak of, from the tree's root down."""
        from cfgc.stages.check.schema.outline import outline

        mounts = Mounts()
        for mount in self._files.mounts:
            if mount.file in self._linked.roots:
                mounts.add(mount, self._linked.roots[mount.file])
        return outline(self._linked, mounts, self._places, self._locator)

    def check(
        self,
        tree: Tree,
        components: Sequence[KeyPath],
        *,
        environment: str = "",
        only: Sequence[KeyPath] | None = None,
    ) -> list[Diagnostic]:
        """What the schemas say of a resolved tree, as findings with key paths, in the order of the schema files.

        Secrets that have a plain value are checked by it, others as sealed; unknowns as SPEC section 5 says. `only`
        keeps the findings about these components. What the engines do not take of the schemas is reported once.
        """
        found = self._unusable_patterns()
        if not self._costs:
            return found
        leaves, too_deep = survey(tree)
        if too_deep is not None:
            return [*found, report("schema-gave-up", path=too_deep, key=show(too_deep), why=_TOO_DEEP)]
        for target in self._targets(tree, leaves):
            if only is None or _related(target.path, only):
                found += self._checked(target)
        kept = [each for each in found if only is None or each.path is None or _within(each.path, only)]
        return _labelled(_merged(kept), frozenset(components), environment)

    def unapplied(self, trees: Iterable[Tree]) -> list[Diagnostic]:
        """A warning for each schema whose place none of the trees has (all environments): it checks nothing."""
        known = list(trees)
        shared = set().union(*self._linked.links.values())
        return [
            self._unapplied(mount, known)
            for mount in self._files.mounts
            if mount.file not in shared and not any(_applies(mount, tree) for tree in known)
        ]

    def look_beyond(self, path: KeyPath) -> bool:
        """Whether a schema is about a value that holds more than what stands at a key path."""
        return any(
            len(mount.at) + mount.each < len(path) and starts_with(path, mount.at) for mount in self._files.mounts
        )

    def applied_within(self, path: KeyPath, trees: Iterable[Tree]) -> bool:
        """Whether each schema for a place deeper than a key path speaks about something in one of the trees."""
        known = list(trees)
        inner = [mount for mount in self._files.mounts if len(mount.at) >= len(path) and starts_with(mount.at, path)]
        return all(any(_applies(mount, tree) for tree in known) for mount in inner)

    def bundle(self) -> dict[str, Any]:
        """One self-contained schema for the whole tree, that of each component at its place."""
        from cfgc.stages.check.schema import editor

        return editor.bundle(self._linked, self._files.mounts)

    def for_file(self, at: KeyPath, *, each: bool = False) -> dict[str, Any]:
        """A self-contained schema for a layer file whose root stands at a key path, or (`each`) at all its children.

        A layer file is a part of the whole and may hold references: nothing is required, and a text with `${` may
        stand for any value.
        """
        from cfgc.stages.check.schema import editor

        return editor.for_file(self._linked, self._files.mounts, at, each=each)

    def _targets(self, tree: Tree, leaves: list[Found]) -> Iterator[Target]:
        """Each value that a schema speaks about."""
        below: dict[KeyPath, list[Found]] = {}
        for depth in {len(mount.at) + mount.each for mount in self._files.mounts}:
            for found in leaves:
                if len(found.path) >= depth:
                    below.setdefault(found.path[:depth], []).append(Found(found.path[depth:], found.leaf))
        for mount in self._files.mounts:
            if mount.file in self._costs:
                for path, value in _values(tree, mount):
                    yield Target(path, value, mount.file, tuple(below.get(path, ())))

    def _checked(self, target: Target) -> list[Diagnostic]:
        cost = self._costs.get(target.file)
        if cost is None:  # refused just now
            return []
        try:
            self._fast.compile(self._linked.roots[target.file])
        except Refused as refused:
            del self._costs[target.file]
            at = place_of(self._locator, Origin(target.file, ()))
            return [report("schema-refused", at=at, file=target.file, reason=refused.reason)]
        return self._checker.check(target, cost)

    def _unusable_patterns(self) -> list[Diagnostic]:
        """Patterns that no linear-time engine can hold; their files are not used (THREATS S03)."""
        found = []
        patterns, self._patterns = self._patterns, []
        for pattern in patterns:
            try:
                regex.check(pattern.text)
            except regex.PatternError:
                self._linked.broken.add(pattern.origin.file)
                at = place_of(self._locator, pattern.origin)
                found.append(report("schema-pattern", at=at, pattern=pattern.text))
        if found:
            self._costs = {file: cost for file, cost in self._costs.items() if not self._linked.is_broken(file)}
        return found

    def _unapplied(self, mount: Mount, trees: list[Tree]) -> Diagnostic:
        parent = Mount(mount.at[:-1], each=False, file="")
        known = {
            key for tree in trees for _, value in _values(tree, parent) if isinstance(value, dict) for key in value
        }
        near = closest(str(mount.at[-1]), sorted(known)) if mount.at else None
        return report(
            "unapplied-schema",
            at=place_of(self._locator, Origin(mount.file, ())),
            file=mount.file,
            key=show(mount.at) + (".*" if mount.each else ""),
            help=f"did you mean `{show((*mount.at[:-1], near))}`?" if near else "",
        )


_TOO_DEEP = f"it is more than {DEEPEST} levels deep"


def _values(tree: Tree, mount: Mount) -> Iterator[tuple[KeyPath, Value]]:
    """The values that a mount speaks about: the one at its path, or each child of it."""
    value: Value = tree
    for step in mount.at:
        if not isinstance(value, dict) or step not in value:
            return
        value = value[step]
    if not mount.each:
        yield mount.at, value
    elif isinstance(value, dict):
        yield from (((*mount.at, key), child) for key, child in value.items())
    elif isinstance(value, list):
        yield from (((*mount.at, index), child) for index, child in enumerate(value))


def _applies(mount: Mount, tree: Tree) -> bool:
    return next(_values(tree, mount), None) is not None


def _within(path: KeyPath, components: Sequence[KeyPath]) -> bool:
    return any(starts_with(path, component) for component in components)


def _related(path: KeyPath, components: Sequence[KeyPath]) -> bool:
    """Whether a value holds a component or stands in one."""
    return any(starts_with(path, component) or starts_with(component, path) for component in components)


def _merged(found: list[Diagnostic]) -> list[Diagnostic]:
    """The same mistake seen by two schemas is one finding with both their lines."""
    unique: dict[tuple[object, ...], Diagnostic] = {}
    for each in found:
        key = each.code, each.path, each.location, each.message
        first = unique.setdefault(key, each)
        if first is not each:
            unique[key] = first.but(related=tuple(dict.fromkeys(first.related + each.related)))
    return list(unique.values())


def _labelled(found: list[Diagnostic], components: frozenset[KeyPath], environment: str) -> list[Diagnostic]:
    """The findings with their environment and the component that they are about."""
    return [each.but(environment=environment, component=_component(each.path, components)) for each in found]


def _component(path: KeyPath | None, components: frozenset[KeyPath]) -> str:
    ends = range(len(path), -1, -1) if path is not None else ()
    return next((show(path[:end]) for end in ends if path is not None and path[:end] in components), "")
