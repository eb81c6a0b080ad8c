"""The text of an `assert` to an expression; its mistakes are shown at their character in the policy file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.location import Location
from cfgc.stages.check.policy.cel import (
    CelError,
    CelSyntaxError,
    Expression,
    Problem,
    TooCostly,
    Unknowns,
    compile_expression,
    type_name,
)
from cfgc.stages.check.policy.model import VARIABLES

_TRIAL = 100_000
"""steps for finding out whether an assertion is constant"""
_RULES = {"name": "policy-unknown-name", "arguments": "policy-wrong-arguments"}

Locate = Callable[[int], Location]


def compile_assertion(policy: str, text: str, locate: Locate) -> tuple[Expression | None, list[Diagnostic]]:
    """The expression and what is to say of it; `locate` tells where a character of the text stands."""
    try:
        expression, problems = compile_expression(text, VARIABLES)
    except CelSyntaxError as wrong:
        found = report("policy-syntax", at=locate(wrong.at), policy=policy, reason=wrong.message, help=wrong.help)
        return None, [found]
    if expression is None:
        return None, [_problem(policy, problem, locate) for problem in problems]
    outcome = _constant(expression)
    if outcome is None:
        return expression, []
    return expression, [report("policy-constant", at=locate(0), policy=policy, outcome=outcome)]


def _problem(policy: str, problem: Problem, locate: Locate) -> Diagnostic:
    name = _RULES[problem.kind]
    return report(name, at=locate(problem.at), policy=policy, reason=problem.message, help=problem.help)


def _constant(expression: Expression) -> str | None:
    """What an assertion comes to with everything unknown, if that is known already: it reads nothing that matters."""
    nothing: Any = Unknowns(there=True)
    try:
        value = expression.evaluate(expression.frame([nothing] * len(VARIABLES), _TRIAL))
    except CelError as error:
        return f"fails ({error.message})"
    except TooCostly:
        return None
    if isinstance(value, Unknowns):
        return None
    return f"is {str(value).lower()}" if isinstance(value, bool) else f"gives {type_name(value)}"
