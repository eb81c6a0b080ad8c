"""SPEC 7, policy files: every mistake has its code and its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cfgc.diagnostics import Diagnostic
from cfgc.external.files import WorkTree
from cfgc.stages.check import policy
from cfgc.stages.read import Reader
from tests.conftest import ROOT

from .conftest import Loaded, load_texts

GOOD = """
policies:
  - name: replicas
    assert: config.replicas >= 2
    message: "`{component}` has no second replica"
"""


def lines(found: list[Diagnostic]) -> list[str]:
    return [f"{each.location} {each.name}: {each.message}" for each in found]


def test_a_good_file_gives_its_policies(load: Callable[..., Loaded]) -> None:
    loaded = load(GOOD)
    assert loaded.found == []
    assert [each.name for each in loaded.policies.policies] == ["replicas"]


def test_every_file_of_the_folder_is_read_in_byte_order(load: Callable[..., Loaded]) -> None:
    loaded = load(b=GOOD.replace("replicas\n", "one\n", 1), a=GOOD.replace("replicas\n", "two\n", 1))
    assert [each.name for each in loaded.policies.policies] == ["two", "one"]


def test_the_policies_of_the_estate_are_without_fault() -> None:
    source = WorkTree(ROOT)
    reader = Reader(source)
    policies, found = policy.load(source, reader.data, reader.locator)
    assert lines(found) == []
    assert len(policies.policies) >= 10
    assert policies.waivers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["policies/p.yaml:1:1 policy-file-empty: `policies/p.yaml` holds neither policies nor waivers"]),
        ("{}", ["policies/p.yaml:1:1 policy-file-empty: `policies/p.yaml` holds neither policies nor waivers"]),
        ("- a", ["policies/p.yaml:1:1 policy-file-empty: `policies/p.yaml` holds neither policies nor waivers"]),
        ("polices: []", ["policies/p.yaml:1:1 policy-unknown-key: `policies/p.yaml` has an unknown key `polices`"]),
        ("policies: 1", ["policies/p.yaml:1:11 policy-invalid-value: `policies` of `policies/p.yaml` must be a list"]),
        (
            "policies: [a]",
            ["policies/p.yaml:1:12 policy-invalid-value: `policies` of `policies/p.yaml` must be a list of mappings"],
        ),
        (
            "policies:\n  - {name: x, asert: config.a}",
            [
                "policies/p.yaml:2:15 policy-unknown-key: policy `x` has an unknown key `asert`",
                "policies/p.yaml:2:5 policy-missing-key: policy `x` has no `assert`",
                "policies/p.yaml:2:5 policy-missing-key: policy `x` has no `message`",
            ],
        ),
        (
            "policies:\n  - {assert: config.a, message: m}",
            ["policies/p.yaml:2:5 policy-missing-key: policy 1 has no `name`"],
        ),
        (
            "policies:\n  - {name: x, assert: true, message: m}",
            ["policies/p.yaml:2:23 policy-invalid-value: `assert` of policy `x` must be a text; quote it"],
        ),
        (
            "policies:\n  - {name: x, assert: config.a, message: m, severity: fatal}",
            ["policies/p.yaml:2:55 policy-invalid-value: `severity` of policy `x` must be `error` or `warning`"],
        ),
        (
            'policies:\n  - {name: x, assert: config.a, message: m, at: "a..b"}',
            ["policies/p.yaml:2:49 policy-invalid-value: `at` of policy `x` must be a key path such as `database.url`"],
        ),
        (
            "policies:\n  - {name: x, assert: config.a, message: m, match: {environment: prod}}",
            ["policies/p.yaml:2:53 policy-unknown-key: policy `x` has an unknown key `environment`"],
        ),
        (
            "policies:\n  - {name: x, assert: config.a, message: m, match: {components: []}}",
            ["policies/p.yaml:2:65 policy-invalid-value: `components` of policy `x` must be a list of names or globs"],
        ),
        (
            "policies:\n  - {name: x, assert: config.a, message: m, match: prod}",
            ["policies/p.yaml:2:52 policy-invalid-value: `match` of policy `x` must be a mapping"],
        ),
        (
            "waivers: [x]",
            ["policies/p.yaml:1:11 policy-invalid-value: `waivers` of `policies/p.yaml` must be a list of mappings"],
        ),
        (
            "policies:\n  - {name: x, assert: config.a, message: m, match: {labels: {tier: 1}}}",
            ["policies/p.yaml:2:68 policy-invalid-value: `tier` of policy `x` must be a text, as labels are"],
        ),
        (
            "policies:\n  - {name: x, assert: config.a, message: m}\n  - {name: x, assert: config.b, message: m}",
            ["policies/p.yaml:3:12 policy-duplicate-name: two policies are named `x`"],
        ),
        (
            "waivers:\n  - {policy: x, component: a, owner: o, reason: r, until: 2027-02-30}",
            [
                (
                    "policies/p.yaml:2:59 policy-invalid-value: "
                    "`until` of the waiver of `x` must be a date such as `2027-01-31`"
                )
            ],
        ),
        (
            "waivers:\n  - {policy: x}",
            [
                "policies/p.yaml:2:5 policy-missing-key: the waiver of `x` has no `component`",
                "policies/p.yaml:2:5 policy-missing-key: the waiver of `x` has no `owner`",
                "policies/p.yaml:2:5 policy-missing-key: the waiver of `x` has no `reason`",
                "policies/p.yaml:2:5 policy-missing-key: the waiver of `x` has no `until`",
            ],
        ),
        (
            "waivers:\n  - {policy: x, component: a, owner: o, reason: r, until: 2027-01-31}",
            ["policies/p.yaml:2:14 waiver-unknown-policy: a waiver names the unknown policy `x`"],
        ),
        (
            "policies:\n  - {name: x, assert: 'config.a == 1 &', message: m}",
            [
                (
                    "policies/p.yaml:2:38 policy-syntax: "
                    "`assert` of policy `x` is no expression: `&` is no operator: write `&&`"
                )
            ],
        ),
        (
            "policies:\n  - {name: x, assert: confg.a, message: m}",
            [
                (
                    "policies/p.yaml:2:23 policy-unknown-name: "
                    "`assert` of policy `x` cannot work: undeclared variable `confg`"
                )
            ],
        ),
        (
            "policies:\n  - {name: x, assert: size(), message: m}",
            [
                (
                    "policies/p.yaml:2:23 policy-wrong-arguments: "
                    "`assert` of policy `x` cannot work: `size` takes 1 argument, 0 given"
                )
            ],
        ),
    ],
)
def test_a_wrong_file(load: Callable[..., Loaded], text: str, expected: list[str]) -> None:
    loaded = load(text)
    assert lines(loaded.found) == expected
    assert loaded.policies.policies == () or len(loaded.policies.policies) == 1


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("'1 == 1'", "is true"),
        ("'true || config.a'", "is true"),
        ("'config.a && false'", "is false"),
        ("'has(config.a) || true'", "is true"),
        ("\"'yes'\"", "gives string"),
        ("'1 / 0 == 1'", "fails (division by zero)"),
        ("'1 + config.a + (\"a\" + 1) == 1'", "fails (`+` does not take (string, int))"),
        ("'[1, 2].all(x, x > 0)'", "is true"),
    ],
)
def test_an_assertion_that_reads_nothing_that_matters_is_a_warning(
    load: Callable[..., Loaded], text: str, outcome: str
) -> None:
    found = load(f"policies:\n  - {{name: x, assert: {text}, message: m}}").found
    assert [(str(each.severity), each.message) for each in found] == [
        ("warning", f"`assert` of policy `x` {outcome} whatever the configuration")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "config.a",
        "lists.range(999999).all(x, x >= 0)",
        "has(config.a)",
        'environment == "prod"',
        'component != "a"',
        "tree.a.all(k, true || k)",
    ],
)
def test_an_assertion_that_reads_something_is_not_constant(load: Callable[..., Loaded], text: str) -> None:
    assert load(f"policies:\n  - {{name: x, assert: '{text}', message: m}}").found == []


def test_a_policy_that_is_wrong_is_left_out_and_an_error_stands_for_it(load: Callable[..., Loaded]) -> None:
    loaded = load(GOOD + "  - {name: y, assert: 'config.', message: m}\n")
    assert [each.name for each in loaded.policies.policies] == ["replicas"]
    assert [each.is_error for each in loaded.found] == [True]


def test_a_file_that_is_no_yaml_is_the_readers_finding(load: Callable[..., Loaded]) -> None:
    found = load("policies: [").found
    assert found
    assert all(each.code.startswith("CFG2") and each.is_error for each in found)


def test_what_is_misspelt_is_named_in_the_help(load: Callable[..., Loaded]) -> None:
    (found,) = load("policies:\n  - {name: x, assert: config.a, message: m, severty: error}").found
    assert found.help == "did you mean `severity`?"


def test_a_folder_without_policies_is_none() -> None:
    loaded = load_texts({"policies/README.md": "x", "policies/.draft.yaml": "x"})
    assert (loaded.policies.policies, loaded.found) == ((), [])
