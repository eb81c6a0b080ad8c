"""What each name of an expression stands for: variables get slots, calls get their functions.

Whatever can be known to be wrong without data is found here: undeclared names, wrong numbers of arguments,
patterns that are no pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from cfgc.model.text import closest
from cfgc.stages.check.policy.cel import macros
from cfgc.stages.check.policy.cel.library import FUNCTIONS, check_pattern
from cfgc.stages.check.policy.cel.syntax import (
    And,
    Apply,
    Bind,
    Call,
    CelSyntaxError,
    Conditional,
    Constant,
    Element,
    Has,
    Index,
    ListLiteral,
    Macro,
    MapLiteral,
    Name,
    Node,
    OptionalMap,
    Or,
    Select,
    Variable,
)
from cfgc.stages.check.policy.cel.values import TYPE_NAMES, TypeValue

MAX_DEPTH: Final = 160
"""levels of a syntax tree: the evaluator recurses once a level"""

_TYPES: Final = {name: TypeValue(name) for name in TYPE_NAMES.values()}
_NAMESPACES: Final = frozenset(name.partition(".")[0] for name in (*FUNCTIONS, *macros.ARITIES) if "." in name)
_ELSEWHERE: Final = {
    **dict.fromkeys(("len", "length", "count"), "size"),
    **dict.fromkeys(("any", "some"), "exists"),
    **dict.fromkeys(("every", "forall"), "all"),
    **dict.fromkeys(("match", "regex", "regexMatch"), "matches"),
    **dict.fromkeys(("lower", "toLower", "toLowerCase"), "lowerAscii"),
    **dict.fromkeys(("upper", "toUpper", "toUpperCase"), "upperAscii"),
    **dict.fromkeys(("strip", "trimSpace"), "trim"),
    **dict.fromkeys(("str", "toString"), "string"),
    **dict.fromkeys(("float", "number"), "double"),
    **dict.fromkeys(("keys", "values"), "map"),
}
"""what functions of other languages are called here"""


class Problem(NamedTuple):
    """Something in an expression that can never work; `at` is its offset."""

    kind: Literal["name", "arguments"]
    at: int
    message: str
    help: str = ""


class Slot(NamedTuple):
    """Where a variable stands in a frame."""

    number: int
    lazy: bool = False


Scope: TypeAlias = "dict[str, Slot]"


class Resolver:
    """Resolves the names of one expression; `problems` and `size` (of a frame) are there to read afterwards."""

    def __init__(self, variables: Sequence[str]) -> None:
        self._globals: Scope = {name: Slot(index) for index, name in enumerate(variables)}
        self.size = len(variables)
        self.problems: list[Problem] = []
        self._depth = 0

    def resolve(self, tree: Node) -> Node:
        """The tree with `Variable` for `Name` and `Apply` for `Call`; raises `CelSyntaxError` when it is too deep."""
        return self._node(tree, self._globals)

    def _node(self, node: Node, scope: Scope) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CelSyntaxError("the expression is nested too deeply", node.at)
        try:
            return self._dispatch(node, scope)
        finally:
            self._depth -= 1

    def _dispatch(self, node: Node, scope: Scope) -> Node:
        match node:
            case Name():
                return self._name(node, scope)
            case Select():
                return self._select(node, scope)
            case Call():
                return self._call(node, scope)
            case Macro() | Bind() | OptionalMap():
                return self._binding(node, scope)
            case _:
                return self._plain(node, scope)

    def _plain(self, node: Node, scope: Scope) -> Node:
        match node:
            case Has():
                return node._replace(operand=self._node(node.operand, scope))
            case Index():
                return node._replace(operand=self._node(node.operand, scope), key=self._node(node.key, scope))
            case And() | Or():
                return node._replace(operands=self._all(node.operands, scope))
            case Conditional():
                test, then, other = self._all((node.test, node.then, node.other), scope)
                return Conditional(node.at, test, then, other)
            case ListLiteral() | MapLiteral():
                return node._replace(elements=tuple(self._element(element, scope) for element in node.elements))
            case _:
                return node

    def _all(self, nodes: Sequence[Node], scope: Scope) -> tuple[Node, ...]:
        return tuple(self._node(node, scope) for node in nodes)

    def _element(self, element: Element, scope: Scope) -> Element:
        key = None if element.key is None else self._node(element.key, scope)
        return Element(self._node(element.value, scope), key, element.optional)

    def _name(self, node: Name, scope: Scope) -> Node:
        slot = (self._globals if node.rooted else scope).get(node.name)
        if slot is not None:
            return Variable(node.at, node.name, slot.number, slot.lazy)
        if node.name in _TYPES:
            return Constant(node.at, _TYPES[node.name])
        self.problems.append(self._undeclared(node, scope))
        return Constant(node.at, None)

    def _undeclared(self, node: Name, scope: Scope) -> Problem:
        meant = closest(node.name, [*scope, *_TYPES])
        known = ", ".join(f"`{name}`" for name in self._globals)
        advice = f"did you mean `{meant}`?" if meant else f"a policy sees {known}; keys stand below: `config.key`"
        return Problem("name", node.at, f"undeclared variable `{node.name}`", advice)

    def _select(self, node: Select, scope: Scope) -> Node:
        dotted = _dotted(node, scope)
        if dotted in _TYPES:
            return Constant(node.at, _TYPES[dotted])
        return node._replace(operand=self._node(node.operand, scope))

    def _binding(self, node: Macro | Bind | OptionalMap, scope: Scope) -> Node:
        if isinstance(node, Macro):
            inner, slots = self._bound(node.variables, scope)
            condition = None if node.condition is None else self._node(node.condition, inner)
            target = self._node(node.target, scope)
            results = self._all(node.results, inner)
            return node._replace(target=target, condition=condition, results=results, slots=slots)
        inner, (slot,) = self._bound((node.variable,), scope, lazy=isinstance(node, Bind))
        body = self._node(node.body, inner)
        if isinstance(node, Bind):
            return node._replace(value=self._node(node.value, scope), body=body, slot=slot)
        return node._replace(target=self._node(node.target, scope), body=body, slot=slot)

    def _bound(self, names: Sequence[str], scope: Scope, *, lazy: bool = False) -> tuple[Scope, tuple[int, ...]]:
        slots = tuple(range(self.size, self.size + len(names)))
        self.size += len(names)
        return scope | {name: Slot(slot, lazy) for name, slot in zip(names, slots, strict=True)}, slots

    def _call(self, node: Call, scope: Scope) -> Node:
        name, receiver = node.name, node.receiver
        if receiver is not None and (space := _dotted(receiver, scope)) in _NAMESPACES:
            name, receiver = f"{space}.{name}", None
        arguments = self._all((*(() if receiver is None else (receiver,)), *node.arguments), scope)
        function = FUNCTIONS.get(name)
        problem = _misuse(name, node, member=receiver is not None)
        if problem is None and name == "matches" and isinstance(pattern := arguments[1], Constant):
            problem = _bad_pattern(pattern)
        if problem is not None or function is None:
            self.problems.append(problem or Problem("name", node.at, f"unknown function `{name}`"))
            return Constant(node.at, None)
        return Apply(node.at, function, arguments)


def _dotted(node: Node, scope: Scope) -> str:
    """`a.b` for a chain of plain names whose first is no variable; empty otherwise."""
    fields: list[str] = []
    while isinstance(node, Select) and not node.optional:
        fields.append(node.field)
        node = node.operand
    if not isinstance(node, Name) or node.name in scope:
        return ""
    return ".".join([node.name, *reversed(fields)])


def _bad_pattern(pattern: Constant) -> Problem | None:
    if not isinstance(pattern.value, str):
        return None
    wrong = check_pattern(pattern.value)
    advice = "patterns have neither look-around nor back references"
    return Problem("arguments", pattern.at, wrong, advice) if wrong else None


def _misuse(name: str, node: Call, *, member: bool) -> Problem | None:
    function = FUNCTIONS.get(name)
    given = len(node.arguments)
    wanted = function.arities(member=member) if function else macros.ARITIES.get(name, ())
    if given in wanted and function:
        return None
    if (function and not wanted) or given in wanted:
        usage = f"write `{name}(x, ...)`" if member else f"write `x.{name}(...)`"
        return Problem("arguments", node.at, f"`{name}` is not called this way", usage)
    if wanted:
        counts = " or ".join(str(count) for count in wanted)
        noun = "argument" if counts == "1" else "arguments"
        return Problem("arguments", node.at, f"`{name}` takes {counts} {noun}, {given} given")
    meant = _ELSEWHERE.get(name) or closest(
        name, [*(known for known in FUNCTIONS if "_" not in (known[0], known[-1])), *macros.ARITIES]
    )
    return Problem("name", node.at, f"unknown function `{name}`", f"did you mean `{meant}`?" if meant else "")
