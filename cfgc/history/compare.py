"""Two sides -> their `Difference`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from cfgc.diagnostics import Diagnostic
from cfgc.diagnostics.hush import hushed
from cfgc.history.changes import Change, changes_between, with_moves
from cfgc.history.changes.change import holds_secret
from cfgc.history.difference import (
    ArtifactChange,
    Difference,
    EnvironmentDifference,
    Findings,
    SharedEdit,
    Status,
    ValueChange,
)
from cfgc.history.life.cause import cause
from cfgc.history.rules import rule_changes
from cfgc.history.shadowed import shadowed_edits
from cfgc.history.sides import Side
from cfgc.model.artifact import Artifact
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.model.project import Environment
from cfgc.model.values import Tree, Value
from cfgc.pipeline.compile import Compiled


def compare(before: Side, after: Side, environments: Sequence[str] = ()) -> Difference:
    """What differs between two sides that both compile, in some environments (default: those of either side)."""
    names = environments or tuple(dict.fromkeys((*after.environments, *before.environments)))
    found = {name: _environment(before, after, name) for name in names}
    return Difference(
        before.name,
        after.name,
        found,
        tuple(shadowed_edits(before, after, names)),
        tuple(rule_changes(before, after, names)),
        tuple(_shared(after, found.values())),
        _findings(hushed(before.examined.diagnostics), hushed(after.examined.diagnostics), names),
    )


def compare_environments(side: Side, one: str, other: str) -> Difference:
    """What differs between two environments of one side; it stands under the name of the second."""
    old, new = side.examined.compiled[one], side.examined.compiled[other]
    changes = tuple(_placed(each, old, new) for each in changes_of(old, new, after=side))
    artifacts = tuple(artifact_changes(side.artifacts(one), side.artifacts(other), _laid_bare(changes, old, new)))
    found = EnvironmentDifference(other, is_production(new.environment), changes, artifacts, _components(new))
    return Difference(one, other, {other: found}, (), (), (), Findings((), ()))


def is_production(environment: Environment) -> bool:
    """Whether an environment is production: its label `tier` says so, or its name begins with `prod`."""
    return environment.labels.get("tier") in ("prod", "production") or environment.name.startswith("prod")


def changes_of(old: Compiled | None, new: Compiled | None, *, after: Side) -> list[Change]:
    """The changes from one compiled environment to the other; an environment that is missing is an empty tree."""
    then: Tree = old.tree if old else {}
    now: Tree = new.tree if new else {}
    return with_moves(changes_between(then, now, after.session.schemas.annotations), then, now)


def artifact_changes(
    old: dict[str, Artifact], new: dict[str, Artifact], laid_bare: Collection[str] = ()
) -> Iterator[ArtifactChange]:
    """The files that differ in their sealed form, by path.

    `laid_bare` are the components with a value that is a secret on one side alone: the other side's text shows it, in
    their artifacts, in those of the environment, and wherever a template reads it.
    """
    for path in sorted({**old, **new}):
        then, now = old.get(path), new.get(path)
        sides = [each for each in (then, now) if each is not None]
        if then and now and (then.sealed, then.secret) == (now.sealed, now.secret):
            continue
        status: Status = "added" if then is None else "removed" if now is None else "changed"
        component = sides[-1].component
        withheld = bool(laid_bare) and (component in ("", *laid_bare) or any(each.secret for each in sides))
        old_text, new_text = (each.sealed if each and not withheld else None for each in (then, now))
        yield ArtifactChange(path, component, status, old_text, new_text, withheld)


def _environment(before: Side, after: Side, name: str) -> EnvironmentDifference:
    old, new = before.compiled(name), after.compiled(name)
    changes = tuple(_placed(each, old, new) for each in changes_of(old, new, after=after))
    artifacts = tuple(artifact_changes(before.artifacts(name), after.artifacts(name), _laid_bare(changes, old, new)))
    known = new or old
    production = known is not None and is_production(known.environment)
    status: Status = "added" if old is None else "removed" if new is None else "changed"
    return EnvironmentDifference(name, production, changes, artifacts, _components(new), status)


def _laid_bare(changes: Iterable[ValueChange], old: Compiled | None, new: Compiled | None) -> set[str]:
    """The components with a value that is a secret on one side and stands in plain text on the other."""
    if old is None or new is None:
        return set()
    return {
        each.component
        for each in changes
        if each.change.kind == "secret-changed"
        and holds_secret(_at(old.tree, each.change.before)) is not holds_secret(_at(new.tree, each.change.after))
    }


def _at(tree: Value, path: KeyPath) -> Value:
    for step in path:
        tree = tree[step]
    return tree


def _components(compiled: Compiled | None) -> tuple[str, ...]:
    return tuple(show(path) for path in compiled.components) if compiled else ()


def _placed(change: Change, old: Compiled | None, new: Compiled | None) -> ValueChange:
    """A change with its component and the line that causes it."""
    side, path = (old, change.before) if change.kind == "removed" else (new, change.after)
    if side is None:
        return ValueChange(change, "", None, origin_before=False, layer="")
    component = side.owner(path)
    removal = _removal(new, path) if change.kind == "removed" else None
    origin = removal or _cause(change, old, new) or side.placing.place(path)
    trace = side.merged.trace(side.resolved.follow(path)[0] if side.resolved.references else path)
    layer = trace.origin.layer if trace else ""
    before = change.kind == "removed" and removal is None
    return ValueChange(change, show(component) if component else "", origin, before, layer)


def _cause(change: Change, old: Compiled | None, new: Compiled | None) -> Location | None:
    """The line that changed; also behind a reference inside a text, where the text itself stands as it stood."""
    if old is None or new is None or change.before != change.after:
        return None
    return cause(old, new, change.after)


def _removal(new: Compiled | None, path: KeyPath) -> Location | None:
    return None if new is None else new.merged.place_removal(path)


def _shared(after: Side, environments: Iterable[EnvironmentDifference]) -> Iterator[SharedEdit]:
    """Edited files of layers that more than one environment reads, and what they reach."""
    readers = Counter(layer for each in after.session.project.environments.values() for layer in each.layers)
    reached: dict[tuple[str, str], dict[str, bool]] = {}
    for environment in environments:
        for each in environment.changes:
            if each.origin and readers[each.layer] > 1 and not each.origin_before:
                reached.setdefault((each.origin.file, each.layer), {})[environment.name] = environment.production
    for (file, layer), names in sorted(reached.items()):
        yield SharedEdit(file, layer, tuple(names), any(names.values()))


def _findings(before: Iterable[Diagnostic], after: Iterable[Diagnostic], names: Sequence[str]) -> Findings:
    """What only one side reports; neither the line nor, on the tree, the file tells a finding from another."""
    then, now = _told(before, names), _told(after, names)
    return Findings(tuple(_without(now, then)), tuple(_without(then, now)))


def _told(found: Iterable[Diagnostic], names: Sequence[str]) -> list[tuple[tuple[str, ...], Diagnostic]]:
    return [(_identity(each), each) for each in found if not each.environment or each.environment in names]


def _identity(found: Diagnostic) -> tuple[str, ...]:
    place = found.path_text or (found.location.file if found.location else "")
    return found.code, found.environment, place, found.component, found.message


def _without(
    mine: Sequence[tuple[tuple[str, ...], Diagnostic]], theirs: Sequence[tuple[tuple[str, ...], Diagnostic]]
) -> Iterator[Diagnostic]:
    left = Counter(identity for identity, _ in theirs)
    for identity, found in mine:
        if left[identity]:
            left[identity] -= 1
        else:
            yield found
