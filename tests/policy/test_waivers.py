"""SPEC 7, waivers: dated, owned, for one component; one that has run out, or that is about nothing, is said to be."""

from __future__ import annotations

from datetime import date

from cfgc.diagnostics import Diagnostic
from cfgc.model.values import Secret

from .conftest import Loaded, load_texts

POLICIES = """
policies:
  - {name: replicas, match: {environments: ["prod*"]}, assert: config.replicas >= 2, message: no second replica}
  - {name: owned, assert: has(config.owner), message: nobody answers}
"""
TREE = {"managers": {"web": {"replicas": 1, "owner": "a"}, "api": {"replicas": 2, "owner": "b"}}}


def load(*waivers: str) -> Loaded:
    listed = "".join(f"  - {{{each}}}\n" for each in waivers)
    return load_texts({"policies/p.yaml": f"{POLICIES}waivers:\n{listed}"})


def waiver(**changes: str) -> str:
    facts = {"policy": "replicas", "component": "managers.web", "owner": "team-core", "reason": "INC-42"}
    facts |= {"until": "2027-01-31", **changes}
    return ", ".join(f"{key}: {value}" for key, value in facts.items() if value)


def said(found: list[Diagnostic]) -> list[str]:
    return [f"{each.severity} {each.name}: {each.message}" for each in found]


WAIVED = "note policy-waived: policy `replicas` is waived for `managers.web` until 2027-01-31 by team-core: INC-42"
INVALID = "policy-invalid-value"
DENIED = "error policy-denied: no second replica"
EXPIRED = "error waiver-expired: the waiver of `replicas` for `managers.web` ran out on 2027-01-31"


def test_a_waiver_turns_a_denial_into_a_note_that_names_owner_and_reason_and_day() -> None:
    assert said(load(waiver()).check(TREE)) == [WAIVED]


def test_it_holds_until_the_end_of_its_day() -> None:
    assert said(load(waiver()).check(TREE, today=date(2027, 1, 31))) == [WAIVED]


def test_one_that_has_run_out_is_an_error_and_waives_nothing() -> None:
    found = load(waiver()).check(TREE, today=date(2027, 2, 1))
    assert said(found) == [EXPIRED, DENIED]
    assert found[0].location is not None
    assert (found[0].location.file, found[0].location.line) == ("policies/p.yaml", 5)
    assert "team-core" in found[0].help


def test_one_that_has_run_out_is_an_error_even_when_nothing_needs_it() -> None:
    tree = {"managers": {"web": {"replicas": 2, "owner": "a"}}}
    assert said(load(waiver()).check(tree, today=date(2027, 2, 1))) == [EXPIRED]


def test_it_waives_its_policy_only_and_its_component_only() -> None:
    tree = {"managers": {"web": {"replicas": 1}, "api": {"replicas": 1, "owner": "b"}}}
    assert [(each.name, each.component) for each in load(waiver()).check(tree)] == [
        ("policy-waived", "managers.web"), ("policy-denied", "managers.api"), ("policy-denied", "managers.web"),
    ]  # fmt: skip


def test_its_component_is_the_whole_path_never_a_glob() -> None:
    for component, found in (("web", []), ('"managers/*"', [INVALID]), ('"managers.*"', [INVALID])):
        loaded = load(waiver(component=component))
        assert [each.name for each in loaded.found] == found
        assert said(loaded.check(TREE)) == [DENIED]


def test_one_for_an_environment_waives_there_only() -> None:
    loaded = load(waiver(environment="prod-eu"))
    assert said(loaded.check(TREE, "prod-eu")) == [WAIVED]
    assert said(loaded.check(TREE, "prod")) == [DENIED]
    assert said(loaded.check(TREE, "prod", today=date(2028, 1, 1))) == [DENIED]
    assert said(loaded.check(TREE, "prod-eu", today=date(2028, 1, 1))) == [EXPIRED, DENIED]


def test_it_waives_a_policy_that_fails_to_evaluate_too() -> None:
    tree = {"managers": {"web": {"owner": "a"}}}
    assert said(load(waiver()).check(tree)) == [WAIVED]


def test_of_two_the_one_that_still_holds_counts() -> None:
    loaded = load(waiver(until="2025-01-01"), waiver())
    assert [each.name for each in loaded.check(TREE)] == ["waiver-expired", "policy-waived"]


def review(loaded: Loaded, *environments: str, judged: tuple[str, ...] | None = None) -> list[str]:
    verdicts = [loaded.judge(TREE, name) for name in (environments if judged is None else judged)]
    return said(loaded.policies.review(verdicts, environments))


def test_a_waiver_that_is_needed_somewhere_is_not_idle() -> None:
    assert review(load(waiver()), "test", "prod") == []


def test_a_waiver_that_waives_nothing_is_a_warning() -> None:
    loaded = load(waiver(component="managers.api"), waiver(policy="owned"))
    assert review(loaded, "test", "prod") == [
        "warning waiver-idle: the waiver of `replicas` for `managers.api` waives nothing",
        "warning waiver-idle: the waiver of `owned` for `managers.web` waives nothing",
    ]


def test_one_that_has_run_out_is_not_said_to_be_idle_besides() -> None:
    loaded = load(waiver(component="managers.api"))
    verdict = loaded.judge(TREE, "prod", today=date(2028, 1, 1))
    assert loaded.policies.review([verdict], ["prod"]) == []


def test_a_waiver_is_idle_only_when_every_environment_it_concerns_was_judged() -> None:
    loaded = load(waiver(component="managers.api"), waiver(component="managers.api", environment="test"))
    assert review(loaded, "test", "prod", judged=("prod",)) == []
    assert len(review(loaded, "test", "prod", judged=("test",))) == 1


def test_a_waiver_of_a_policy_that_was_not_evaluated_may_be_needed() -> None:
    tree = {"managers": {"web": {"replicas": Secret("t", "integer"), "owner": "a"}}}
    loaded = load(waiver())
    verdict = loaded.judge(tree, "prod")
    assert [each.name for each in verdict.diagnostics] == ["policy-not-evaluated"]
    assert loaded.policies.review([verdict], ["prod"]) == []


def test_a_waiver_for_an_unknown_component_is_an_error() -> None:
    loaded = load(waiver(component="managers.wev"))
    (found,) = loaded.policies.review([loaded.judge(TREE, "prod")], ["prod"])
    assert said([found]) == [
        "error waiver-unknown-target: a waiver of `replicas` names the unknown component `managers.wev`"
    ]
    assert found.help == "did you mean `managers.web`?"


def test_a_waiver_for_an_unknown_environment_is_an_error() -> None:
    loaded = load(waiver(environment="prd"))
    (found,) = loaded.policies.review([], ["prod", "test"])
    assert said([found]) == ["error waiver-unknown-target: a waiver of `replicas` names the unknown environment `prd`"]
    assert found.help == "did you mean `prod`?"


def test_a_policy_about_nothing_is_a_warning_once_all_environments_were_judged() -> None:
    loaded = load_texts({
        "policies/p.yaml": "policies:\n  - {name: x, match: {components: [nobody]}, assert: config.a, message: m}\n"
        "  - {name: y, match: {labels: {tier: gold}}, assert: config.a, message: m}\n"
    })  # fmt: skip
    assert review(loaded, "test", "prod") == [
        "warning policy-matches-nothing: policy `x` is about no component of any environment",
        "warning policy-matches-nothing: policy `y` is about no component of any environment",
    ]
    assert review(loaded, "test", "prod", judged=("prod",)) == []
