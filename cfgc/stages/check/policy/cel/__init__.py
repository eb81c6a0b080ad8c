"""The Common Expression Language over configuration trees (docs/decisions/0008-own-cel-engine.md).

`compile_expression` turns a text into an `Expression`; whatever can be known to be wrong without data is found there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from cfgc.stages.check.policy.cel.logic import Step
from cfgc.stages.check.policy.cel.names import Problem, Resolver
from cfgc.stages.check.policy.cel.parser import parse
from cfgc.stages.check.policy.cel.program import compile_node
from cfgc.stages.check.policy.cel.syntax import CelSyntaxError, Node, Variable, walk, weight
from cfgc.stages.check.policy.cel.values import CelError, CelValue, Frame, Mistyped, TooCostly, Unknowns, type_name

BUDGET: Final = 1_000_000
"""steps of one evaluation: about one a node, an item or sixteen characters, so a few hundred milliseconds at most"""

__all__ = [
    "BUDGET", "CelError", "CelSyntaxError", "CelValue", "Expression", "Frame", "Mistyped", "Problem", "TooCostly",
    "Unknowns", "compile_expression", "type_name",
]  # fmt: skip


class Expression(NamedTuple):
    """An expression ready to be evaluated. `tree` is its resolved syntax, `variables` the names it may use."""

    text: str
    variables: tuple[str, ...]
    tree: Node
    step: Step
    size: int
    cost: int

    def frame(self, values: Sequence[CelValue], budget: int = BUDGET) -> Frame:
        """A frame in which the variables, in their order, have these values."""
        frame = Frame(values)
        frame.extend([None] * (self.size - len(frame)))
        frame.left = budget - self.cost
        return frame

    def evaluate(self, frame: Frame) -> CelValue:
        """The value; `Unknowns` where it depends on one. Raises `CelError` where there is none, and `TooCostly`."""
        try:
            return self.step(frame)
        except RecursionError:
            raise TooCostly from None

    @property
    def reads(self) -> frozenset[str]:
        """The variables that occur in it."""
        return frozenset(node.name for node in walk(self.tree) if isinstance(node, Variable)) & set(self.variables)

    def evaluate_with(self, values: Mapping[str, CelValue]) -> CelValue:
        """`evaluate` with variables by name."""
        return self.evaluate(self.frame([values[name] for name in self.variables]))


def compile_expression(text: str, variables: Sequence[str]) -> tuple[Expression | None, list[Problem]]:
    """An expression, or what is wrong with its names and arguments; raises `CelSyntaxError` if it does not parse."""
    resolver = Resolver(variables)
    tree = resolver.resolve(parse(text))
    if resolver.problems:
        return None, sorted(resolver.problems, key=lambda problem: problem.at)
    return Expression(text, tuple(variables), tree, compile_node(tree), resolver.size, weight(tree)), []
