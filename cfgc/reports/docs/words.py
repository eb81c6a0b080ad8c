"""What schemas say of a value, in words. Names and literals stand in backticks."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from cfgc.model.text import cut
from cfgc.reports.docs.shape import Schema, Shape
from cfgc.stages.check.schema.formats.formats import EXAMPLES

_LONGEST = 120
"""characters of a pattern or a literal"""

_RANGE = "minimum maximum"

_KINDS: Mapping[str, str] = MappingProxyType({"object": "map", "array": "list"})


def types_in_words(shape: Shape) -> tuple[str, ...]:
    """The kinds of value that the schemas allow: `string`, `map`, `list of integer`; nothing where none says."""
    sources = [shape] if shape.schemas else shape.forms()
    return tuple(dict.fromkeys(_kind(name, each) for each in sources for name in each.types()))


def _kind(name: str, shape: Shape) -> str:
    if name != "array":
        return _KINDS.get(name, name)
    first = max((len(each) for each in shape.all("prefixItems")), default=0)
    kinds = [" or ".join(_KINDS.get(each, each) for each in shape.item(at).types()) for at in range(max(first, 1))]
    inner = " and then ".join(kind or "anything" for kind in kinds) if any(kinds) else ""
    return f"list of {inner}" if inner else "list"


def constraints(shape: Shape, *, without: Collection[str] = ()) -> tuple[str, ...]:
    """What the schemas ask of a value besides its type, one phrase each, the most particular first.

    Of a place that only forms know, what each of them asks.
    """
    if shape.schemas or not shape.known:
        return _asked(shape, without)
    forms = dict.fromkeys(" and ".join(_asked(form, without)) for form in shape.forms())
    return (" or ".join(forms),) if all(forms) else ()


def _asked(shape: Shape, without: Collection[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for schema in shape.schemas:
        schema = _with_range(schema)
        for keyword, phrase in _PHRASES.items():
            if keyword in schema and keyword not in without:
                found[phrase(schema[keyword])] = None
    found.pop("", None)
    return tuple(found)


def _with_range(schema: Schema) -> Schema:
    """A schema that says both bounds at once, where it has both."""
    if not {"minimum", "maximum"} <= schema.keys():
        return schema
    others = {keyword: value for keyword, value in schema.items() if keyword not in ("minimum", "maximum")}
    return {**others, _RANGE: (schema["minimum"], schema["maximum"])}


def _literal(value: Any) -> str:
    return _quoted(json.dumps(value, ensure_ascii=False).replace("`", "\\u0060"))


def _quoted(text: str) -> str:
    """A name in backticks; one in it, which would end it, is written as regular expressions can."""
    return f"`{cut(text.replace('`', chr(92) + 'x60'), _LONGEST)}`"


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def _never(schema: Any) -> str:
    schema = schema if isinstance(schema, dict) else {}
    values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
    return f"never {', '.join(map(_literal, values))}" if values else "not of a certain form"


def _contains(schema: Any) -> str:
    literals = isinstance(schema, dict) and ("const" in schema or "enum" in schema)
    if not literals:
        return "an item of a certain form among them"
    return f"{_literal(schema['const']) if 'const' in schema else _either(schema['enum'])} among them"


def _keys(schema: Any) -> str:
    pattern = schema.get("pattern") if isinstance(schema, dict) else None
    return f"keys match {_quoted(pattern)}" if pattern else ""


def key_matches(pattern: str) -> str:
    """What is said of the keys that a pattern is about."""
    return f"every key that matches {_quoted(pattern)}"


def _together(rules: Mapping[str, list[str]]) -> str:
    return " and ".join(f"with {_quoted(key)} also {_names(others)}" for key, others in rules.items())


def _either(values: list[Any]) -> str:
    return "one of " + ", ".join(map(_literal, values))


def _counted(least: str, noun: str) -> Callable[[Any], str]:
    return lambda number: f"{least} {number} {noun}{'' if number == 1 else 's'}"


def _format(name: str) -> str:
    return EXAMPLES.get(name, f"format `{name}`")


def _merge(rule: Any) -> str:
    return f"lists are merged by `{rule['by']}`" if isinstance(rule, dict) else f"lists are merged by `{rule}`"


def _across(rule: str) -> str:
    return "differs between environments" if rule == "must-differ" else "the same in every environment"


def _shared(patterns: list[str]) -> str:
    return f"may be read by {_names(patterns)}"


def _if(phrase: str) -> Callable[[Any], str]:
    return lambda flag: phrase if flag is True else ""


def _unless(phrase: str) -> Callable[[Any], str]:
    return lambda flag: phrase if flag is False else ""


_PHRASES: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "const": lambda value: f"always {_literal(value)}",
        "enum": _either,
        "format": _format,
        _RANGE: lambda bounds: f"{_literal(bounds[0])} to {_literal(bounds[1])}",
        "minimum": lambda value: f"at least {_literal(value)}",
        "exclusiveMinimum": lambda value: f"above {_literal(value)}",
        "maximum": lambda value: f"at most {_literal(value)}",
        "exclusiveMaximum": lambda value: f"below {_literal(value)}",
        "multipleOf": lambda value: f"a multiple of {_literal(value)}",
        "minLength": _counted("at least", "character"),
        "maxLength": _counted("at most", "character"),
        "pattern": lambda text: f"matches {_quoted(text)}",
        "minItems": _counted("at least", "item"),
        "maxItems": _counted("at most", "item"),
        "uniqueItems": _if("no item twice"),
        "contains": _contains,
        "minProperties": _counted("at least", "key"),
        "maxProperties": _counted("at most", "key"),
        "additionalProperties": _unless("no other keys"),
        "unevaluatedProperties": _unless("no other keys"),
        "anyOf": lambda schemas: f"at least one of {len(schemas)} forms",
        "oneOf": lambda schemas: f"exactly one of {len(schemas)} forms",
        "not": _never,
        "if": lambda _: "more under a condition",
        "dependentRequired": _together,
        "propertyNames": _keys,
        "x-cfgc-merge": _merge,
        "x-cfgc-across": _across,
        "x-cfgc-shared-with": _shared,
        "x-cfgc-references": _unless("`${` in it stays as it is"),
    }
)
