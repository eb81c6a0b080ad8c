"""Keywords of engine 2 that hold schemas, with a third verdict for what a runtime variable leaves open.

A function takes what `jsonschema` hands to a keyword: validator, the keyword's value, the instance, the schema around.
Values that hold a secret never get here for `anyOf`, `oneOf`, `not`, `if`, `contains`, `uniqueItems` and `dependent*`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from cfgc.external import regex
from cfgc.stages.check.schema.engines.assertions import frozen
from cfgc.stages.check.schema.engines.evaluated import Evaluated
from cfgc.stages.check.schema.engines.fast import FastEngine
from cfgc.stages.check.schema.engines.finding import Verdict
from cfgc.stages.check.schema.engines.problem import Problem, is_wrong
from cfgc.stages.check.schema.keywords import NEVER
from cfgc.stages.check.schema.linking.linked import Linked, Schema

MANY = 20
"""values that meet one schema, from which on it is worth compiling"""


class Applicators:
    """The keywords, bound to one linked document.

    `doubt` tells why a value leaves something open, or none. Where many values meet one schema, `fast` sorts out
    those that are valid: one mistake in a tree of ten thousand components must not cost a look at all of them.
    """

    def __init__(self, linked: Linked, fast: FastEngine, doubt: Callable[[Any], Verdict | None]) -> None:
        self._linked = linked
        self._fast = fast
        self._doubt = doubt
        self._evaluated = Evaluated(linked)

    def table(self) -> dict[str, Any]:
        return {
            "$ref": self.ref,
            "anyOf": self.any_of,
            "oneOf": self.one_of,
            "not": self.not_,
            "if": self.if_,
            "contains": self.contains,
            "uniqueItems": self.unique_items,
            "items": self.items,
            "patternProperties": self.pattern_properties,
            "additionalProperties": self.additional_properties,
            "propertyNames": self.property_names,
            "unevaluatedProperties": self.unevaluated_properties,
            "unevaluatedItems": self.unevaluated_items,
        }

    def ref(self, validator: Any, wanted: str, instance: Any, _schema: Schema) -> Any:
        return validator.descend(instance, self._linked.targets[wanted])

    def any_of(self, validator: Any, wanted: list[Schema], instance: Any, _schema: Schema) -> Iterator[Problem]:
        errors: list[ValidationError] = []
        open_ = False
        for index, branch in enumerate(wanted):
            found = list(validator.descend(instance, branch, schema_path=index))
            if not found:
                return
            open_ |= not is_wrong(found)
            errors += found
        yield Problem(Verdict.RUNTIME) if open_ else Problem(context=errors)

    def one_of(self, validator: Any, wanted: list[Schema], instance: Any, _schema: Schema) -> Iterator[Problem]:
        errors: list[ValidationError] = []
        fitting: list[int] = []
        open_ = False
        for index, branch in enumerate(wanted):
            found = list(validator.descend(instance, branch, schema_path=index))
            if not found:
                fitting.append(index)
            open_ |= bool(found) and not is_wrong(found)
            errors += found
        if len(fitting) > 1:
            yield Problem(detail=tuple(fitting))
        elif open_:
            yield Problem(Verdict.RUNTIME)
        elif not fitting:
            yield Problem(context=errors)

    def not_(self, validator: Any, wanted: Schema, instance: Any, _schema: Schema) -> Iterator[Problem]:
        found = list(validator.descend(instance, wanted))
        if not found:
            yield Problem()
        elif not is_wrong(found):
            yield Problem(Verdict.RUNTIME)

    def if_(self, validator: Any, wanted: Schema, instance: Any, schema: Schema) -> Iterator[ValidationError]:
        ways = [key for key in ("then", "else") if key in schema]
        found = list(validator.descend(instance, wanted)) if ways else []
        if found and not is_wrong(found):
            if any(list(validator.descend(instance, schema[key])) for key in ways):
                yield Problem(Verdict.RUNTIME)
        elif (way := "else" if found else "then") in ways:
            for error in validator.descend(instance, schema[way], schema_path=way):
                if not hasattr(error, "condition"):
                    error.condition = wanted
                yield error

    def contains(self, validator: Any, wanted: Schema, instance: Any, schema: Schema) -> Iterator[Problem]:
        if not isinstance(instance, list):
            return
        least, most = schema.get("minContains", 1), schema.get("maxContains", len(instance))
        certain = possible = 0
        for item in instance:
            found = list(validator.descend(item, wanted))
            certain += not found
            possible += not is_wrong(found)
        if certain > most or possible < least:
            yield Problem(detail=(certain, least, most))
        elif possible > most or certain < least:
            yield Problem(Verdict.RUNTIME)

    def unique_items(self, _validator: Any, wanted: bool, instance: Any, _schema: Schema) -> Iterator[Problem]:
        if not wanted or not isinstance(instance, list) or len(instance) < 2:
            return
        first: dict[Any, int] = {}
        for index, item in enumerate(instance):
            if self._doubt(item) is None and first.setdefault(frozen(item), index) != index:
                yield Problem(path=[index], detail=first[frozen(item)])
        if doubt := self._doubt(instance):
            yield Problem(doubt)

    def items(self, validator: Any, wanted: Schema, instance: Any, schema: Schema) -> Any:
        if isinstance(instance, list):
            for index in range(len(schema.get("prefixItems", ())), len(instance)):
                if not self._is_fine(wanted, instance[index], len(instance)):
                    yield from validator.descend(instance[index], wanted, path=index)

    def pattern_properties(self, validator: Any, wanted: dict[str, Schema], instance: Any, _schema: Schema) -> Any:
        if isinstance(instance, dict):
            for text, child in wanted.items():
                for key, value in instance.items():
                    if regex.search(text, key) and not self._is_fine(child, value, len(instance)):
                        yield from validator.descend(value, child, path=key, schema_path=text)

    def additional_properties(self, validator: Any, wanted: Schema, instance: Any, schema: Schema) -> Any:
        """One problem for each key that nothing names, in the order of the map."""
        if isinstance(instance, dict):
            for key, value in instance.items():
                if not is_named(key, schema) and not self._is_fine(wanted, value, len(instance)):
                    yield from self._extra(validator, wanted, key, value)

    def _is_fine(self, schema: Schema, value: Any, siblings: int) -> bool:
        """Whether engine 1 can say that one of many values is valid."""
        return siblings >= MANY and self._doubt(value) is None and self._fast.accepts(schema, value)

    def _extra(self, validator: Any, wanted: Schema, step: str | int, value: Any) -> Any:
        if wanted == NEVER:
            return [Problem(path=[step], detail=step)]
        return validator.descend(value, wanted, path=step)

    def property_names(self, validator: Any, wanted: Schema, instance: Any, _schema: Schema) -> Iterator[Problem]:
        if isinstance(instance, dict):
            for key in instance:
                if errors := list(validator.descend(key, wanted)):
                    yield Problem(path=[key], detail=key, context=errors)

    def unevaluated_properties(self, validator: Any, wanted: Schema, instance: Any, schema: Schema) -> Any:
        if isinstance(instance, dict):
            certain, possible = self._evaluated.keys(validator, instance, schema)
            yield from self._unevaluated(
                validator, wanted, instance, [k for k in instance if k not in certain], possible
            )

    def unevaluated_items(self, validator: Any, wanted: Schema, instance: Any, schema: Schema) -> Any:
        if isinstance(instance, list):
            certain, possible = self._evaluated.items(validator, instance, schema)
            left = [index for index in range(len(instance)) if index not in certain]
            yield from self._unevaluated(validator, wanted, instance, left, possible)

    def _unevaluated(self, validator: Any, wanted: Schema, instance: Any, left: list[Any], possible: set[Any]) -> Any:
        """Problems of the parts that no other keyword certainly looked at; where one may have, they are doubts."""
        for step in left:
            errors = list(self._extra(validator, wanted, step, instance[step]))
            if step not in possible:
                yield from errors
            elif errors:
                yield Problem(self._doubt(instance) or Verdict.RUNTIME)
                return


def is_named(key: str, schema: Schema) -> bool:
    """Whether `properties` or `patternProperties` beside speak about a key."""
    return key in schema.get("properties", ()) or any(
        regex.search(text, key) for text in schema.get("patternProperties", ())
    )
