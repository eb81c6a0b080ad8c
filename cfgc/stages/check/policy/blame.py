"""Which key path made an assertion false, or fail: the one whose value its author would look at first.

An evaluated expression is walked again from the top, along the operands that decided: the false one of `&&`, the last
of `||`, the failing item of `all`. What is left is a comparison or a call, and the first path it reads.
"""

from __future__ import annotations

from typing import TypeAlias

from cfgc.model.keypath import KeyPath
from cfgc.stages.check.policy.cel import CelError, CelValue, Expression, Frame, TooCostly, Unknowns
from cfgc.stages.check.policy.cel.logic import entries
from cfgc.stages.check.policy.cel.program import compile_node
from cfgc.stages.check.policy.cel.syntax import (
    And,
    Apply,
    Bind,
    Conditional,
    Has,
    Index,
    Macro,
    Node,
    Or,
    Select,
    Variable,
    children,
)

Outcome: TypeAlias = "bool | None"
"""what an operand came to; none for an error, and for what is neither true nor false"""


def blamed(expression: Expression, frame: Frame, roots: dict[int, KeyPath]) -> KeyPath | None:
    """The path to blame for an assertion that is not true; `roots` gives the paths of the variables by slot."""
    blame = _Blame(frame, dict(roots))
    try:
        return blame.cause(expression.tree, blame.outcome(expression.tree))
    except (TooCostly, RecursionError):
        return None


class _Blame:
    def __init__(self, frame: Frame, paths: dict[int, KeyPath]) -> None:
        self._frame = frame
        self._paths = paths

    def value(self, node: Node) -> CelValue:
        try:
            return compile_node(node)(self._frame)
        except CelError:
            return None

    def outcome(self, node: Node) -> Outcome:
        value = self.value(node)
        return value if isinstance(value, bool) else None

    def cause(self, node: Node, outcome: Outcome) -> KeyPath | None:
        """The path behind the outcome of a node."""
        match node:
            case And() | Or():
                return self._operand(node, outcome)
            case Conditional():
                return self._branch(node, outcome)
            case Macro() if node.name in ("all", "exists") and outcome is not (node.name == "all"):
                return self._entry(node, outcome)
            case Bind():
                return self._bound(node, outcome)
            case Apply() if node.function.name == "!_":
                return self.cause(node.arguments[0], None if outcome is None else not outcome)
            case _:
                return self._subject(node)

    def _operand(self, node: And | Or, outcome: Outcome) -> KeyPath | None:
        decisive = isinstance(node, Or)
        if outcome is decisive or outcome is None:
            for operand in node.operands:
                if self.outcome(operand) is outcome:
                    return self.cause(operand, outcome) or self._subject(node)
        return self.cause(node.operands[-1], outcome) or self._subject(node)

    def _branch(self, node: Conditional, outcome: Outcome) -> KeyPath | None:
        test = self.outcome(node.test)
        if test is None:
            return self.cause(node.test, None)
        found = self.cause(node.then if test else node.other, outcome)
        return found or self.cause(node.test, test)

    def _entry(self, node: Macro, outcome: Outcome) -> KeyPath | None:
        """The first item that decided, its variables being set to it."""
        target, found = self.path(node.target), self.value(node.target)
        if target is None or node.condition is None or not isinstance(found, (list, dict)):
            return self._subject(node)
        names = found if isinstance(found, dict) else range(len(found))
        listed = entries(found, len(node.slots))
        for name, entry in zip(names, [] if isinstance(listed, Unknowns) else listed, strict=False):
            for slot, value in zip(node.slots, entry, strict=True):
                self._frame[slot] = value
                self._paths[slot] = (*target, name)
            if self.outcome(node.condition) is outcome:
                return self.cause(node.condition, outcome) or (*target, name)
        return target

    def _bound(self, node: Bind, outcome: Outcome) -> KeyPath | None:
        self._frame[node.slot] = self.value(node.value)
        if (path := self.path(node.value)) is not None:
            self._paths[node.slot] = path
        return self.cause(node.body, outcome)

    def _subject(self, node: Node) -> KeyPath | None:
        """The first path that a node reads, one inside the component before others."""
        found = self._read(node)
        component = next(iter(self._paths.values()), ())
        return next((path for path in found if path[: len(component)] == component), next(iter(found), None))

    def _read(self, node: Node) -> list[KeyPath]:
        path = self.path(node)
        if path is not None:
            return [path]
        below = (node.target,) if isinstance(node, Macro) else children(node)
        return [path for child in below for path in self._read(child)]

    def path(self, node: Node) -> KeyPath | None:
        """The key path that a chain of selections reads."""
        match node:
            case Variable():
                return self._paths.get(node.slot)
            case Select() | Has():
                base = self.path(node.operand)
                return None if base is None else (*base, node.field)
            case Index():
                base, key = self.path(node.operand), self.value(node.key)
                return (*base, key) if base is not None and type(key) in (str, int) else base
            case _:
                return None
