"""Keywords of engine 2 that look at the value itself, where `jsonschema` differs from engine 1 or tells too little.

`jsonschema` uses `re` for patterns, binary floats for `multipleOf`, sorting for `uniqueItems` (quadratic for maps), and
its messages quote values. A function takes what `jsonschema` hands to a keyword: validator, the keyword's value, the
instance, the schema around.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from cfgc.external import regex
from cfgc.stages.check.schema.engines.problem import Problem
from cfgc.stages.check.schema.formats import formats
from cfgc.stages.check.schema.linking.linked import Schema


def pattern(_validator: Any, wanted: str, instance: Any, _schema: Schema) -> Iterator[Problem]:
    if isinstance(instance, str) and not regex.search(wanted, instance):
        yield Problem()


def format_(_validator: Any, wanted: str, instance: Any, _schema: Schema) -> Iterator[Problem]:
    if not formats.satisfies(wanted, instance):
        yield Problem()


def multiple_of(_validator: Any, wanted: float, instance: Any, _schema: Schema) -> Iterator[Problem]:
    """Exact in decimal, as engine 1: 0.3 is a multiple of 0.1."""
    if is_number(instance) and (_exact(instance) / _exact(wanted)).denominator != 1:
        yield Problem()


def _exact(number: float) -> Fraction:
    return Fraction(number) if isinstance(number, int) else Fraction(repr(number))


def required(_validator: Any, wanted: list[str], instance: Any, _schema: Schema) -> Iterator[Problem]:
    if isinstance(instance, dict):
        yield from (Problem(detail=key) for key in wanted if key not in instance)


def dependent_required(
    _validator: Any, wanted: dict[str, list[str]], instance: Any, _schema: Schema
) -> Iterator[Problem]:
    if isinstance(instance, dict):
        for key, others in wanted.items():
            if key in instance:
                yield from (Problem(detail=(key, other)) for other in others if other not in instance)


OWN: Mapping[str, Any] = MappingProxyType(
    {
        "pattern": pattern,
        "format": format_,
        "multipleOf": multiple_of,
        "required": required,
        "dependentRequired": dependent_required,
    }
)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def frozen(value: Any) -> Any:
    """A hashable twin of a plain value: equal twins are equal values for JSON Schema (1 is 1.0, not `true`)."""
    if isinstance(value, dict):
        return "map", frozenset((key, frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return "list", tuple(map(frozen, value))
    return isinstance(value, bool), value
