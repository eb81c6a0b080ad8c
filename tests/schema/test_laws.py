"""What nobody can know is neither a pass nor an error (SPEC sections 5 and 6, THREATS S07)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfgc.model.keypath import KeyPath
from cfgc.stages.check.schema.engines.evaluate import Evaluator
from cfgc.stages.check.schema.engines.fast import FastEngine
from cfgc.stages.check.schema.engines.finding import Finding, Verdict
from cfgc.stages.check.schema.engines.leaves import survey
from cfgc.stages.check.schema.engines.sealed import Doubt, Sealed
from cfgc.stages.check.schema.places import Places
from tests.schema.desk import opened, sealed, variable
from tests.schema.generated import CASES, filled

FILE = "schemas/config.schema.json"
PLAIN: dict[str, list[Any]] = {
    "string": ["", "a", "ab", "30s", "80", "x y", "bbbb", "2026-01-31", "1.2.3"],
    "integer": [-1, 0, 1, 2, 3, 80],
    "number": [2.5, 3.0, 0.1, -1.5],
    "boolean": [True, False],
}
SCALARS = [None, *PLAIN["string"], *PLAIN["integer"], *PLAIN["number"], *PLAIN["boolean"]]


class Bench:
    """One schema under both engines."""

    def __init__(self, schema: Any) -> None:
        self.schemas, _ = opened({"config.schema.json": schema})
        self.linked = self.schemas._linked
        self.root = self.linked.roots[FILE]
        self.fast = FastEngine(self.linked)
        self.evaluator = Evaluator(self.linked, self.fast)

    def findings(self, value: Any) -> list[Finding]:
        return self.evaluator.findings(value, self.root)

    def short(self, tree: Any) -> list[Doubt] | None:
        listable = self.schemas._costs[FILE].listable
        return Sealed(Places(self.linked), self.fast).doubts(self.root, tree, survey(tree).leaves, listable=listable)


def is_wrong(findings: list[Finding]) -> bool:
    return any(finding.verdict is Verdict.WRONG for finding in findings)


def samples(value: Any, plain: list[Any], count: int = 12) -> list[Any]:
    """The value with plain values in the place of its leaves, in several combinations."""
    choose = random.Random(7)
    return [filled(value, lambda: choose.choice(plain)) for _ in range(count)]


@settings(max_examples=300)
@given(CASES, st.sampled_from(sorted(PLAIN)))
def test_a_sealed_verdict_holds_whatever_the_secret_is(case: tuple[Any, Any], kind: str) -> None:
    schema, value = case
    bench = Bench(schema)
    findings = bench.findings(filled(value, lambda: sealed(kind)))
    plain = [is_wrong(bench.findings(each)) for each in samples(value, PLAIN[kind])]
    if is_wrong(findings):
        assert all(plain), "an error although a value satisfies the schema"
    elif not findings:
        assert not any(plain), "a pass although a value does not satisfy the schema"


@settings(max_examples=300)
@given(CASES)
def test_a_verdict_on_text_with_a_variable_holds_whatever_the_variable_is(case: tuple[Any, Any]) -> None:
    schema, value = case
    bench = Bench(schema)
    findings = bench.findings(filled(value, lambda: variable("x")))
    plain = [is_wrong(bench.findings(each)) for each in samples(value, PLAIN["string"])]
    if is_wrong(findings):
        assert all(plain)
    elif not findings:
        assert not any(plain)


@settings(max_examples=300)
@given(CASES)
def test_a_variable_alone_passes_types_and_nothing_else(case: tuple[Any, Any]) -> None:
    schema, value = case
    bench = Bench(schema)
    unknown = filled(value, variable)
    leaves = {found.path for found in survey(unknown).leaves}
    findings = bench.findings(unknown)
    plain = [bench.findings(each) for each in samples(value, SCALARS)]
    if is_wrong(findings):
        assert all(map(is_wrong, plain))
    elif not findings:
        left = [finding for each in plain for finding in each]
        assert all(finding.keyword == "type" and finding.path in leaves for finding in left)


@pytest.mark.parametrize(
    "leaf",
    [sealed, lambda: sealed("integer"), lambda: sealed("number"), variable, lambda: variable("x")],
    ids=["secret", "secret integer", "secret number", "variable", "text with a variable"],
)
def test_the_short_way_says_what_the_evaluator_says(leaf: Callable[[], Any]) -> None:
    decided = 0

    @settings(max_examples=300)
    @given(CASES)
    def law(case: tuple[Any, Any]) -> None:
        nonlocal decided
        schema, value = case
        bench, tree = Bench(schema), filled(value, leaf)
        short = bench.short(tree)
        if short is not None:
            decided += 1
            findings = bench.findings(tree)
            assert not is_wrong(findings)
            assert grouped([(d.path, d.verdict, k) for d in short for k in d.keywords]) == grouped(
                [(finding.path, finding.verdict, finding.keyword) for finding in findings]
            )

    law()
    assert decided > 20, "the short way was hardly taken"


def grouped(found: list[tuple[KeyPath, Verdict, str]]) -> dict[tuple[KeyPath, Verdict], set[str]]:
    groups: dict[tuple[KeyPath, Verdict], set[str]] = {}
    for path, verdict, keyword in found:
        groups.setdefault((path, verdict), set()).add(keyword)
    return groups
