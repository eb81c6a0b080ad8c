"""Policies (SPEC section 7): rules in CEL over each component, with dated waivers.

`load` reads `policies/`; `Policies.check` holds them against one environment; `Policies.review` says at the end of a
run which waivers and policies are about nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from cfgc.diagnostics import Diagnostic
from cfgc.model.layers import Locator, Source
from cfgc.stages.check.policy.check import Court, Subject, Verdict, applies
from cfgc.stages.check.policy.model import Policy, Waiver
from cfgc.stages.check.policy.read import PolicyFiles, ReadData
from cfgc.stages.check.policy.review import Review

__all__ = ["Policies", "Policy", "Subject", "Verdict", "Waiver", "load"]


class Policies:
    """The policies and waivers of a project."""

    def __init__(self, policies: Sequence[Policy], waivers: Sequence[Waiver], locator: Locator) -> None:
        self.policies = tuple(policies)
        self.waivers = tuple(waivers)
        self._locator = locator

    def reads_tree(self, environment: str, labels: Mapping[str, str]) -> bool:
        """Whether a policy that is about this environment reads `tree`, so that every component must be loaded."""
        return any(
            "tree" in policy.expression.reads for policy in self.policies if applies(policy, environment, labels)
        )

    def check(self, subject: Subject) -> Verdict:
        """What the policies say of one environment; its findings carry key paths of the tree."""
        court = Court(subject, self.waivers, self._locator)
        court.hold(self.policies)
        return court.verdict

    def review(self, verdicts: Sequence[Verdict], environments: Collection[str]) -> list[Diagnostic]:
        """What remains to be said once all verdicts of a run are there; each must have seen all its components."""
        review = Review(verdicts, environments, self._locator)
        return [*review.of_policies(self.policies), *review.of_waivers(self.waivers)]


def load(source: Source, read_data: ReadData, locator: Locator) -> tuple[Policies, list[Diagnostic]]:
    """The policies of a project and what is wrong with their files; a wrong policy is left out, with an error."""
    files = PolicyFiles(source, read_data, locator)
    files.read()
    return Policies(files.policies, files.waivers, locator), files.found
