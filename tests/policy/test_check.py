"""SPEC 7, policies over components: who is judged, what is said, and that whatever fails denies (THREATS S09, S12)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.diagnostics import Diagnostic, Severity
from cfgc.model.values import Secret, Unknown, Variable
from cfgc.stages.check.policy import check as check_module

from .conftest import Loaded, load_texts

SECRET = Secret("ENC[AES256_GCM,data:abc,type:str]", "string")
RUNTIME = Unknown((Variable("DATABASE_URL"),))


def load_policy(assertion: str, **more: Any) -> Loaded:
    entry = {"name": "p", "assert": assertion, "message": "no", **more}
    loaded = load_texts({"policies/p.json": json.dumps({"policies": [entry]})})
    assert [each for each in loaded.found if each.is_error] == []
    return loaded


def said(found: list[Diagnostic]) -> list[str]:
    return [f"{each.severity} {each.name} at {each.path_text}: {each.message}" for each in found]


TREE: dict[str, Any] = {
    "managers": {"web": {"replicas": 1, "debug": True}, "api": {"replicas": 2}},
    "services": {"mail": {"replicas": 1}},
}


def test_a_policy_that_holds_says_nothing() -> None:
    assert load_policy("config.replicas >= 1").check(TREE) == []


def test_a_policy_that_is_false_denies_with_its_own_words() -> None:
    loaded = load_policy(
        "!has(config.debug) || !config.debug",
        at="debug",
        message="`{component}` runs with debug in {environment}: {path} ${other}",
        help="set `debug: false`",
    )
    (found,) = loaded.check(TREE)
    assert said([found]) == [
        "error policy-denied at managers.web.debug: `managers.web` runs with debug in prod: managers.web.debug ${other}"
    ]
    assert (found.environment, found.component, found.help) == ("prod", "managers.web", "set `debug: false`")
    assert found.label == "denied by `p`"
    assert [(other.location.file, other.location.line, other.message) for other in found.related] == [
        ("policies/p.json", 1, "policy `p` asserts this")
    ]


@pytest.mark.parametrize("style", [">-", "|", "|-"])
def test_of_a_block_scalar_its_first_line_is_shown(style: str) -> None:
    text = f"policies:\n  - name: p\n    message: m\n    assert: {style}\n      config.replicas\n        > 5\n"
    (found, *_) = load_texts({"policies/p.yaml": text}).check(TREE)
    assert found.related[0].location == ("policies/p.yaml", 5, 7, 5, 22)


def test_severity_warning_makes_a_warning_of_all_its_denials() -> None:
    for assertion in ("config.replicas > 5", "config.missing == 1", "config.replicas"):
        found = load_policy(assertion, severity="warning").check(TREE)
        assert {each.severity for each in found} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("match", "environment", "judged"),
    [
        ({}, "prod", ["managers.web", "managers.api", "services.mail"]),
        ({"components": ["managers/*"]}, "prod", ["managers.web", "managers.api"]),
        ({"components": "managers.*"}, "prod", ["managers.web", "managers.api"]),
        ({"components": ["mail", "managers/web"]}, "prod", ["managers.web", "services.mail"]),
        ({"components": ["nobody"]}, "prod", []),
        ({"environments": ["prod*"]}, "prod-eu", ["managers.web", "managers.api", "services.mail"]),
        ({"environments": ["prod*"]}, "test", []),
        ({"labels": {"tier": "prod"}, "components": ["mail"]}, "prod", ["services.mail"]),
        ({"labels": {"tier": "test"}}, "prod", []),
        ({"labels": {"tier": "prod", "region": "eu"}}, "prod", []),
        ({"environments": ["test"], "labels": {"tier": "prod"}}, "prod", []),
    ],
)
def test_match_says_who_is_judged(match: dict[str, Any], environment: str, judged: list[str]) -> None:
    found = load_policy("config.replicas > 9", match=match).check(TREE, environment)
    assert [each.component for each in found] == judged


@pytest.mark.parametrize(
    ("assertion", "expected"),
    [
        ("config.replicas == 1", True),
        ("tree.services.mail.replicas == 1", True),
        ('environment == "prod"', True),
        ('labels.tier == "prod" && !has(labels.region)', True),
        ('component == "managers.web"', True),
        ("config == tree.managers.web", True),
    ],
)
def test_the_variables_of_an_assertion(assertion: str, expected: bool) -> None:
    assert (load_policy(assertion).check(TREE, components=["managers.web"]) == []) is expected


@pytest.mark.parametrize(
    ("assertion", "name", "message"),
    [
        ("config.tls.enabled", "policy-failed", "policy `p` cannot be evaluated for `managers.web`: no such key `tls`"),
        ("1 / (config.replicas - 1) == 1", "policy-failed", "division by zero"),
        ("config.replicas + 'x' == ''", "policy-failed", "`+` does not take (int, string)"),
        ("config.replicas", "policy-not-bool", "policy `p` gives int for `managers.web`, neither true nor false"),
        ("'true' + string(config.replicas)", "policy-not-bool", "gives string"),
        ("[config.replicas == 1]", "policy-not-bool", "gives list"),
        ("config.?tls", "policy-not-bool", "gives optional_type"),
        ("has(config.tls) ? true : null", "policy-not-bool", "gives null_type"),
        ("config.replicas == 1 && 1", "policy-failed", "int where true or false is needed"),
    ],
)
def test_s12_whatever_is_not_true_denies(assertion: str, name: str, message: str) -> None:
    (found,) = load_policy(assertion).check(TREE, components=["managers.web"])
    assert found.is_error
    assert found.name == name
    assert message in found.message


def test_s09_a_policy_that_takes_too_long_denies_once_and_the_others_go_on() -> None:
    text = """
    policies:
      - {name: slow, assert: "config.l.all(x, config.l.all(y, x + y >= 0))", message: m}
      - {name: next, assert: "config.l.size() == 0", message: m}
    """
    tree = {"managers": {name: {"l": list(range(2000))} for name in ("a", "b")}}
    found = load_texts({"policies/p.yaml": text}).check(tree)
    assert [each.name for each in found] == ["policy-too-costly", "policy-denied", "policy-denied"]
    assert found[0].is_error
    assert found[0].location is not None


def test_s09_all_policies_of_an_environment_share_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "STEPS", 50_000)
    monkeypatch.setattr(check_module, "STEPS_A_COMPONENT", 0)
    tree = {"managers": {f"m{number}": {"l": list(range(1000))} for number in range(20)}}
    found = load_policy("config.l.all(x, x >= 0)").check(tree)
    assert [each.name for each in found] == ["policy-too-costly"]


@pytest.mark.parametrize(
    ("assertion", "reason", "path"),
    [
        ('config.password != "x"', "secret", "managers.web.password"),
        ('config.url.startsWith("postgres")', "runtime", "managers.web.url"),
        ("config.url == config.password", "secret, runtime", "managers.web.url"),
        ('tree.managers.api.password != "x"', "secret", "managers.api.password"),
        ('config.list.all(x, x != "y")', "secret", "managers.web.list[1]"),
        ('config.deep == {"a": {"b": "c"}}', "secret", "managers.web.deep.a.b"),
        ('config.text.contains("x")', "secret, runtime", "managers.web.text"),
    ],
)
def test_what_a_secret_or_a_runtime_variable_decides_is_a_note(assertion: str, reason: str, path: str) -> None:
    tree = {
        "managers": {
            "web": {
                "password": SECRET,
                "url": RUNTIME,
                "list": ["a", Secret("t", "string")],
                "deep": {"a": {"b": Secret("t", "string")}},
                "text": Unknown(("a", Variable("X"), Secret("t", "string"))),
            },
            "api": {"password": Secret("t", "string")},
        }
    }
    (found,) = load_policy(assertion, at="debug").check(tree, components=["managers.web"])
    assert said([found]) == [
        f"note policy-not-evaluated at {path}: policy `p` is not evaluated for `managers.web` ({reason})"
    ]
    assert f"it reads `{path}`" in found.notes


def test_has_of_a_secret_is_known() -> None:
    tree = {"managers": {"web": {"password": SECRET}}}
    assert load_policy("has(config.password)").check(tree) == []
    assert [each.name for each in load_policy("!has(config.password)").check(tree)] == ["policy-denied"]


def test_a_revealed_secret_is_judged_and_never_shown() -> None:
    tree = {
        "managers": {"web": {"password": Secret("t", "string", "hunter22"), "x": {"hunter22": 1}, "l": ["a"]}},
        "by": {"hunter22": {"ok": False}},
    }
    for assertion in (
        'config.password == "x"', "config.x[config.password] == 2", "tree.by[config.password].ok",
        "config[config.password]", "config.l.all(i, tree.by[config.password].ok)", "config.password",
        "config.password.hunter", "[config.password]",
        "cel.bind(p, config.password, tree.by[p].ok)", "[config.password].all(p, tree.by[p].ok)",
    ):  # fmt: skip
        (found,) = load_policy(assertion, message="{path} {component}").check(tree, components=["managers.web"])
        assert found.is_error, assertion
        assert "hunter22" not in f"{found!r}", assertion


@given(st.text(min_size=6, max_size=12), st.sampled_from(["==", "<", "in", "+", "[", ".matches("]))
def test_no_finding_shows_the_text_of_a_secret(plain: str, operator: str) -> None:
    closing = {"[": "]", ".matches(": ")"}.get(operator, "")
    loaded = load_policy(f"config.a {operator} config.b {closing}")
    secret = Secret("t", "string", f"<{plain}>")
    for config in (
        {"a": secret, "b": secret},
        {"a": {"x": 1}, "b": secret},
        {"a": secret, "b": 1},
        {"a": [1], "b": secret},
    ):
        for found in loaded.check({"m": {"c": config}}):
            assert f"<{plain}>" not in f"{found!r}"


def test_a_tree_is_not_changed() -> None:
    tree = {"managers": {"web": {"l": [1, 2], "m": {"a": 1}}}}
    before = repr(tree)
    for assertion in ("config.l + [3] == []", "config.l.sort() == []", "config.l.reverse() == []", "config.m == {}"):
        load_policy(assertion).check(tree)
    assert repr(tree) == before


def test_reads_tree_says_when_every_component_must_be_loaded() -> None:
    loaded = load_policy("tree.a.b == 1", match={"environments": ["prod"]})
    assert loaded.policies.reads_tree("prod", {})
    assert not loaded.policies.reads_tree("test", {})
    assert not load_policy("config.tree == 1 && config.b in ['tree']").policies.reads_tree("prod", {})


@pytest.mark.parametrize(
    ("assertion", "path"),
    [
        ("config.replicas >= 2", "c.replicas"),
        ("2 <= config.replicas", "c.replicas"),
        ("config.nested.deep.value == 2", "c.nested.deep.value"),
        ("!config.debug", "c.debug"),
        ("!has(config.debug)", "c.debug"),
        ("has(config.owner)", "c.owner"),
        ("config.missing == 1", "c.missing"),
        ("config.missing.deeper == 1", "c.missing"),
        ("config.?missing.orValue(false)", "c.missing"),
        ("config['replicas'] > 1", "c.replicas"),
        ("config.hosts[1].startsWith('https')", "c.hosts[1]"),
        ("config.replicas == 1 && config.debug == false", "c.debug"),
        ("config.debug == false && config.replicas == 1", "c.debug"),
        ("!has(config.fallback) || config.fallback == 'x' || config.replicas > 1", "c.replicas"),
        ("environment != 'prod' || config.replicas > 1", "c.replicas"),
        ("environment == 'prod' ? config.replicas > 1 : config.debug", "c.replicas"),
        ("config.debug ? false : true", "c.debug"),
        ("config.hosts.all(h, h.startsWith('https://'))", "c.hosts[1]"),
        ("config.hosts.all(i, h, h.startsWith('https://'))", "c.hosts[1]"),
        ("!config.hosts.exists(h, h.startsWith('http://'))", "c.hosts[1]"),
        ("config.hosts.exists(h, h == 'z')", "c.hosts"),
        ("config.hosts.exists_one(h, true)", "c.hosts"),
        ("config.hosts.filter(h, h.startsWith('http:')).size() == 0", "c.hosts"),
        ("size(config.hosts) > 9", "c.hosts"),
        ("config.ports.all(k, config.ports[k] > 100)", "c.ports.web"),
        ("config.ports.all(k, v, v > 100)", "c.ports.web"),
        ("config.list.all(i, i.enabled)", "c.list[1].enabled"),
        ("config.list.all(i, has(i.name) && i.enabled)", "c.list[0].name"),
        ("tree.limits.max >= config.replicas && config.replicas > tree.limits.max", "c.replicas"),
        ("config.replicas > tree.limits.max", "c.replicas"),
        ("tree.limits.max > 9", "limits.max"),
        ("cel.bind(r, config.replicas, r > 1)", "c.replicas"),
        ("cel.bind(n, config.nested, n.deep.value == 2)", "c.nested.deep.value"),
        ("!(config.debug && config.replicas == 1)", "c.replicas"),
        ("!(config.debug || config.replicas == 1)", "c.debug"),
        ("environment == 'test'", "c"),
        ("duration(config.timeout) < duration('1s')", "c.timeout"),
        ("config.hosts[9] == 'x'", "c.hosts[9]"),
        ("config.timeout + 1 == 2", "c.timeout"),
        ("config", "c"),
    ],
)
def test_the_path_that_is_blamed(assertion: str, path: str) -> None:
    """Without `at` the finding stands at the value that made the assertion false, or fail."""
    tree = {
        "c": {
            "replicas": 1,
            "debug": True,
            "nested": {"deep": {"value": 1}},
            "hosts": ["https://a", "http://b", "https://c"],
            "ports": {"api": 8080, "web": 80},
            "list": [{"enabled": True}, {"enabled": False}],
            "timeout": "5s",
            "fallback": "y",
        },
        "limits": {"max": 5},
    }
    (found,) = load_policy(assertion).check(tree, components=["c"], environment="prod")
    assert found.path_text == path


def test_where_finding_the_path_would_take_too_long_the_component_is_blamed() -> None:
    tree = {"c": {"l": list(range(30_000)), "n": 0}}
    twice = "config.l.all(x, x >= 0) && config.l.all(x, x >= 0)"
    (found,) = load_policy(f"({twice}) && ({twice}) && config.n == 1").check(tree, components=["c"])
    assert (found.name, found.path_text) == ("policy-denied", "c")


def test_the_estate_sized_check_evaluates_each_policy_once_a_component(load: Callable[..., Loaded]) -> None:
    text = "policies:\n" + "".join(
        f"  - {{name: p{number}, assert: config.n != {number}, message: m}}\n" for number in range(20)
    )
    tree = {"managers": {f"m{number}": {"n": number} for number in range(200)}}
    found = load(text).check(tree)
    assert [(each.component, each.related[0].message) for each in found] == [
        (f"managers.m{number}", f"policy `p{number}` asserts this") for number in range(20)
    ]


def test_the_day_is_given(load: Callable[..., Loaded]) -> None:
    loaded = load("""
    policies:
      - {name: p, assert: config.a == 1, message: no}
    waivers:
      - {policy: p, component: m.c, owner: o, reason: r, until: 2026-11-30}
    """)
    tree = {"m": {"c": {"a": 2}}}
    assert [each.name for each in loaded.check(tree, today=date(2026, 11, 30))] == ["policy-waived"]
    assert [each.name for each in loaded.check(tree, today=date(2026, 12, 1))] == ["waiver-expired", "policy-denied"]
