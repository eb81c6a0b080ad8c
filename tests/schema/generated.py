"""Schemas and values for laws: few names and few values, so that they meet."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

KEYS = st.sampled_from(["a", "b", "ab", "c"])
SCALARS = st.sampled_from([None, True, False, 0, 1, 2, 3.0, 2.5, -1, "", "a", "ab", "30s", "80", "x y"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
TYPES = ["object", "array", "string", "integer", "number", "boolean", "null"]
COUNTS = st.integers(0, 3)
PATTERNS = st.sampled_from(["a", "^a", "b$", "^[ab]+$", "^$", "^.{2}$"])
FORMATS = st.sampled_from(["go-duration", "port", "semver", "date", "ipv4", "byte-size", "cron", "uri"])


def _keyword(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    lists = st.lists(inner, min_size=1, max_size=3)
    maps = st.dictionaries(KEYS, inner, max_size=3)
    table: dict[str, st.SearchStrategy[Any]] = {
        "type": st.one_of(
            st.sampled_from(TYPES), st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True)
        ),
        "enum": st.lists(VALUES, min_size=1, max_size=4),
        "const": VALUES,
        "minimum": st.integers(-1, 3),
        "maximum": st.integers(-1, 3),
        "exclusiveMinimum": st.integers(-1, 3),
        "exclusiveMaximum": st.integers(-1, 3),
        "multipleOf": st.sampled_from([1, 2, 0.5, 0.1]),
        "minLength": COUNTS,
        "maxLength": COUNTS,
        "pattern": PATTERNS,
        "format": FORMATS,
        "minItems": COUNTS,
        "maxItems": COUNTS,
        "uniqueItems": st.booleans(),
        "minProperties": COUNTS,
        "maxProperties": COUNTS,
        "required": st.lists(KEYS, max_size=2, unique=True),
        "dependentRequired": st.dictionaries(KEYS, st.lists(KEYS, max_size=2, unique=True), max_size=2),
        "properties": maps,
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        "additionalProperties": inner,
        "propertyNames": inner,
        "items": inner,
        "prefixItems": lists,
        "contains": inner,
        "allOf": lists,
        "anyOf": lists,
        "oneOf": lists,
        "not": inner,
        "dependentSchemas": maps,
        "unevaluatedProperties": inner,
        "unevaluatedItems": inner,
        "$ref": st.sampled_from(["#/$defs/text", "#/$defs/map", "#/$defs/list"]),
    }
    single = st.sampled_from(sorted(table)).flatmap(lambda name: table[name].map(lambda value: {name: value}))
    condition = st.fixed_dictionaries({"if": inner}, optional={"then": inner, "else": inner})
    counted = st.fixed_dictionaries({"contains": inner}, optional={"minContains": COUNTS, "maxContains": COUNTS})
    return st.one_of(single, single, single, condition, counted)


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


INNER = st.recursive(
    st.booleans(), lambda inner: st.lists(_keyword(inner), min_size=1, max_size=3).map(_merged), max_leaves=12
)

DEFINITIONS: dict[str, Any] = {
    "text": {"type": "string", "minLength": 1},
    "map": {"type": "object", "additionalProperties": {"$ref": "#/$defs/map"}, "maxProperties": 2},
    "list": {"items": {"anyOf": [{"$ref": "#/$defs/list"}, {"type": "number"}]}},
}
"""What a `$ref` may lead to; two of them are recursive."""

SCHEMAS = INNER.filter(lambda schema: isinstance(schema, dict) and bool(schema)).map(
    lambda schema: {**(schema if isinstance(schema, dict) else {}), "$defs": DEFINITIONS}
)

LEAF = "\1leaf"
"""Stands in a value for a leaf that a test puts there."""
_SHAPES: list[Any] = [
    LEAF,
    {"a": LEAF},
    {"a": LEAF, "b": 1},
    {"a": LEAF, "b": LEAF},
    {"a": {"b": LEAF}, "c": "a"},
    [LEAF],
    [LEAF, "a"],
    [LEAF, LEAF],
    [1, LEAF, 1],
    {"a": [LEAF, LEAF]},
    [{"a": LEAF}, {"a": "a"}],
    {"a": [{"b": LEAF, "c": 2}]},
]
WITH_LEAVES = st.sampled_from(_SHAPES)


def filled(value: Any, leaf: Any) -> Any:
    """A value with `leaf()` in each place that waits for one."""
    if isinstance(value, dict):
        return {key: filled(item, leaf) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, leaf) for item in value]
    return leaf() if isinstance(value, str) and value == LEAF else value


def about(value: Any, depth: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas whose keywords have something to say of a value, rather than ones that happen to."""
    return _about(json.dumps(value), depth)


