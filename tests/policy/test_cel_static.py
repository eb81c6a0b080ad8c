"""What is wrong with an expression whatever the data is found when it is compiled, at the character to blame."""

from __future__ import annotations

import pytest

from cfgc.stages.check.policy.cel import CelSyntaxError, compile_expression

VARIABLES = ["config", "tree", "environment", "labels", "component"]


@pytest.mark.parametrize(
    ("text", "at", "message", "advice"),
    [
        ("confg.debug", 0, "undeclared variable `confg`", "did you mean `config`?"),
        ("replicas > 1", 0, "undeclared variable `replicas`", "keys stand below: `config.key`"),
        ("config.a == ints", 12, "undeclared variable `ints`", "did you mean `int`?"),
        ("config.a.all(x, y == 1)", 16, "undeclared variable `y`", ""),
        ("config.a.all(x, true) && x == 1", 25, "undeclared variable `x`", ""),
        ("config.a.starsWith('x')", 9, "unknown function `starsWith`", "did you mean `startsWith`?"),
        ("len(config.a)", 0, "unknown function `len`", "did you mean `size`?"),
        ("config.a.any(x, true)", 9, "unknown function `any`", "did you mean `exists`?"),
        ("sets.contain([1], [1])", 5, "unknown function `sets.contain`", "did you mean `sets.contains`?"),
        ("config.a.startsWith()", 9, "`startsWith` takes 1 argument, 0 given", ""),
        ("config.a.substring(1, 2, 3)", 9, "`substring` takes 1 or 2 arguments, 3 given", ""),
        ("config.a.all(true)", 9, "`all` takes 2 or 3 arguments, 1 given", ""),
        ("startsWith(config.a, 'x')", 0, "`startsWith` is not called this way", "write `x.startsWith(...)`"),
        ("config.a.int()", 9, "`int` is not called this way", "write `int(x, ...)`"),
        ("all(config.a, x)", 0, "`all` is not called this way", "write `x.all(...)`"),
        ("config.a.matches('(')", 17, "the pattern of `matches` is not valid", "neither look-around"),
    ],
)
def test_problem_with_a_name_or_with_arguments(text: str, at: int, message: str, advice: str) -> None:
    expression, problems = compile_expression(text, VARIABLES)
    assert expression is None
    assert (problems[0].at, message in problems[0].message, advice in problems[0].help) == (at, True, True), problems


def test_all_problems_are_found_at_once() -> None:
    _, problems = compile_expression("confg.a && len(config.b) > size()", VARIABLES)
    assert [problem.at for problem in problems] == [0, 11, 27]


@pytest.mark.parametrize(
    ("text", "at", "message", "advice"),
    [
        ("config.a = 1", 9, "`=` is no operator: write `==` to compare", ""),
        ("config.a & true", 9, "`&` is no operator: write `&&`", ""),
        ("config.a and true", 9, "expected an operator or the end, found `and`", "write `&&`"),
        ("not config.a", 4, "expected an operator or the end, found `config`", ""),
        ("config.a ==", 11, "expected a value, found the end of the expression", ""),
        ("(config.a", 9, "expected `)`, found the end of the expression", ""),
        ("config.a == 'x", 12, "the string is not closed", ""),
        ("config.a == '\\q'", 13, "unknown escape `\\q`", ""),
        ("has(config)", 0, "`has` takes a field: `has(config.name)`", ""),
        ("has(config['a-b'])", 0, "`has` takes a field: `has(config.name)`", '"a-b" in config'),
        ("config.a-b ? 1", 14, "expected `:`, found the end of the expression", ""),
        ("config.if == 1 && if", 18, "`if` is a reserved word", ""),
        ("config.a.all(x.y, true)", 15, "the variable of `all` must be a plain name", ""),
        ("config.a.all(x, x, true)", 9, "the variables of `all` need different names", ""),
        ("99999999999999999999", 0, "the number does not fit into 64 bits", ""),
        ("Object{a: 1}", 6, "messages cannot be constructed here", ""),
        ("config.a == 1 ;", 14, "unexpected character `;`", ""),
        ("", 0, "expected a value, found the end of the expression", ""),
    ],
)
def test_syntax_error(text: str, at: int, message: str, advice: str) -> None:
    with pytest.raises(CelSyntaxError) as raised:
        compile_expression(text, VARIABLES)
    found = raised.value
    assert (found.at, message in found.message, advice in found.help) == (at, True, True), (found.message, found.at)
