"""THREATS S09: no expression runs for long or grows large; THREATS S03: nor does a pattern."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.stages.check.policy.cel import CelError, CelSyntaxError, TooCostly, compile_expression

LONG = "x" * 200_000
DATA: dict[str, Any] = {
    "config": {
        "s": LONG,
        "l": list(range(20_000)),
        "d": {str(number): {"a": number} for number in range(5_000)},
        "lists": [list(range(20_000))] * 20_000,
    }
}


def evaluate(text: str) -> Any:
    expression, problems = compile_expression(text, ["config"])
    assert expression is not None, problems
    return expression.evaluate_with(DATA)


def doubled(times: int) -> str:
    text = f"size(a{times}) > 0"
    for number in range(times, 0, -1):
        text = f"cel.bind(a{number}, a{number - 1} + a{number - 1}, {text})"
    return f"cel.bind(a0, config.s, {text})"


@pytest.mark.parametrize(
    "text",
    [
        "config.l.all(x, config.l.all(y, x + y >= 0))",
        "config.l.map(x, config.l.map(y, y)).size() > 0",
        "lists.range(1000000000).size() > 0",
        doubled(40),
        doubled(40).replace("config.s", "config.l"),
        "config.s.replace('', config.s).size() > 0",
        "config.s.replace('x', config.s).size() > 0",
        "config.l.map(x, config.s).join().size() > 0",
        "['a', 'b', 'c'].map(x, config.s).join(config.s).size() > 0 && config.l.map(x, 'a').join(config.s) != ''",
        "config.lists.flatten().size() > 0",
        "'%s'.format([config.lists]) != ''",
        "config.l.all(x, '%.1000f'.format([1.0]) != '')",
        "config.l.all(x, config.d == config.d)",
        "config.l.all(x, config.l == config.l)",
        "config.l.all(x, x in config.l)",
        "config.l.distinct().size() > 0",
        "config.l.all(x, config.l.sort() == config.l)",
        "config.l.all(x, config.s + 'a' != config.s + 'b')",
        "config.l.all(x, config.s.contains('y') || true)",
        "config.l.all(x, config.s <= config.s)",
        "config.l.all(x, config.s == config.s)",
        "config.l.all(x, config.s.startsWith(config.s))",
        "config.l.all(x, config.s.matches('y') || true)",
        "config.l.all(x, config.s.indexOf('y') < 0)",
        "config.l.all(x, bytes(config.s).size() > 0)",
        "config.l.all(x, config.s.upperAscii() != '')",
        "true || config.l.all(x, config.l.all(y, true)) || true ? config.l.all(x, config.l.all(y, true)) : false",
    ],
)
def test_an_expensive_expression_is_stopped(text: str) -> None:
    with pytest.raises(TooCostly):
        evaluate(text)


def test_nothing_absorbs_the_end_of_the_budget() -> None:
    with pytest.raises(TooCostly):
        evaluate("config.l.all(x, config.l.all(y, true)) || true")


def test_an_expression_over_ten_thousand_keys_fits() -> None:
    data = {"config": {str(number): {"port": number} for number in range(10_000)}}
    expression, _ = compile_expression("config.all(k, has(config[k].port) && config[k].port >= 0)", ["config"])
    assert expression is not None
    assert expression.evaluate_with(data) is True


@pytest.mark.parametrize(
    "text",
    ["(" * 100 + "1" + ")" * 100, "[" * 100 + "]" * 100, "!" * 9000 + "true", "1" + "+1" * 9000,
     "config" + ".a" * 9000, "true ? 1 : " * 900 + "2", "x" * 40_000, "-" * 9000 + "1", "{1:" * 100 + "1" + "}" * 100,
     "config.all(x, " * 100 + "true" + ")" * 100],
)  # fmt: skip
def test_a_deep_or_long_expression_is_a_syntax_error(text: str) -> None:
    with pytest.raises(CelSyntaxError):
        compile_expression(text, ["config"])


def test_a_long_chain_of_conditions_is_not_deep() -> None:
    expression, _ = compile_expression(" && ".join(["config.l[0] == 0"] * 500), ["config"])
    assert expression is not None
    assert expression.evaluate_with(DATA) is True


def test_the_deepest_expression_that_parses_evaluates() -> None:
    expression, _ = compile_expression("1" + " + 1" * 150 + " > 0", ["config"])
    assert expression is not None
    assert expression.evaluate_with(DATA) is True


@pytest.mark.parametrize(
    "text", ["'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')", "'x'.matches('(x*)*y')"]
)
def test_a_hostile_pattern_is_matched_in_linear_time(text: str) -> None:
    assert evaluate(text) is False


@pytest.mark.parametrize("pattern", ["(?=a)", "(a)\\\\1", "(((a{100}){100}){100}){100}"])
def test_a_pattern_without_linear_time_is_refused(pattern: str) -> None:
    expression, problems = compile_expression(f"'a'.matches('{pattern}')", [])
    assert expression is None
    assert problems[0].kind == "arguments"
    computed, _ = compile_expression(f"'a'.matches('{pattern}' + '')", [])
    assert computed is not None
    with pytest.raises(CelError):
        computed.evaluate_with({})


@pytest.mark.parametrize(
    "text", ["config.__class__", "config.keys", "config.l.append", "'a'.format.x", "config.s.__len__"]
)
def test_there_is_no_way_to_an_attribute(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(text)
