"""The syntax tree of an expression. `at` is the offset of the node in the text, for messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

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


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, or the name of a type."""

    at: int
    value: CelValue


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; `rooted` with a dot before it, which skips the variables of macros."""

    at: int
    name: str
    rooted: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """A name once it is known what it names; `lazy` ones are bound by `cel.bind`."""

    at: int
    name: str
    slot: int
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`, or `operand.?field`."""

    at: int
    operand: Node
    field: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Has:
    """`has(operand.field)`."""

    at: int
    operand: Node
    field: str


@dataclass(frozen=True, slots=True)
class Index:
    """`operand[index]`, or `operand[?index]`."""

    at: int
    operand: Node
    index: Node
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call as written: `name(...)`, `receiver.name(...)`, or an operator such as `_+_`."""

    at: int
    name: str
    receiver: Node | None
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """A call once it is known what it calls; the receiver is the first argument."""

    at: int
    function: Function
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a list or map literal; `optional` ones are left out when they are absent."""

    value: Node
    key: Node | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ListLiteral:
    at: int
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class MapLiteral:
    at: int
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class And:
    at: int
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    at: int
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    at: int
    test: Node
    then: Node
    other: Node


@dataclass(frozen=True, slots=True)
class Macro:
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


@dataclass(frozen=True, slots=True)
class Bind:
    """`cel.bind(variable, value, body)`."""

    at: int
    variable: str
    value: Node
    body: Node
    slot: int = -1


@dataclass(frozen=True, slots=True)
class OptionalMap:
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
    Index: lambda node: (node.operand, node.index),
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


def weight(node: Node) -> int:
    """How many nodes there are, a measure of the work of evaluating them once."""
    return 1 + sum(weight(child) for child in children(node))
