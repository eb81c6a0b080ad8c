"""What only the whole run can tell: waivers and policies that are about nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import Locator
from cfgc.model.location import Location
from cfgc.model.text import closest
from cfgc.stages.check.policy.check import Verdict
from cfgc.stages.check.policy.model import Policy, Waiver


class Review:
    """Looks at all verdicts of a run; `environments` are all that the project has, judged or not."""

    def __init__(self, verdicts: Sequence[Verdict], environments: Collection[str], locator: Locator) -> None:
        self._verdicts = {verdict.environment: verdict for verdict in verdicts}
        self._environments = environments
        self._locator = locator

    def of_policies(self, policies: Sequence[Policy]) -> Iterator[Diagnostic]:
        """Policies that match no component, once every environment is judged."""
        matched = {name for verdict in self._verdicts.values() for name in verdict.matched}
        for policy in policies:
            if policy.name not in matched and self._judged(self._environments):
                yield report("policy-matches-nothing", at=self._at(policy, "name"), policy=policy.name)

    def of_waivers(self, waivers: Sequence[Waiver]) -> Iterator[Diagnostic]:
        """Waivers for what does not exist, and waivers that waive nothing, once all they concern is judged."""
        for number, waiver in enumerate(waivers):
            if waiver.environment and waiver.environment not in self._environments:
                yield self._unknown(waiver, "environment", waiver.environment, list(self._environments))
                continue
            concerned = [name for name in self._environments if waiver.concerns(name)]
            if self._judged(concerned):
                yield from self._idle(number, waiver, [self._verdicts[name] for name in concerned])

    def _idle(self, number: int, waiver: Waiver, verdicts: list[Verdict]) -> Iterator[Diagnostic]:
        known: set[KeyPath] = set().union(*(verdict.components for verdict in verdicts))
        target = show(waiver.component)
        if waiver.component not in known:
            yield self._unknown(waiver, "component", target, [show(path) for path in sorted(known, key=show)])
        elif not any(number in verdict.needed for verdict in verdicts):
            yield report("waiver-idle", at=self._at(waiver, "component"), policy=waiver.policy, target=target)

    def _unknown(self, waiver: Waiver, kind: str, target: str, known: list[str]) -> Diagnostic:
        meant = closest(target, known)
        advice = f"did you mean `{meant}`?" if meant else f"a waiver names one {kind} as it is, without globs"
        at = self._at(waiver, kind)
        return report("waiver-unknown-target", at=at, policy=waiver.policy, kind=kind, target=target, help=advice)

    def _judged(self, names: Collection[str]) -> bool:
        return all(name in self._verdicts for name in names)

    def _at(self, entry: Policy | Waiver, key: str) -> Location:
        return self._locator.value(entry.place.file, (*entry.place.path, key))
