"""Policies over the components of one environment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase

from cfgc.diagnostics import Diagnostic
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import Locator
from cfgc.model.values import Tree
from cfgc.stages.check.policy import findings
from cfgc.stages.check.policy.cel import BUDGET, CelError, CelValue, TooCostly, Unknowns
from cfgc.stages.check.policy.model import Policy, Waiver
from cfgc.stages.check.policy.sealed import value_at

STEPS: int = 20 * BUDGET
STEPS_A_COMPONENT: int = BUDGET // 50
"""of all evaluations of one environment together: a policy that goes over all components for each of them fits up to
about two thousand components, a hostile one ends within seconds"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What policies are held against: the resolved tree of one environment, and the day on which waivers are read.

    `matches` tells whether a glob of `match: {components: ...}` is about a component (SPEC section 1).
    """

    tree: Tree
    components: Sequence[KeyPath]
    environment: str
    labels: Mapping[str, str]
    today: date
    matches: Callable[[str, KeyPath], bool]


@dataclass(slots=True)
class Verdict:
    """What came of one environment; the rest is what `Policies.review` needs to see across environments."""

    environment: str
    components: frozenset[KeyPath]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    matched: set[str] = field(default_factory=set)
    """names of the policies that were about any component"""
    needed: set[int] = field(default_factory=set)
    """waivers that waived something, or might have: their policy was not evaluated"""


def applies(policy: Policy, environment: str, labels: Mapping[str, str]) -> bool:
    """Whether a policy is about an environment."""
    match = policy.match
    if match.environments and not any(fnmatchcase(environment, glob) for glob in match.environments):
        return False
    return all(labels.get(key) == value for key, value in match.labels.items())


class Court:
    """Holds the policies against one subject."""

    def __init__(self, subject: Subject, waivers: Sequence[Waiver], locator: Locator) -> None:
        self._subject = subject
        self._words = findings.Words(subject.environment, subject.tree, locator)
        self._left = STEPS + STEPS_A_COMPONENT * len(subject.components)
        self._waivers: dict[tuple[str, KeyPath], list[int]] = defaultdict(list)
        self._all_waivers = waivers
        self.verdict = Verdict(subject.environment, frozenset(subject.components))
        for number, waiver in enumerate(waivers):
            if waiver.concerns(subject.environment):
                self._admit(number, waiver)

    def _admit(self, number: int, waiver: Waiver) -> None:
        if waiver.until < self._subject.today:
            self.verdict.diagnostics.append(self._words.expired(waiver))
            self.verdict.needed.add(number)
        else:
            self._waivers[waiver.policy, waiver.component].append(number)

    def hold(self, policies: Sequence[Policy]) -> None:
        """Evaluates every policy for every component it is about."""
        subject = self._subject
        frames: dict[KeyPath, list[CelValue]] = {}
        chosen: dict[tuple[str, ...], list[KeyPath]] = {}
        for policy in policies:
            globs = policy.match.components
            if globs not in chosen:
                chosen[globs] = _chosen(globs, subject)
            if not applies(policy, subject.environment, subject.labels) or not chosen[globs]:
                continue
            self.verdict.matched.add(policy.name)
            try:
                for component in chosen[globs]:
                    values = frames.get(component) or frames.setdefault(component, _values(subject, component))
                    self._evaluate(policy, component, values)
            except TooCostly:
                self.verdict.diagnostics.append(self._words.too_costly(policy))

    def _evaluate(self, policy: Policy, component: KeyPath, values: list[CelValue]) -> None:
        expression = policy.expression
        budget = min(BUDGET, self._left)
        frame = expression.frame(values, budget)
        frame.spend(0)
        result: CelValue
        try:
            result = expression.evaluate(frame)
        except CelError as error:
            result = error
        finally:
            self._left -= budget - frame.left
        if result is not True:
            self._judge(findings.Case(policy, component, result, values))

    def _judge(self, case: findings.Case) -> None:
        waived = self._waivers.get((case.policy.name, case.component), ())
        self.verdict.needed.update(waived)
        if isinstance(case.result, Unknowns):
            found = self._words.not_evaluated(case)
        elif waived:
            found = self._words.waived(case, self._all_waivers[waived[0]])
        else:
            found = self._words.denied(case)
        self.verdict.diagnostics.append(found)


def _chosen(globs: tuple[str, ...], subject: Subject) -> list[KeyPath]:
    if not globs:
        return list(subject.components)
    return [path for path in subject.components if any(subject.matches(glob, path) for glob in globs)]


def _values(subject: Subject, component: KeyPath) -> list[CelValue]:
    """The values of `VARIABLES`, in their order."""
    config = value_at(subject.tree, component)
    return [config, subject.tree, subject.environment, dict(subject.labels), show(component)]
