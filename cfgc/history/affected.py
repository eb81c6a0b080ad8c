"""A difference -> what it affects: pairs of environment and component that compile to something else, with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cfgc.history.difference import Difference, EnvironmentDifference, RuleChange, ValueChange
from cfgc.model.keypath import parse, show, starts_with


class Affected(NamedTuple):
    """A component of an environment that differs; an empty component: what stands outside all components."""

    environment: str
    component: str
    artifacts: tuple[str, ...]
    """paths below `dist/ENV`"""
    reasons: tuple[str, ...]
    gone: bool = False
    """whether the second side does not have it any more"""


MOST_REASONS = 5


def affected(difference: Difference) -> list[Affected]:
    """Every pair whose values or artifacts differ, in the order of the environments, components by name."""
    return [each for environment in difference.environments.values() for each in _pairs(environment, difference.rules)]


def _pairs(environment: EnvironmentDifference, rules: Sequence[RuleChange]) -> Iterator[Affected]:
    changes: dict[str, list[ValueChange]] = {}
    artifacts: dict[str, list[str]] = {}
    for change in environment.changes:
        changes.setdefault(change.component, []).append(change)
    for artifact in environment.artifacts:
        artifacts.setdefault(artifact.component, []).append(artifact.path)
    for component in sorted({**changes, **artifacts}):
        reasons = _reasons(component, changes, environment, rules)
        gone = component not in environment.components if component else environment.status == "removed"
        yield Affected(environment.name, component, tuple(artifacts.get(component, ())), tuple(reasons), gone)


def _reasons(
    component: str,
    changes: dict[str, list[ValueChange]],
    environment: EnvironmentDifference,
    rules: Sequence[RuleChange],
) -> list[str]:
    """The changed values of a component; else those of a subtree it stands in, the changed rules, all other values."""
    path = parse(component)
    around = [each for each in environment.changes if component and starts_with(path, each.change.path)]
    own = changes.get(component) or around
    if own:
        return [_reason(each) for each in own]
    named = [f"{each.kind} `{each.file}` {each.status}" for each in rules if each.kind in _RENDERING]
    others = [_reason(each) for each in environment.changes]
    more = [f"and {len(others) - MOST_REASONS} more values"] if len(others) > MOST_REASONS else []
    return [*named, *others[:MOST_REASONS], *more]


_RENDERING = ("template", "setting", "schema")


def _reason(found: ValueChange) -> str:
    """A changed value, and the line that causes it."""
    words = {"secret-changed": "secret changed", "type-changed": "type changed"}
    said = f"`{show(found.change.path)}` {words.get(found.change.kind, found.change.kind)}"
    place = found.origin
    if place is None:
        return said
    return f"{said} ({place.file}:{place.line})" if place.line else f"{said} ({place.file})"
