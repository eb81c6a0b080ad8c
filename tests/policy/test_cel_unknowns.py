"""SPEC 5 and 6: what a secret or a runtime variable would decide is unknown; what it would not decide is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cfgc.model.values import Secret, Unknown, Variable
from cfgc.stages.check.policy.cel import CelError, TooCostly, Unknowns, compile_expression
from cfgc.stages.check.policy.cel.values import Optional

from .generated import LITERALS, expressions

PASSWORD = Secret("ENC[AES256_GCM,data:x,type:str]", "string")
REVEALED = Secret("ENC[AES256_GCM,data:x,type:str]", "string", plain="hunter22")
URL = Unknown((Variable("DATABASE_URL"),))

CONFIG: dict[str, Any] = {
    "password": PASSWORD,
    "url": URL,
    "plain": "text",
    "list": [1, PASSWORD],
    "map": {"a": PASSWORD, "b": 2},
    "port": 80,
}


def evaluate(text: str, config: dict[str, Any] = CONFIG) -> Any:
    expression, problems = compile_expression(text, ["config"])
    assert expression is not None, problems
    return expression.evaluate_with({"config": config})


@pytest.mark.parametrize(
    "text",
    [
        "config.password",
        "config.password == 'x'",
        "config.password == config.password",
        "config.password != config.url",
        "config.password in ['a', 'b']",
        "'x' in config.list",
        "'a' in [config.password]",
        "config.password.startsWith('x')",
        "config.password.matches('x')",
        "size(config.password)",
        "type(config.password)",
        "config.password + 'x'",
        "config.password.deeper",
        "has(config.password.deeper)",
        "config.password[0]",
        "config[config.password]",
        "config.map[config.password]",
        "config.list[1] == 1",
        "config.list == [1, 2]",
        "config.map == {'a': 1, 'b': 2}",
        "[config.password] == ['x']",
        "config.list.all(x, x == 1)",
        "config.list.exists(x, x == 2)",
        "config.list.exists_one(x, x == 1)",
        "config.list.filter(x, x == 1)",
        "config.password.all(x, true)",
        "config.password ? 1 : 2",
        "config.password == 'x' || false",
        "config.password == 'x' && true",
        "config.password == 'x' && config.missing == 1",
        "config.missing == 1 || config.password == 'x'",
        "!(config.password == 'x')",
        "-int(config.password)",
        "config.?password.orValue('x')",
        "config.password.orValue('x')",
        "config.password.?x",
        "[?config.password]",
        "{config.password: 1}",
        "{'a': config.password} == {'a': 1}",
        "'%s'.format([config.password])",
        "'%s'.format([[config.map]])",
        "['a', config.password].join('-')",
        "[config.password].isSorted()",
        "[1, config.list[1]].sum()",
        "config.list.indexOf(2)",
        "sets.contains(config.list, [3])",
        "sets.intersects(config.list, [3])",
        "config.list.distinct()",
        "cel.bind(p, config.password, p == 'x')",
        "config.list.map(x, x)[1] == 1",
        "math.greatest(1, config.list[1])",
        "optional.of(config.password).value() == 'x'",
        "[1, 1, config.list[1]].exists_one(x, x == 1)",
        "[1, 0 + config.password].all(i, i > 1)",
        "[1, 0 + config.password].exists(i, i == 1)",
        "size([0 + config.password]) == 1",
        "size({'a': 0 + config.password}) == 1",
        "{'a': 1, 'b': -config.password}.exists(k, k == 'a')",
        "1 in [1, 0 + config.password]",
        "(0 + config.password) in []",
        "(0 + config.password) in {}",
        "[].indexOf(0 + config.password)",
        "size([1, 2].map(i, i + config.password)) == 2",
        "size({'a': 1}.transformMap(k, v, v + config.password)) == 1",
        "[1, config.password ? 0 : 0].all(i, i == 0)",
        "[1, config.password.orValue(0)].exists(i, i == 1)",
        "[1, 2, 3].exists_one(i, i == 3 ? config.password : true)",
    ],
)
def test_what_depends_on_a_secret_is_unknown(text: str) -> None:
    assert isinstance(evaluate(text), Unknowns)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("has(config.password)", True),
        ("has(config.password) && has(config.url)", True),
        ("'password' in config", True),
        ("config.?password.hasValue()", True),
        ("size(config.list)", 2),
        ("size([config.password, 1])", 2),
        ("[1, config.password].exists(i, i == 1)", True),
        ("size(config.list.map(i, i))", 2),
        ("config.list[0]", 1),
        ("1 in config.list", True),
        ("config.list == [2, 3]", False),
        ("config.list == [1]", False),
        ("config.list != [2, 3]", True),
        ("config.map == {'a': 1, 'b': 3}", False),
        ("config.map == {'a': 1}", False),
        ("config.list.exists(x, x == 1)", True),
        ("config.list.all(x, x == 2)", False),
        ("config.map.all(k, k in ['a', 'b'])", True),
        ("config.map.exists(k, k == 'a')", True),
        ("config.password == 'x' || true", True),
        ("true || config.password == 'x'", True),
        ("config.password == 'x' && false", False),
        ("config.password == 'x' && config.port == 81", False),
        ("config.port == 80 ? 1 : config.password", 1),
        ("sets.contains(config.list, [1])", True),
        ("sets.intersects(config.list, [1])", True),
        ("config.list.indexOf(1)", 0),
        ("config.password in []", False),
        ("config.password in {}", False),
        ("cel.bind(p, config.password, config.port)", 80),
    ],
)
def test_what_does_not_depend_on_it_is_known(text: str, value: object) -> None:
    assert evaluate(text) == value


@pytest.mark.parametrize("text", ["config.password + config.missing", "config.missing == config.password"])
def test_an_error_that_no_value_could_prevent_is_an_error(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(text)


def test_the_leaves_behind_an_unknown_value_are_named_once_each() -> None:
    value = evaluate("config.password == config.url || config.map.a == 'x' || config.url == 'y'")
    assert [id(leaf) for leaf in value.leaves] == [id(PASSWORD), id(URL)]


def test_a_revealed_secret_is_its_plain_value() -> None:
    assert evaluate("config.p == 'hunter22' && config.l[0].size() == 8", {"p": REVEALED, "l": [REVEALED]}) is True


def test_an_error_never_holds_the_text_of_a_secret() -> None:
    texts = [
        "config[config.p]", "config.p.x", "config.p + 1", "int(config.p)", "timestamp(config.p)", "duration(config.p)",
        "'a'.matches(config.p + '(')", "[1][config.p]", "{'a': 1}[config.p]", "bool(config.p)", "quantity(config.p)",
        "config.p.substring(90)", "config.p.join()", "semver(config.p)", "ip(config.p)", "url(config.p)",
        "config.p.format([1])", "timestamp(0).getHours(config.p)", "{config.p: 1, 'hunter22': 2}", "double(config.p)",
    ]  # fmt: skip
    for text in texts:
        with pytest.raises(CelError) as raised:
            evaluate(text, {"p": REVEALED})
        assert "hunter22" not in str(raised.value) + repr(raised.value), text


SUBSTITUTES: tuple[Any, ...] = ("", "a", "ab", 0, 1, -1, 1.5, True, False)


@settings(max_examples=400)
@example("([1, (0 + config.x)]).all(i, (i > 1))", "a")
@example("size([(0 + config.x)])", "a")
@example("([1, 1, 2]).exists_one(i, (i == 2 ? config.x : true))", "a")
@given(expressions(*LITERALS, "config.x", "config.x", "config.l", "config.m"), st.sampled_from(SUBSTITUTES))
def test_what_is_known_next_to_a_secret_holds_for_every_value_of_it(text: str, plain: object) -> None:
    """The law of partial evaluation: known with a secret means the same for whatever the secret holds."""
    sealed = outcome(text, PASSWORD)
    if sealed != "unknown":
        assert outcome(text, plain) == sealed


def outcome(text: str, leaf: object) -> str:
    expression, problems = compile_expression(text, ["config"])
    assert expression is not None, problems
    try:
        value = expression.evaluate_with({"config": {"x": leaf, "l": [1, leaf], "m": {"a": leaf, "b": 1}}})
    except (CelError, TooCostly):
        return "error"
    return "unknown" if holds_unknown(value) else repr(value)


def holds_unknown(value: Any) -> bool:
    if isinstance(value, (list, dict)):
        return any(holds_unknown(item) for item in (value.values() if isinstance(value, dict) else value))
    if isinstance(value, Optional):
        return holds_unknown(value.value)
    return isinstance(value, (Unknowns, Secret))
