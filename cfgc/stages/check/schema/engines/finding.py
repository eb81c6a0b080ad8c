"""What engine 2 finds, free of any library's types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Value
from cfgc.stages.check.schema.linking.linked import Schema


class Verdict(Enum):
    """What a finding says."""

    WRONG = "wrong"
    SECRET = "secret"  # noqa: S105 - a verdict
    """not evaluated: the value is a secret that nobody decrypted"""
    RUNTIME = "runtime"
    """not evaluated: the value holds a runtime variable"""
    MAYBE = "maybe"
    """a runtime variable passes for now; counts only inside `anyOf` and the like"""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One keyword at one place, below the value that was checked.

    `detail` depends on the keyword: the missing key of `required`, the index that an item repeats ...
    `branches` are the findings of each alternative that did not fit.
    """

    path: KeyPath
    keyword: str
    wanted: Any
    got: Value
    schema: Schema
    verdict: Verdict = Verdict.WRONG
    detail: Any = None
    condition: Schema | None = None
    """the `if` that made this keyword apply"""
    alternative: Finding | None = None
    """the `anyOf` or `oneOf` of which this is the nearest alternative"""
    branches: tuple[tuple[Finding, ...], ...] = ()

    def under(self, prefix: KeyPath) -> Finding:
        return replace(self, path=(*prefix, *self.path))


class GaveUp(Exception):
    """Engine 2 needs more steps, or a deeper stack, than it may have."""
