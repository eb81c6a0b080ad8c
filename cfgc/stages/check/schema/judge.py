"""A value that engine 1 alone does not settle: which engine decides, and what the verdict becomes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import show
from cfgc.model.layers import Locator
from cfgc.model.values import Secret, Value
from cfgc.stages.check.schema.engines.fast import FastEngine
from cfgc.stages.check.schema.engines.finding import Finding, GaveUp, Verdict
from cfgc.stages.check.schema.engines.leaves import Found
from cfgc.stages.check.schema.engines.plain import with_plain_values
from cfgc.stages.check.schema.engines.sealed import Sealed
from cfgc.stages.check.schema.linking.budget import Cost
from cfgc.stages.check.schema.linking.linked import Linked
from cfgc.stages.check.schema.places import Places
from cfgc.stages.check.schema.target import Target
from cfgc.stages.check.schema.wording.alternatives import condensed
from cfgc.stages.check.schema.wording.reporting import Reporter

if TYPE_CHECKING:
    from cfgc.stages.check.schema.engines.evaluate import Evaluator


class Judge:
    """Checks values with both engines; `fast` must have compiled the file of a target before."""

    def __init__(self, linked: Linked, places: Places, fast: FastEngine, locator: Locator) -> None:
        self._linked = linked
        self._fast = fast
        self._locator = locator
        self._sealed = Sealed(places, fast)

    def verdict(self, target: Target, cost: Cost) -> list[Diagnostic]:
        """What is wrong with a value, and what cannot be told."""
        schema = self._linked.roots[target.file]
        revealed = [found.path for found in target.leaves if _is_revealed(found)]
        hidden = [found for found in target.leaves if not _is_revealed(found)]
        value = with_plain_values(target.value, target.leaves) if revealed else target.value
        reporter = Reporter(self._linked, self._locator, target.path, revealed)
        if not hidden:
            if self._fast.accepts(schema, value):
                return []
        elif (doubts := self._sealed.doubts(schema, value, hidden, listable=cost.listable)) is not None:
            return [reporter.open(*doubt) for doubt in doubts]
        return self._explain(target, value, reporter, certain=not hidden)

    def _explain(self, target: Target, value: Value, reporter: Reporter, *, certain: bool) -> list[Diagnostic]:
        """The findings of engine 2. Where engine 1 is certain of a mistake that engine 2 does not see, that is one."""
        try:
            findings = condensed(self._evaluator.findings(value, self._linked.roots[target.file]))
        except GaveUp:
            why = f"`{target.file}` takes too many steps for it"
            return [report("schema-gave-up", path=target.path, key=show(target.path), why=why)]
        if certain and not _any_wrong(findings):
            return [report("schema-unexplained", path=target.path, key=show(target.path), file=target.file)]
        return list(reporter.diagnostics(findings))

    @cached_property
    def _evaluator(self) -> Evaluator:
        from cfgc.stages.check.schema.engines.evaluate import Evaluator  # imports jsonschema, 0.1 s

        return Evaluator(self._linked, self._fast)


def _is_revealed(found: Found) -> bool:
    return isinstance(found.leaf, Secret) and found.leaf.revealed


def _any_wrong(findings: Iterable[Finding]) -> bool:
    return any(finding.verdict is Verdict.WRONG for finding in findings)
