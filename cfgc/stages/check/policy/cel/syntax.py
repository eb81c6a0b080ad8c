"""The syntax tree of an expression. `at` is the offset of the node in the text, for messages.

Named tuples, here and in `values.py`: a frozen dataclass takes six times as long to define, at every start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from cfgc.stages.check.policy.cel.values import CelValue

if TYPE_CHECKING:
    from cfgc.stages.check.policy.cel.library.function import Function

MacroName: TypeAlias = Literal[
    "all", "exists", "exists_one", "map", "filter", "transformList", "transformMap", "transformMapEntry"
]


class CelSyntaxError(Exception):
    """A text that is no expression, or one that can never be evaluated; `at` is the offset of the mistake."""

    def __init__(self, message: str, at: int, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.help = help


class Constant(NamedTuple):
    """A literal, or the name of a type."""

    at: int
    value: CelValue


class Name(NamedTuple):
    """A name as written; `rooted` with a dot before it, which skips the variables of macros."""

    at: int
    name: str
    rooted: bool = False


class Variable(NamedTuple):
    """A name once it is known what it names; `lazy` ones are bound by `cel.bind`."""

    at: int
    name: str
    slot: int
    lazy: bool = False


class Select(NamedTuple):
    """`operand.field`, or `operand.?field`."""

    at: int
    operand: Node
    field: str
    optional: bool = False


class Has(NamedTuple):
    """`has(operand.field)`."""

    at: int
    operand: Node
    field: str


class Index(NamedTuple):
    """`operand[index]`, or `operand[?index]`."""

    at: int
    operand: Node
    key: Node
    optional: bool = False


class Call(NamedTuple):
    """A call as written: `name(...)`, `receiver.name(...)`, or an operator such as `_+_`."""

    at: int
    name: str
    receiver: Node | None
    arguments: tuple[Node, ...]


class Apply(NamedTuple):
    """A call once it is known what it calls; the receiver is the first argument."""

    at: int
    function: Function
    arguments: tuple[Node, ...]


class Element(NamedTuple):
    """One element of a list or map literal; `optional` ones are left out when they are absent."""

    value: Node
    key: Node | None = None
    optional: bool = False


class ListLiteral(NamedTuple):
    """`[a, ?b]`."""

    at: int
    elements: tuple[Element, ...]


class MapLiteral(NamedTuple):
    """`{k: v, ?k: v}`."""

    at: int
    elements: tuple[Element, ...]


class And(NamedTuple):
    """`a && b && ...`."""

    at: int
    operands: tuple[Node, ...]


class Or(NamedTuple):
    """`a || b || ...`."""

    at: int
    operands: tuple[Node, ...]


class Conditional(NamedTuple):
    """`test ? then : other`."""

    at: int
    test: Node
    then: Node
    other: Node


class Macro(NamedTuple):
    """A comprehension: over a list or map, with one variable or two; `slots` is filled in when names are resolved.

    `condition` selects the items (the predicate of `all`, `exists`, `exists_one`), `results` is what becomes of them.
    """

    at: int
    name: MacroName
    target: Node
    variables: tuple[str, ...]
    condition: Node | None
    results: tuple[Node, ...] = ()
    slots: tuple[int, ...] = ()


class Bind(NamedTuple):
    """`cel.bind(variable, value, body)`."""

    at: int
    variable: str
    value: Node
    body: Node
    slot: int = -1


class OptionalMap(NamedTuple):
    """`target.optMap(variable, body)`, or `optFlatMap` if `flat`."""

    at: int
    target: Node
    variable: str
    body: Node
    flat: bool
    slot: int = -1


Node: TypeAlias = (
    "Constant | Name | Variable | Select | Has | Index | Call | Apply | ListLiteral | MapLiteral"
    " | And | Or | Conditional | Macro | Bind | OptionalMap"
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below a node, in the order in which they are evaluated."""
    return _CHILDREN[type(node)](node)


def _condition_and_results(node: Macro) -> tuple[Node, ...]:
    return node.results if node.condition is None else (node.condition, *node.results)


def _elements(node: ListLiteral | MapLiteral) -> tuple[Node, ...]:
    return tuple(part for element in node.elements for part in (element.key, element.value) if part)


_CHILDREN: Final[dict[type, Callable[[Any], tuple[Node, ...]]]] = {
    Constant: lambda _: (),
    Name: lambda _: (),
    Variable: lambda _: (),
    Select: lambda node: (node.operand,),
    Has: lambda node: (node.operand,),
    Index: lambda node: (node.operand, node.key),
    Call: lambda node: node.arguments if node.receiver is None else (node.receiver, *node.arguments),
    Apply: lambda node: node.arguments,
    ListLiteral: _elements,
    MapLiteral: _elements,
    And: lambda node: node.operands,
    Or: lambda node: node.operands,
    Conditional: lambda node: (node.test, node.then, node.other),
    Macro: lambda node: (node.target, *_condition_and_results(node)),
    Bind: lambda node: (node.value, node.body),
    OptionalMap: lambda node: (node.target, node.body),
}


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def weight(node: Node) -> int:
    """How many nodes there are, a measure of the work of evaluating them once."""
    return 1 + sum(weight(child) for child in children(node))
