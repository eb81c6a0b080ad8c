"""What is said of a policy that does not hold. No word of it comes from a value of the tree."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import ROOT, KeyPath, show
from cfgc.model.layers import Locator
from cfgc.model.location import Location
from cfgc.model.values import Secret, Tree, Unknown
from cfgc.stages.check.policy.blame import blamed
from cfgc.stages.check.policy.cel import CelError, CelValue, Mistyped, Unknowns, type_name
from cfgc.stages.check.policy.model import WORDS, Policy, Waiver
from cfgc.stages.check.policy.sealed import SealedTree, up_to_missing

_WORD = re.compile(rf"\{{({'|'.join(WORDS)})\}}")

_ONE_TYPE = 'let both sides be of one type: `1` is a number, `"1"` a string; convert with `int(...)` or `string(...)`'


class Case(NamedTuple):
    """One policy and one component; `result` is what the evaluation gave, or the error that ended it."""

    policy: Policy
    component: KeyPath
    result: CelValue | CelError
    values: list[CelValue]


class Words:
    """Makes the findings of one environment."""

    def __init__(self, environment: str, tree: Tree, locator: Locator) -> None:
        self._environment = environment
        self._tree = SealedTree(tree)
        self._locator = locator

    def denied(self, case: Case) -> Diagnostic:
        """A policy that is false, or fails, or gives something else."""
        policy, result, path = case.policy, case.result, self._path(case)
        if not isinstance(result, (bool, CelError)) or isinstance(result, Mistyped):
            return self._mistyped(case, path)
        facts: dict[str, Any] = {**self._common(case), "path": path, "severity": policy.severity}
        facts["label"] = f"denied by `{policy.name}`"
        if result is False:
            return report("policy-denied", message=self._message(case, path), help=policy.help, **facts)
        reason = result.message if isinstance(result, CelError) else ""
        return report("policy-failed", reason=reason, policy=policy.name, target=show(case.component), **facts)

    def _mistyped(self, case: Case, path: KeyPath) -> Diagnostic:
        """A policy that fits no such value at all: its own line is to blame."""
        result = case.result
        facts: dict[str, Any] = {
            "at": self._assertion(case.policy),
            "path": path,
            "environment": self._environment,
            "component": show(case.component),
            "severity": case.policy.severity,
            "policy": case.policy.name,
            "target": show(case.component),
        }
        if isinstance(result, Mistyped):
            return report("policy-failed", reason=result.message, help=_ONE_TYPE, **facts)
        return report("policy-not-bool", type=type_name(result), **facts)

    def not_evaluated(self, case: Case) -> Diagnostic:
        """A policy whose outcome depends on what is not known here."""
        unknown: list[Any] = list(case.result.leaves) if isinstance(case.result, Unknowns) else []
        secret = any(isinstance(leaf, Secret) or leaf.secret for leaf in unknown)
        runtime = any(isinstance(leaf, Unknown) for leaf in unknown)
        paths = [path for leaf in unknown if (path := self._tree.where(leaf, case.component)) is not None]
        return report(
            "policy-not-evaluated",
            policy=case.policy.name,
            target=show(case.component),
            reason=", ".join(word for word, holds in (("secret", secret), ("runtime", runtime)) if holds),
            **self._common(case),
            path=paths[0] if paths else case.component,
        ).but(notes=tuple(f"it reads `{show(path)}`" for path in paths))

    def waived(self, case: Case, waiver: Waiver) -> Diagnostic:
        """A policy that would deny, were it not for a waiver."""
        return report(
            "policy-waived",
            policy=waiver.policy,
            target=show(case.component),
            until=waiver.until,
            owner=waiver.owner,
            reason=waiver.reason,
            **self._common(case),
            path=self._path(case),
        )

    def too_costly(self, policy: Policy) -> Diagnostic:
        """A policy that was stopped; it denies."""
        return report(
            "policy-too-costly",
            at=self._at(policy, "assert"),
            policy=policy.name,
            where=self._environment,
            environment=self._environment,
        )

    def expired(self, waiver: Waiver) -> Diagnostic:
        """A waiver whose day is over."""
        return report(
            "waiver-expired",
            at=self._at(waiver, "until"),
            policy=waiver.policy,
            target=show(waiver.component),
            until=waiver.until,
            owner=waiver.owner,
        )

    def _path(self, case: Case) -> KeyPath:
        """The path to blame: the one the policy names, else the one that made it false, else the component."""
        if case.policy.at is not None:
            return (*case.component, *case.policy.at)
        expression = case.policy.expression
        values = self._tree.values(case.component, case.values[2:])
        path = blamed(expression, expression.frame(values), {0: case.component, 1: ROOT})
        return up_to_missing(values[1], path or case.component)

    def _common(self, case: Case) -> dict[str, Any]:
        policy = case.policy
        asserted = Label(self._assertion(policy), f"policy `{policy.name}` asserts this")
        return {"environment": self._environment, "component": show(case.component), "related": [asserted]}

    def _message(self, case: Case, path: KeyPath) -> str:
        words = {"component": show(case.component), "environment": self._environment, "path": show(path)}
        return _WORD.sub(lambda found: words[found[1]], " ".join(case.policy.message.split()))

    def _assertion(self, policy: Policy) -> Location:
        """The span of an assertion; of a block scalar its first line, since its header says nothing."""
        span = self._at(policy, "assert")
        header = self._locator.quote(span.file, span.line) or ""
        line = self._locator.quote(span.file, span.line + 1) or ""
        if header[span.column - 1 : span.column] not in ("|", ">") or not line.strip():
            return span
        indent = len(line) - len(line.lstrip())
        return Location(span.file, span.line + 1, indent + 1, span.line + 1, len(line.rstrip()) + 1)

    def _at(self, entry: Policy | Waiver, key: str) -> Location:
        return self._locator.value(entry.place.file, (*entry.place.path, key))
