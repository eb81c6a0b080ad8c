"""Calls that bind a name or look at an argument's shape: they become nodes of their own while parsing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cfgc.stages.check.policy.cel.syntax import (
    Bind,
    Call,
    CelSyntaxError,
    Has,
    Macro,
    MacroName,
    Name,
    Node,
    OptionalMap,
    Select,
)

_MACROS: Final[dict[tuple[str, int], tuple[MacroName, int, bool]]] = {
    # (name, arguments): (macro, variables, whether a condition stands before the results)
    ("all", 2): ("all", 1, True),
    ("all", 3): ("all", 2, True),
    ("exists", 2): ("exists", 1, True),
    ("exists", 3): ("exists", 2, True),
    ("exists_one", 2): ("exists_one", 1, True),
    ("exists_one", 3): ("exists_one", 2, True),
    ("existsOne", 2): ("exists_one", 1, True),
    ("existsOne", 3): ("exists_one", 2, True),
    ("filter", 2): ("filter", 1, True),
    ("map", 2): ("map", 1, False),
    ("map", 3): ("map", 1, True),
    ("transformList", 3): ("transformList", 2, False),
    ("transformList", 4): ("transformList", 2, True),
    ("transformMap", 3): ("transformMap", 2, False),
    ("transformMap", 4): ("transformMap", 2, True),
    ("transformMapEntry", 3): ("transformMapEntry", 2, False),
    ("transformMapEntry", 4): ("transformMapEntry", 2, True),
}

ARITIES: Final[dict[str, tuple[int, ...]]] = {
    **{name: tuple(count for other, count in _MACROS if other == name) for name, _ in _MACROS},
    "has": (1,),
    "cel.bind": (3,),
    "optMap": (2,),
    "optFlatMap": (2,),
}
"""the macros, and how many arguments each takes"""


def expand(call: Call) -> Node:
    """The node of a macro's call; other calls as they are. Raises `CelSyntaxError` for wrong arguments of a macro."""
    if call.receiver is None:
        return _has(call) if call.name == "has" and len(call.arguments) == 1 else call
    if (call.name, len(call.arguments)) in _MACROS:
        return _comprehension(call, call.receiver)
    special = _SPECIAL.get((call.name, len(call.arguments)))
    return special(call, call.receiver) if special else call


def _has(call: Call) -> Has:
    argument = call.arguments[0]
    if isinstance(argument, Select) and not argument.optional:
        return Has(argument.at, argument.operand, argument.field)
    raise CelSyntaxError(
        "`has` takes a field: `has(config.name)`",
        call.at,
        'a key that is no name is asked for with `"a-b" in config` or has(config.`a-b`)',
    )


def _comprehension(call: Call, target: Node) -> Macro:
    name, variables, conditional = _MACROS[call.name, len(call.arguments)]
    names = tuple(_variable(call.name, node) for node in call.arguments[:variables])
    if len(set(names)) < len(names):
        raise CelSyntaxError(f"the variables of `{call.name}` need different names", call.at)
    bodies = call.arguments[variables:]
    condition = bodies[0] if conditional else None
    return Macro(call.at, name, target, names, condition, bodies[1:] if conditional else bodies)


def _variable(macro: str, node: Node) -> str:
    if isinstance(node, Name) and not node.rooted:
        return node.name
    raise CelSyntaxError(f"the variable of `{macro}` must be a plain name", getattr(node, "at", 0))


def _bind(call: Call, receiver: Node) -> Node:
    if not (isinstance(receiver, Name) and receiver.name == "cel"):
        return call
    return Bind(call.at, _variable("cel.bind", call.arguments[0]), call.arguments[1], call.arguments[2])


def _optional_map(call: Call, receiver: Node) -> OptionalMap:
    variable = _variable(call.name, call.arguments[0])
    return OptionalMap(call.at, receiver, variable, call.arguments[1], call.name == "optFlatMap")


_SPECIAL: Final[dict[tuple[str, int], Callable[[Call, Node], Node]]] = {
    ("bind", 3): _bind,
    ("optMap", 2): _optional_map,
    ("optFlatMap", 2): _optional_map,
}
