"""A resolved syntax tree to a function of a frame: each node becomes a closure over those of its operands.

Errors travel as `CelError`; what is unknown travels as `Unknowns`, a value. So a known error always wins over
something unknown, but for `&&`, `||`, `?:` and the macros, where the outcome may not depend on it (`logic.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cfgc.stages.check.policy.cel import access, logic
from cfgc.stages.check.policy.cel.calls import compile_call
from cfgc.stages.check.policy.cel.leaves import LEAVES, lift
from cfgc.stages.check.policy.cel.logic import Step
from cfgc.stages.check.policy.cel.syntax import (
    And,
    Apply,
    Bind,
    Conditional,
    Constant,
    Element,
    Has,
    Index,
    ListLiteral,
    Macro,
    MapLiteral,
    Node,
    OptionalMap,
    Or,
    Select,
    Variable,
    weight,
)
from cfgc.stages.check.policy.cel.values import (
    NONE,
    CelError,
    CelValue,
    Frame,
    Optional,
    Unknowns,
    may_fail,
    merge_unknowns,
    type_name,
)


def compile_node(node: Node) -> Step:
    """The function that evaluates a resolved node; it raises `CelError` where the node has no value."""
    return _COMPILERS[type(node)](node)


def _compile_all(nodes: tuple[Node, ...]) -> tuple[Step, ...]:
    return tuple(compile_node(node) for node in nodes)


def _constant(node: Constant) -> Step:
    value = node.value
    return lambda _: value


def _variable(node: Variable) -> Step:
    slot = node.slot
    return (lambda frame: _forced(frame, slot)) if node.lazy else (lambda frame: frame[slot])


class _Pending:
    """What `cel.bind` puts into a slot: the value, once somebody asks."""

    __slots__ = ("step",)

    def __init__(self, step: Step) -> None:
        self.step = step


def _forced(frame: Frame, slot: int) -> CelValue:
    value = frame[slot]
    if type(value) is _Pending:
        try:
            value = frame[slot] = value.step(frame)
        except CelError as error:
            frame[slot] = error
            raise
    elif isinstance(value, CelError):
        raise value
    return value


def _bind(node: Bind) -> Step:
    pending, body, slot = _Pending(compile_node(node.value)), compile_node(node.body), node.slot

    def bind(frame: Frame) -> CelValue:
        frame[slot] = pending
        return body(frame)

    return bind


def _select(node: Select) -> Step:
    operand, field, at = compile_node(node.operand), node.field, node.at
    read = access.optional_select if node.optional else access.select
    plain = not node.optional

    def select(frame: Frame) -> CelValue:
        value = operand(frame)
        if plain and type(value) is dict and (found := value.get(field, access.ABSENT)) is not access.ABSENT:
            return lift(found) if type(found) in LEAVES else found
        try:
            return read(value, field)
        except CelError as error:
            raise error.placed(at) from None

    return select


def _has(node: Has) -> Step:
    operand, field, at = compile_node(node.operand), node.field, node.at

    def has(frame: Frame) -> CelValue:
        value = operand(frame)
        if type(value) is dict:
            return field in value
        try:
            return access.has(value, field)
        except CelError as error:
            raise error.placed(at) from None

    return has


def _index(node: Index) -> Step:
    operand, key, at = compile_node(node.operand), compile_node(node.key), node.at
    name = f" `{node.key.value}`" if isinstance(node.key, Constant) else ""
    plain = not node.optional

    def index(frame: Frame) -> CelValue:
        value, wanted = operand(frame), key(frame)
        if plain and type(wanted) is str and type(value) is dict and wanted in value:
            found = value[wanted]
            return lift(found) if type(found) in LEAVES else found
        try:
            return access.index(value, wanted, name) if plain else access.optional_index(value, wanted)
        except CelError as error:
            raise error.placed(at) from None

    return index


def _apply(node: Apply) -> Step:
    return compile_call(node.function, _compile_all(node.arguments), node.at)


def _and(node: And) -> Step:
    steps = _compile_all(node.operands)
    return lambda frame: logic.decide(frame, steps, decisive=False)


def _or(node: Or) -> Step:
    steps = _compile_all(node.operands)
    return lambda frame: logic.decide(frame, steps, decisive=True)


def _conditional(node: Conditional) -> Step:
    test, then, other = _compile_all((node.test, node.then, node.other))
    return lambda frame: logic.choose(frame, test, then, other)


def _list(node: ListLiteral) -> Step:
    elements = tuple((compile_node(element.value), element.optional) for element in node.elements)

    def make(frame: Frame) -> CelValue:
        made: list[CelValue] = []
        unknown: list[CelValue] = []
        for step, optional in elements:
            value = step(frame)
            if may_fail(value) or (optional and type(value) is Unknowns):
                unknown.append(value)
            elif not optional:
                made.append(value)
            elif _optional(value).present:
                made.append(value.value)
        return merge_unknowns(unknown) if unknown else made

    return make


def _map(node: MapLiteral) -> Step:
    elements = tuple(_entry(element) for element in node.elements)
    at = node.at

    def make(frame: Frame) -> CelValue:
        pairs: list[tuple[CelValue, CelValue]] = []
        unknown: list[CelValue] = []
        for key, step, optional in elements:
            name, value = key(frame), step(frame)
            if may_fail(value) or (optional and type(value) is Unknowns):
                unknown.append(value)
            elif not optional:
                pairs.append((name, value))
            elif _optional(value).present:
                pairs.append((name, value.value))
        try:
            made = logic.as_map(pairs)
            return merge_unknowns([*unknown, made]) if unknown else made
        except CelError as error:
            raise error.placed(at) from None

    return make


def _entry(element: Element) -> tuple[Step, Step, bool]:
    assert element.key is not None
    return compile_node(element.key), compile_node(element.value), element.optional


def _optional(value: CelValue) -> Optional:
    if type(value) is Optional:
        return value
    raise CelError(f"`?` stands before an optional, not before {type_name(value)}")


def _optional_map(node: OptionalMap) -> Step:
    target, body, slot, at = compile_node(node.target), compile_node(node.body), node.slot, node.at
    flat = node.flat

    def apply(frame: Frame) -> CelValue:
        optional = target(frame)
        if type(optional) is Unknowns:
            return merge_unknowns((optional,))
        if type(optional) is not Optional:
            raise CelError(f"`optMap` is asked of {type_name(optional)}, which is no optional", at)
        if not optional.present:
            return NONE
        frame[slot] = optional.value
        value = body(frame)
        if type(value) is Unknowns:
            return merge_unknowns((value,))
        return value if flat else Optional(present=True, value=value)

    return apply


def _macro(node: Macro) -> Step:
    target, at, count = compile_node(node.target), node.at, len(node.slots)
    condition: Step = (lambda _: True) if node.condition is None else compile_node(node.condition)
    loop = logic.Loop(node.slots, weight(node))
    finish = _finisher(node)

    def run(frame: Frame) -> CelValue:
        value = target(frame)
        try:
            found = logic.entries(value, count)
            return found if isinstance(found, Unknowns) else finish(frame, loop.over(frame, found, condition))
        except CelError as error:
            raise error.placed(at) from None

    return run


def _finisher(node: Macro) -> Callable[[Frame, Any], CelValue]:
    if node.name in ("all", "exists"):
        decisive = node.name == "exists"
        return lambda frame, steps: logic.decide(frame, steps, decisive=decisive)
    if node.name == "exists_one":
        return logic.exactly_one
    results = _compile_all(node.results)
    if node.name == "filter":
        slot = node.slots[0]
        results = (lambda frame: frame[slot],)
    elif node.name == "transformMap":
        key = node.slots[0]
        results = (lambda frame: frame[key], *results)
    build = _BUILDERS.get(node.name, _items)

    def finish(frame: Frame, steps: Any) -> CelValue:
        found = logic.collect(frame, steps, results)
        return found if isinstance(found, Unknowns) else build(found)

    return finish


def _items(found: list[tuple[CelValue, ...]]) -> CelValue:
    return [value for (value,) in found]


_BUILDERS: Final[dict[str, Callable[[Any], CelValue]]] = {
    "transformMap": logic.as_map,
    "transformMapEntry": lambda found: logic.merged_maps(_items(found)),
}

_COMPILERS: Final[dict[type, Callable[[Any], Step]]] = {
    Constant: _constant,
    Variable: _variable,
    Select: _select,
    Has: _has,
    Index: _index,
    Apply: _apply,
    And: _and,
    Or: _or,
    Conditional: _conditional,
    ListLiteral: _list,
    MapLiteral: _map,
    Macro: _macro,
    Bind: _bind,
    OptionalMap: _optional_map,
}
