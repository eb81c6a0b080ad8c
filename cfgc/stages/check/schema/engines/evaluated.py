"""Which keys and items other keywords looked at: what `unevaluatedProperties` and `unevaluatedItems` leave alone.

Two sets, because a runtime variable may leave open whether an alternative fits: what was certainly looked at, and what
may have been.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from cfgc.external import regex
from cfgc.stages.check.schema.engines.problem import is_wrong
from cfgc.stages.check.schema.linking.linked import Linked, Schema

Sets: TypeAlias = "tuple[set[Any], set[Any]]"


class Evaluated:
    """The keys and items that a schema looks at in a value, through everything that sees the same value."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked

    def keys(self, validator: Any, instance: dict[str, Any], schema: Schema) -> Sets:
        """Keys that a schema's own keywords other than `unevaluatedProperties` look at: certainly, and perhaps."""
        return self._collect(validator, instance, schema, _own_keys)

    def items(self, validator: Any, instance: list[Any], schema: Schema) -> Sets:
        """The same for the indices of a list."""
        return self._collect(validator, instance, schema, _own_items)

    def _collect(self, validator: Any, instance: Any, schema: Schema, own: Any) -> Sets:
        certain, possible = own(validator, instance, schema)
        for child, is_sure in self._applied(validator, instance, schema):
            sure, perhaps = self._collect(validator, instance, child, _with_unevaluated(own))
            (certain if is_sure else possible).update(sure)
            possible |= perhaps
        return certain, possible

    def _applied(self, validator: Any, instance: Any, schema: Schema) -> Iterator[tuple[Schema, bool]]:
        """The schemas that see the same value and fit it, each with whether that is certain."""
        if "$ref" in schema:
            yield self._linked.targets[schema["$ref"]], True
        yield from ((child, True) for child in schema.get("allOf", ()))
        for keyword in ("anyOf", "oneOf"):
            yield from _fitting(validator, instance, schema.get(keyword, ()))
        dependent = schema.get("dependentSchemas", {})
        if isinstance(instance, dict):
            yield from ((child, True) for key, child in dependent.items() if key in instance)
        yield from _conditional(validator, instance, schema)


def _fitting(validator: Any, instance: Any, branches: Any) -> Iterator[tuple[Schema, bool]]:
    for branch in branches:
        errors = list(validator.descend(instance, branch))
        if not is_wrong(errors):
            yield branch, not errors


def _conditional(validator: Any, instance: Any, schema: Schema) -> Iterator[tuple[Schema, bool]]:
    if "if" not in schema:
        return
    errors = list(validator.descend(instance, schema["if"]))
    if not is_wrong(errors):
        yield schema["if"], not errors
        if "then" in schema:
            yield schema["then"], not errors
    if errors and "else" in schema:
        yield schema["else"], is_wrong(errors)


def _with_unevaluated(own: Any) -> Any:
    """Below the schema in question, its own `unevaluated*` counts as having looked at everything."""

    def collect(validator: Any, instance: Any, schema: Schema) -> Sets:
        keyword = "unevaluatedProperties" if isinstance(instance, dict) else "unevaluatedItems"
        if keyword in schema:
            return set(instance if isinstance(instance, dict) else range(len(instance))), set()
        sets: Sets = own(validator, instance, schema)
        return sets

    return collect if own in (_own_keys, _own_items) else own


def _own_keys(_validator: Any, instance: dict[str, Any], schema: Schema) -> Sets:
    if "additionalProperties" in schema:
        return set(instance), set()
    named = instance.keys() & schema.get("properties", {}).keys()
    patterns = schema.get("patternProperties", ())
    return named | {key for key in instance if any(regex.search(text, key) for text in patterns)}, set()


def _own_items(validator: Any, instance: list[Any], schema: Schema) -> Sets:
    if "items" in schema:
        return set(range(len(instance))), set()
    certain = set(range(min(len(instance), len(schema.get("prefixItems", ())))))
    possible: set[int] = set()
    if "contains" in schema:
        for index, item in enumerate(instance):
            errors = list(validator.descend(item, schema["contains"]))
            if not is_wrong(errors):
                (possible if errors else certain).add(index)
    return certain, possible
