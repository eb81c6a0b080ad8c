"""One environment's effective values -> changes of another environment's own layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.edit.as_source import as_source
from cfgc.edit.change import FALL_BACK, REMOVE, Change, Gone, Plan, Target
from cfgc.edit.home import Homes
from cfgc.edit.intent import MISSING, get, without
from cfgc.edit.items import at, first_list
from cfgc.edit.plan import plan_edits, secrets_in
from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.layers import Document, Layer
from cfgc.model.same import same
from cfgc.model.values import Value
from cfgc.pipeline.compile import Compiled, fold
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.resolve import Context


class _Trees(NamedTuple):
    """The goal's effective values now, and what they would be if its own layer said nothing about a path."""

    now: Value
    below: Value


def promote(session: Session, source: Compiled, goal: Compiled, paths: Sequence[KeyPath]) -> Plan:
    """The edits that give `goal` the effective values of `source` at some paths, in its own layer; nothing is written.

    What lies below the own layer and is the same already is not written again: an override there is dropped. Raises
    `Failed`, also for a secret.
    """
    secrets = [leaf for path in paths for leaf in secrets_in(at(source.tree, path), path)]
    if secrets:
        raise Failed(*(_refused(source, goal, leaf) for leaf in secrets))
    changes = [change for path in paths for change in _changes(session, source, goal, path)]
    plan = plan_edits(session, goal, changes, Target(only=True))
    for path in paths:
        if not same(at(plan.compiled.tree, path), at(source.tree, path)):
            reason = f"`{goal.environment.name}` would not have the value of `{source.environment.name}`"
            raise Failed(report("edit-not-exact", path=path, file=show(path), reason=reason))
    return plan


def _refused(source: Compiled, goal: Compiled, leaf: KeyPath) -> Diagnostic:
    return report(
        "promoted-secret", at=source.placing.place(leaf), path=leaf,
        target=show(leaf), source=source.environment.name, goal=goal.environment.name,
    )  # fmt: skip


def _changes(session: Session, source: Compiled, goal: Compiled, path: KeyPath) -> Iterator[Change]:
    now = at(goal.tree, path)
    below = MISSING if first_list(path) is not None else at(_beneath(session, goal, path), path)

    is_raw = Context(annotations=session.schemas.annotations, is_raw=goal.merged.is_raw).left_alone
    for here, value in _differences(path, at(source.tree, path), _Trees(now, below)):
        yield Change(here, value if isinstance(value, Gone) else as_source(value, here, is_raw))


def _differences(path: KeyPath, value: Value, trees: _Trees) -> Iterator[tuple[KeyPath, Value]]:
    """What the own layer must say: as deep as it can be, so that what is the same below is not said again."""
    now, below = trees
    if isinstance(value, dict) and value and isinstance(below, dict):
        for key, item in value.items():
            yield from _differences((*path, key), item, _Trees(_step(now, key), _step(below, key)))
        for key in dict.fromkeys([*below, *(now if isinstance(now, dict) else ())]):
            if key not in value:
                yield (*path, key), REMOVE if key in below else FALL_BACK
    elif same(value, below):
        yield path, FALL_BACK
    elif not same(value, now):
        yield path, value


def _step(value: Value, key: str) -> Value:
    return value.get(key, MISSING) if isinstance(value, dict) else MISSING


def _beneath(session: Session, goal: Compiled, path: KeyPath) -> Value:
    """The goal's effective tree as if its own layer said nothing about a path."""
    own = Homes(session.project, goal, Target(only=True)).layer
    layers = [
        Layer(layer.name, [_silent(each, path) for each in layer.documents]) if layer.name == own else layer
        for layer in goal.layers
    ]
    return fold(session, Wanted(goal.environment.name), goal.environment, layers, goal.scope).tree


def _silent(document: Document, path: KeyPath) -> Document:
    file = document.file
    inside = path[len(file.at) :]
    if file.each or file.sops or not starts_with(path, file.at) or get(document.data, inside) is MISSING:
        return document
    data = without(document.data, inside) if inside else {}
    return Document(file, data, document.content_id, document.marked)
