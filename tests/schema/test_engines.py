"""Two engines, one verdict (ADR 0007)."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from cfgc.stages.check.schema.engines.evaluate import Evaluator
from cfgc.stages.check.schema.engines.fast import FastEngine
from cfgc.stages.check.schema.engines.finding import Verdict
from tests.schema.desk import opened
from tests.schema.generated import SCHEMAS, VALUES

FILE = "schemas/config.schema.json"


def verdicts(schema: Any, value: Any) -> tuple[bool, bool] | None:
    loaded, found = opened({"config.schema.json": schema})
    if any(each.is_error for each in found):
        return None
    linked = loaded._linked
    fast = FastEngine(linked)
    root = linked.roots[FILE]
    findings = Evaluator(linked, fast).findings(value, root)
    assert all(each.verdict is Verdict.WRONG for each in findings), "a plain value leaves nothing open"
    return fast.accepts(root, value), not findings


@settings(max_examples=400)
@given(SCHEMAS, VALUES)
def test_both_engines_agree_on_plain_values(schema: Any, value: Any) -> None:
    both = verdicts(schema, value)
    if both is not None:
        assert both[0] == both[1]