@cache
def _about(text: str, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    """Made once for each value: to make a strategy takes longer than to draw from it."""
    value = json.loads(text)
    ways = [_of_kind(value, depth)] * 3 + [_of_any(value)]
    if depth:
        ways += [_in_place(value, depth - 1)] * 2
    return st.lists(st.one_of(ways), min_size=1, max_size=2).map(_merged)


def _of_any(value: Any) -> st.SearchStrategy[dict[str, Any]]:
    plain = st.just(filled(value, lambda: "a"))
    return st.one_of(
        st.sampled_from(TYPES).map(lambda name: {"type": name}),
        st.lists(st.sampled_from(TYPES), min_size=1, max_size=4, unique=True).map(lambda names: {"type": names}),
        plain.map(lambda const: {"const": const}),
        st.tuples(plain, SCALARS).map(lambda values: {"enum": list(values)}),
    )


def _in_place(value: Any, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    inner = about(value, depth)
    lists = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.sampled_from(["anyOf", "oneOf", "allOf"]).flatmap(lambda name: lists.map(lambda items: {name: items})),
        inner.map(lambda schema: {"not": schema}),
        st.fixed_dictionaries({"if": inner}, optional={"then": inner, "else": inner}),
    )


def _of_kind(value: Any, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    if isinstance(value, dict) and value and depth:
        return _of_map(value, depth - 1)
    if isinstance(value, list) and value and depth:
        return _of_list(value, depth - 1)
    return st.one_of(
        st.sampled_from([("minLength", 1), ("maxLength", 1), ("minimum", 1), ("exclusiveMaximum", 2)]).map(
            lambda pair: {pair[0]: pair[1]}
        ),
        PATTERNS.map(lambda text: {"pattern": text}),
        FORMATS.map(lambda name: {"format": name}),
        st.sampled_from([{"multipleOf": 2}, {"type": "integer"}, {"const": "a"}, {"enum": ["a", 1]}, False, True]).map(
            lambda schema: schema if isinstance(schema, dict) else {"allOf": [schema]}
        ),
    )


def _of_map(value: dict[str, Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    keys = sorted(value)
    named = st.fixed_dictionaries({}, optional={key: about(value[key], depth) for key in keys})
    child = about(value[keys[0]], depth)
    return st.one_of(
        named.map(lambda schema: {"properties": schema}),
        st.tuples(named, child).map(lambda pair: {"properties": pair[0], "additionalProperties": pair[1]}),
        st.tuples(named, st.one_of(child, st.just(False))).map(
            lambda pair: {"allOf": [{"anyOf": [{"properties": pair[0]}, True]}], "unevaluatedProperties": pair[1]}
        ),
        st.tuples(named, named).map(
            lambda pair: {
                "anyOf": [{"properties": pair[0]}, {"properties": pair[1], "required": keys}],
                "unevaluatedProperties": False,
            }
        ),
        st.just({"required": [*keys, "z"]}),
        child.map(lambda schema: {"patternProperties": {"^": schema}}),
        about(value, depth).map(lambda schema: {"dependentSchemas": {keys[0]: schema}}),
    )


def _of_list(value: list[Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    item = about(value[0], depth)
    return st.one_of(
        item.map(lambda schema: {"items": schema}),
        st.tuples(item, item).map(lambda pair: {"prefixItems": [pair[0]], "items": pair[1]}),
        st.just({"uniqueItems": True}),
        st.fixed_dictionaries({"contains": item}, optional={"minContains": COUNTS, "maxContains": COUNTS}),
        item.map(lambda schema: {"contains": schema, "unevaluatedItems": False}),
        st.tuples(item, item).map(
            lambda pair: {"anyOf": [{"prefixItems": [pair[0]]}, {"items": pair[1]}], "unevaluatedItems": False}
        ),
    )


CASES = WITH_LEAVES.flatmap(lambda value: st.tuples(about(value), st.just(value)))
"""A schema and a value with leaves that it speaks about."""
