"""Engine 2: an evaluator on Python's `jsonschema` that finds every mistake and knows what it does not know (ADR 0007).

It runs where engine 1 said "invalid" or where a value holds a secret or an unknown. A keyword has three verdicts: it
holds, it is broken, or nobody can tell. The last travels as an error does, so that `properties`, `items`, `allOf` and
`$ref` pass it on and `anyOf`, `not`, `if` and the like decide with it (strong Kleene logic).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import jsonschema
from jsonschema import validators
from jsonschema.exceptions import ValidationError
from referencing import Registry

from cfgc.model.values import Secret, Unknown, Value
from cfgc.stages.check.schema.engines import assertions
from cfgc.stages.check.schema.engines.applicators import Applicators
from cfgc.stages.check.schema.engines.fast import FastEngine
from cfgc.stages.check.schema.engines.finding import Finding, GaveUp, Verdict
from cfgc.stages.check.schema.engines.leaves import Fits, Leaf, concerns, fits
from cfgc.stages.check.schema.engines.problem import Problem, verdict_of
from cfgc.stages.check.schema.linking.linked import Linked, Schema

STEPS, STEPS_A_NODE = 50_000, 100
"""keywords that are evaluated at most: for any value, and for each map, list and scalar in it besides"""
FRAMES = 8_000
"""Python frames that one evaluation may nest: C stack for five times as many was measured"""

_THROUGH = frozenset({"allOf", "$ref"})
"""Keywords that only pass on what others say of the same value."""
_COMPARES = frozenset({"const", "enum"})
"""Keywords that compare the whole value, so that one leaf without a value leaves them open."""
_ABOUT_PARTS = {
    "anyOf": (dict, list), "oneOf": (dict, list), "not": (dict, list), "if": (dict, list),
    "const": (dict, list), "enum": (dict, list), "contains": (list,), "uniqueItems": (list,),
    "dependentRequired": (dict,), "dependentSchemas": (dict,),
}  # fmt: skip
"""Keywords that are not evaluated on a map or list that holds a secret (SPEC section 6)."""


class Evaluator:
    """Evaluates values against the schemas of one linked document."""

    def __init__(self, linked: Linked, fast: FastEngine) -> None:
        self._steps = 0
        """left for this value"""
        self._doubts: dict[int, Verdict | None] = {}
        self._own = {**assertions.OWN, **Applicators(linked, fast, self._doubt).table()}
        builtin = jsonschema.Draft202012Validator.VALIDATORS
        keywords = {keyword: self._guarded(keyword, function) for keyword, function in builtin.items()}
        extend: Any = validators.extend
        self._class = extend(jsonschema.Draft202012Validator, keywords)

    def findings(self, value: Value, schema: Schema) -> list[Finding]:
        """Everything that is wrong with a value or cannot be told; raises `GaveUp`."""
        self._steps, self._doubts = STEPS + STEPS_A_NODE * _size(value), {}
        validator = self._class(schema, registry=Registry())  # an empty registry fetches nothing
        try:
            with _deep_stack():
                problems = list(validator.iter_errors(value))
                return [_finding(problem) for problem in problems if verdict_of(problem) is not Verdict.MAYBE]
        except RecursionError:
            raise GaveUp from None

    def _guarded(self, keyword: str, builtin: Any) -> Any:
        """A keyword that spends a step and never looks into a secret or an unknown."""
        function = self._own.get(keyword, builtin)
        parts = _ABOUT_PARTS.get(keyword, ())

        def evaluate(validator: Any, wanted: Any, instance: Any, schema: Schema) -> Any:
            self._steps -= 1
            if self._steps < 0:
                raise GaveUp
            if isinstance(instance, (Secret, Unknown)) and keyword not in _THROUGH:
                return _of_leaf(keyword, wanted, instance, schema)
            doubt = self._doubt(instance) if isinstance(instance, parts) else None
            if doubt is Verdict.SECRET or (doubt and keyword in _COMPARES):
                return [Problem(doubt)] if _matters(keyword, wanted, schema) else []
            return function(validator, wanted, instance, schema)

        return evaluate

    def _doubt(self, value: Any) -> Verdict | None:
        """What a value holds that has no plain value, at any depth; a secret counts before an unknown."""
        if isinstance(value, Secret):
            return Verdict.SECRET
        if isinstance(value, Unknown):
            return Verdict.RUNTIME
        if not isinstance(value, (dict, list)):
            return None
        if id(value) not in self._doubts:
            held = {self._doubt(item) for item in (value.values() if isinstance(value, dict) else value)}
            worst = Verdict.SECRET if Verdict.SECRET in held else Verdict.RUNTIME if Verdict.RUNTIME in held else None
            self._doubts[id(value)] = worst
        return self._doubts[id(value)]


def _size(value: Value) -> int:
    """How many nodes a value has."""
    count, todo = 0, [value]
    while todo:
        count += 1
        item = todo.pop()
        if isinstance(item, (dict, list)):
            todo += item.values() if isinstance(item, dict) else item
    return count


def _matters(keyword: str, wanted: Any, schema: Schema) -> bool:
    """Whether a keyword can refuse anything as it stands."""
    if keyword == "if":
        return "then" in schema or "else" in schema
    return keyword != "uniqueItems" or bool(wanted)


def _of_leaf(keyword: str, wanted: Any, leaf: Leaf, schema: Schema) -> list[Problem]:
    if keyword == "type":
        verdict = _FITS[fits(leaf, wanted)]
        return [Problem(verdict)] if verdict else []
    open_ = Verdict.SECRET if isinstance(leaf, Secret) else Verdict.RUNTIME
    return [Problem(open_)] if concerns(keyword, schema, leaf) else []


_FITS = {Fits.YES: None, Fits.NO: Verdict.WRONG, Fits.MAYBE: Verdict.MAYBE, Fits.UNSURE: Verdict.SECRET}


def _finding(error: ValidationError) -> Finding:
    """The library's error as our finding; its message, which quotes values, is dropped."""
    return Finding(
        path=tuple(error.relative_path),
        keyword=str(error.validator),
        wanted=error.validator_value,
        got=error.instance,
        schema=error.schema,  # type: ignore[arg-type]  # booleans are linked as maps
        verdict=verdict_of(error),
        detail=getattr(error, "detail", None),
        condition=getattr(error, "condition", None),
        branches=tuple(_branches(error)),
    )


def _branches(error: ValidationError) -> Iterator[tuple[Finding, ...]]:
    if error.context:
        for _, branch in groupby(error.context, key=lambda each: each.relative_schema_path[0]):
            yield tuple(_finding(each) for each in branch if verdict_of(each) is Verdict.WRONG)


@contextmanager
def _deep_stack() -> Iterator[None]:
    """Room for a deep value: `jsonschema` nests about six frames a level, and Python's limit is 1000."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
