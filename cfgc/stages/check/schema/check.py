"""One value against one schema: most are valid, which engine 1 says at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cfgc.diagnostics import Diagnostic
from cfgc.model.layers import Locator
from cfgc.stages.check.schema.engines.fast import FastEngine
from cfgc.stages.check.schema.linking.budget import Cost
from cfgc.stages.check.schema.linking.linked import Linked
from cfgc.stages.check.schema.places import Places
from cfgc.stages.check.schema.target import Target

if TYPE_CHECKING:
    from cfgc.stages.check.schema.judge import Judge


class Checker:
    """Checks values; `fast` must have compiled the file of a target before."""

    def __init__(self, linked: Linked, places: Places, fast: FastEngine, locator: Locator) -> None:
        self._linked = linked
        self._places = places
        self._fast = fast
        self._locator = locator

    def check(self, target: Target, cost: Cost) -> list[Diagnostic]:
        """What is wrong with a value, and what cannot be told."""
        if not target.leaves and self._fast.accepts(self._linked.roots[target.file], target.value):
            return []
        return self._judge.verdict(target, cost)

    @cached_property
    def _judge(self) -> Judge:
        from cfgc.stages.check.schema.judge import Judge

        return Judge(self._linked, self._places, self._fast, self._locator)
