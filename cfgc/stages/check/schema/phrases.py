"""Phrases for values and kinds, in the language of YAML, not of JSON Schema. They never show a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from cfgc.model.values import Secret, Unknown, Value, kind_of

_SHOWN = 12
"""names that a list in a message shows at most"""
_LONGEST = 60
"""characters of a value that a message shows at most"""

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "object": "a map",
        "array": "a list",
        "string": "a string",
        "integer": "an integer",
        "number": "a number",
        "boolean": "`true` or `false`",
        "null": "`null`",
    }
)
_OF_OUR_KINDS = MappingProxyType({"map": "object", "list": "array"})

_WORD = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_./-]*", re.IGNORECASE)
"""Strings that need no quotes to be told from other values."""


def a_kind(value: Value) -> str:
    """The kind of a value with its article: `a map`."""
    kind = kind_of(value)
    if kind == "boolean":
        return "a boolean"
    return _KINDS[_OF_OUR_KINDS.get(kind, kind)]


def kinds(types: str | Iterable[str]) -> str:
    """What a schema's `type` asks for: `a string or an integer`."""
    return either([_KINDS[name] for name in ([types] if isinstance(types, str) else types)])


def either(parts: list[str], word: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`."""
    parts = [*parts[:_SHOWN], f"{len(parts) - _SHOWN} others"] if len(parts) > _SHOWN + 1 else parts
    return f" {word} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def names(keys: Iterable[str]) -> str:
    return either([f"`{key}`" for key in keys], "and")


def literal(value: Value) -> str:
    """A plain value as one would write it, cut to a readable length."""
    text = value if isinstance(value, str) and _WORD.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"


def got(value: Value) -> str:
    """What stands there instead: a scalar with its value, anything else by its kind."""
    if isinstance(value, Secret):
        return f"a secret that is {a_kind(value)}"
    if isinstance(value, Unknown):
        return "a runtime variable, which is a scalar" if value.alone else "a text with a runtime variable"
    if isinstance(value, str):
        return f"the string {literal(value)}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"the number {literal(value)}"
    return a_kind(value) if isinstance(value, (dict, list)) else literal(value)
