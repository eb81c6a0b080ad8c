"""What a policy file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cfgc.diagnostics import Severity
from cfgc.model.keypath import KeyPath
from cfgc.stages.check.policy.cel import Expression

FOLDER = "policies"
VARIABLES = ("config", "tree", "environment", "labels", "component")
"""what an `assert` sees, in the order of its frame"""
WORDS = ("component", "environment", "path")
"""what a `message` may name in braces"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: the file, and the key path inside it."""

    file: str
    path: KeyPath


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a policy is about: all that is given must hold; globs of environments and of components, labels by value."""

    environments: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. `at` is the key path to blame, inside the component."""

    name: str
    expression: Expression
    message: str
    match: Match
    severity: Severity
    help: str
    at: KeyPath | None
    place: Place


@dataclass(frozen=True, slots=True)
class Waiver:
    """Until the end of the day `until` the policy does not deny the component, in one environment or in all."""

    policy: str
    component: KeyPath
    environment: str
    owner: str
    reason: str
    until: date
    place: Place

    def concerns(self, environment: str) -> bool:
        return self.environment in ("", environment)
