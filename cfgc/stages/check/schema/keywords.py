"""The vocabulary of JSON Schema 2020-12 and of cfgc: what each keyword must hold and where schemas stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

DRAFT = "https://json-schema.org/draft/2020-12/schema"

PORT = "x-cfgc-port"
"""Added beside `format: port` when schemas are linked: a format sees text only, a port may be an integer."""

NEVER: dict[str, Any] = {"not": {}}
"""How the linked document writes `false`."""


class Holds(Enum):
    """Where a keyword holds schemas."""

    NOTHING = 0
    SCHEMA = 1
    LIST = 2
    MAP = 3


class Keyword(NamedTuple):
    """What a keyword's value must be, as words and as a test, where schemas stand in it, and what it may name."""

    shape: str
    accepts: Callable[[Any], bool]
    holds: Holds = Holds.NOTHING
    choices: tuple[str, ...] = ()


TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _count(value: Any) -> bool:
    return _number(value) and value >= 0 and float(value).is_integer()


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value) and len(set(value)) == len(value)


def _schema(value: Any) -> bool:
    return isinstance(value, (dict, bool))


def _schema_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_schema, value))


def _schema_map(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_schema, value.values()))


def _text_map(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_texts, value.values()))


def _type(value: Any) -> bool:
    return value in TYPES if isinstance(value, str) else _texts(value) and bool(value) and set(value) <= set(TYPES)


def _is(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types)


SCHEMA = Keyword("a schema (a map, `true` or `false`)", _schema, Holds.SCHEMA)
SCHEMA_LIST = Keyword("a list of at least one schema", _schema_list, Holds.LIST)
SCHEMA_MAP = Keyword("a map of schemas", _schema_map, Holds.MAP)
NUMBER = Keyword("a number", _number)
COUNT = Keyword("a whole number of at least 0", _count)
TEXT = Keyword("a string", _is(str))
TEXTS = Keyword("a list of different strings", _texts)
FLAG = Keyword("`true` or `false`", _is(bool))
LIST = Keyword("a list", _is(list))
ANYTHING = Keyword("anything", lambda _: True)


def _each(names: str, keyword: Keyword) -> dict[str, Keyword]:
    return dict.fromkeys(names.split(), keyword)


KEYWORDS: Mapping[str, Keyword] = {
    **_each("$schema $id $ref $anchor $dynamicRef $dynamicAnchor $comment title description", TEXT),
    **_each("format pattern contentEncoding contentMediaType", TEXT),
    **_each("additionalProperties unevaluatedProperties propertyNames items unevaluatedItems contains", SCHEMA),
    **_each("not if then else contentSchema", SCHEMA),
    **_each("allOf anyOf oneOf prefixItems", SCHEMA_LIST),
    **_each("properties patternProperties dependentSchemas $defs definitions", SCHEMA_MAP),
    **_each("maximum minimum exclusiveMaximum exclusiveMinimum", NUMBER),
    **_each("maxLength minLength maxItems minItems maxProperties minProperties maxContains minContains", COUNT),
    **_each("uniqueItems deprecated readOnly writeOnly", FLAG),
    **_each("default const", ANYTHING),
    **_each("enum examples", LIST),
    "$vocabulary": Keyword("a map", _is(dict)),
    "multipleOf": Keyword("a number above 0", lambda value: _number(value) and value > 0),
    "type": Keyword("one of, or a list of, " + ", ".join(f"`{name}`" for name in TYPES), _type, choices=TYPES),
    "required": TEXTS,
    "dependentRequired": Keyword("a map of lists of different strings", _text_map),
}

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LIST_RULES = ("append", "prepend", "unique", "replace")
_ACROSS = ("must-differ", "must-match")


def _merge(value: Any) -> bool:
    if isinstance(value, dict):
        return list(value) == ["by"] and isinstance(value["by"], str) and bool(value["by"])
    return value in _LIST_RULES if isinstance(value, str) else False


def _across(value: Any) -> bool:
    return isinstance(value, str) and value in _ACROSS


ANNOTATIONS: Mapping[str, Keyword] = {
    "x-cfgc-merge": Keyword("`append`, `prepend`, `unique`, `replace` or `{by: KEY}`", _merge, choices=_LIST_RULES),
    "x-cfgc-secret": FLAG,
    "x-cfgc-shared-with": Keyword("a list of component patterns", lambda value: _texts(value) and bool(value)),
    "x-cfgc-references": FLAG,
    "x-cfgc-env": Keyword(
        "the name of a variable", lambda value: isinstance(value, str) and _NAME.fullmatch(value) is not None
    ),
    "x-cfgc-across": Keyword("`must-differ` or `must-match`", _across, choices=_ACROSS),
}
"""The keywords of cfgc (SPEC sections 4 to 8); the values are looked up by key path."""

LOOKED_UP = frozenset(ANNOTATIONS) | {"deprecated"}

REPLACED: Mapping[str, str] = {
    "dependencies": "`dependentRequired` or `dependentSchemas`",
    "additionalItems": "`items` beside `prefixItems`",
    "id": "`$id`",
    "$recursiveRef": "`$dynamicRef`",
    "$recursiveAnchor": "`$dynamicAnchor`",
    "nullable": '`type: [..., "null"]`',
}
"""Keywords of older drafts and of OpenAPI that 2020-12 ignores, and what says the same."""

HARMLESS = frozenset({"example"})
"""Annotations of other tools that look like a misspelt keyword."""

IN_PLACE: Mapping[str, Holds] = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), Holds.LIST),
    **dict.fromkeys(("not", "if", "then", "else"), Holds.SCHEMA),
    "dependentSchemas": Holds.MAP,
}
"""Keywords whose schemas see the same value (besides `$ref`)."""


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


BELOW: Mapping[str, Holds] = {
    **dict.fromkeys(("properties", "patternProperties"), Holds.MAP),
    **dict.fromkeys(_words("additionalProperties unevaluatedProperties propertyNames"), Holds.SCHEMA),
    **dict.fromkeys(_words("items unevaluatedItems contains"), Holds.SCHEMA),
    "prefixItems": Holds.LIST,
}
"""Keywords whose schemas see a part of the value."""

DECIDING = _words(
    "anyOf oneOf not if contains uniqueItems dependentRequired dependentSchemas const enum"
    " unevaluatedProperties unevaluatedItems"
)
"""Keywords whose verdict on a map or a list is more than the sum of verdicts on its parts."""

ABOUT_MAPS = _words(
    "properties patternProperties additionalProperties unevaluatedProperties propertyNames required"
    " minProperties maxProperties dependentRequired dependentSchemas"
)
ABOUT_LISTS = _words("items prefixItems unevaluatedItems contains minItems maxItems uniqueItems")
ABOUT_NUMBERS = _words("minimum maximum exclusiveMinimum exclusiveMaximum multipleOf")
ABOUT_STRINGS = _words("minLength maxLength pattern format")
ABOUT_ANYTHING = _words("type const enum anyOf oneOf not if")

ASSERTING = ABOUT_MAPS | ABOUT_LISTS | ABOUT_NUMBERS | ABOUT_STRINGS | ABOUT_ANYTHING
"""Keywords that can refuse a value."""

EFFECTIVE = ASSERTING | ANNOTATIONS.keys() | {"$ref", "$dynamicRef", "allOf", "deprecated"}
"""A schema without any of these says nothing."""
