"""`cfgc.yaml` against its schema, which ships beside this module.

A small reading of JSON Schema, for start-up must not pay for a library: the keywords that the schema uses, each with
words of its own. `tests/discover/test_schema.py` holds it to a real validator and fails on a keyword unknown here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from cfgc.model.keypath import KeyPath, show
from cfgc.model.values import Value, kind_of
from cfgc.stages.discover.suggestion import did_you_mean

FILE = "cfgc.yaml"

_Schema: TypeAlias = "dict[str, Any]"
_KINDS = {"object": "map", "array": "list"}
_ARTICLES = {"integer": "an integer", "null": "null"}
_SHOWN = 60


class Problem(NamedTuple):
    """What is wrong at one place. `setting` is what to call the place, `says` the rest of the sentence.

    Where a schema says `writeOnly` a value may be a token: neither it nor its line is `quotable`.
    """

    path: KeyPath
    setting: str
    says: str
    help: str = ""
    unknown: bool = False
    at_key: bool = False
    quotable: bool = True


def settings_schema() -> _Schema:
    """The JSON Schema (2020-12) of `cfgc.yaml`."""
    text = Path(__file__).with_name("cfgc.schema.json").read_text(encoding="utf-8")
    schema: _Schema = json.loads(text)
    return schema


def problems(value: Value, schema: _Schema) -> Iterator[Problem]:
    """Everything in a value that its schema does not allow, in the value's order."""
    return _Check(schema).problems(schema, value, ())


class _Check:
    def __init__(self, root: _Schema) -> None:
        self._root = root

    def problems(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        """One wrong type hides what follows from it."""
        for keyword, check in _KEYWORDS.items():
            if keyword in schema:
                found = list(check(self, schema, value, path))
                if schema.get("writeOnly"):
                    found = [each._replace(quotable=False) for each in found]
                yield from found
                if found and keyword == "type":
                    return

    def resolve(self, schema: _Schema) -> _Schema:
        while "$ref" in schema:
            schema = self._root["$defs"][schema["$ref"].rpartition("/")[2]]
        return schema

    def ref(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        return self.problems(self.resolve(schema), value, path)

    def type(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        kinds = self.kinds(schema)
        kind = kind_of(value)
        if kind not in kinds:
            quotes = kinds == ["string"] and kind in ("integer", "number", "boolean", "null")
            yield _wrong(path, f"must be {_or(kinds)}, not {_article(kind)}", "put it in quotes" if quotes else "")

    def kinds(self, schema: _Schema) -> list[str]:
        """The kinds of value that a schema can be meant for."""
        schema = self.resolve(schema)
        if "anyOf" in schema:
            return [kind for branch in schema["anyOf"] for kind in self.kinds(branch)]
        if "type" in schema:
            types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            return [_KINDS.get(name, str(name)) for name in types]
        return sorted({str(kind_of(known)) for known in schema.get("enum", [schema.get("const")])})

    def const(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        if kind_of(value) != kind_of(schema["const"]) or value != schema["const"]:
            yield _wrong(path, f"must be {schema['const']}, not {_quote(value)}")

    def enum(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        known = schema["enum"]
        if not isinstance(value, str) or value not in known:
            says = f"must be {_or([f'`{word}`' for word in known], named=True)}, not {_quote(value)}"
            yield _wrong(path, says, did_you_mean(value, known) or "" if isinstance(value, str) else "")

    def any_of(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        kind = kind_of(value)
        branches = [branch for branch in schema["anyOf"] if kind in self.kinds(branch)]
        if not branches:
            yield _wrong(path, f"must be {_or(self.kinds(schema))}, not {_article(kind)}")
        else:
            yield from min((list(self.problems(branch, value, path)) for branch in branches), key=len)

    def one_of(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        titles = [branch["title"] for branch in schema["oneOf"]]
        fitting = [branch for branch in schema["oneOf"] if not any(self.problems(branch, value, path))]
        if not fitting:
            yield _wrong(path, f"lacks {_or(titles, named=True)}")
        elif len(fitting) > 1:
            yield _wrong(path, f"cannot have both {' and '.join(titles)}")

    def min_length(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        if isinstance(value, str) and len(value) < schema["minLength"]:
            yield _wrong(path, "must not be empty")

    def pattern(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        if isinstance(value, str) and not re.fullmatch(schema["pattern"], value):
            shown = "" if schema.get("writeOnly") else f", not {_quote(value)}"
            yield _wrong(path, f"must be {schema['title']}{shown}")

    def min_items(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        if isinstance(value, list) and len(value) < schema["minItems"]:
            yield _wrong(path, "must not be empty")

    def items(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from self.problems(schema["items"], item, (*path, index))

    def required(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        for key in schema["required"]:
            if isinstance(value, dict) and key not in value:
                yield _wrong(path, f"lacks `{key}`")

    def names(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        for key in value if isinstance(value, dict) else ():
            for found in self.problems(schema["propertyNames"], key, (*path, key)):
                yield found._replace(setting=f"the key `{key}`", at_key=True)

    def properties(self, schema: _Schema, value: Value, path: KeyPath) -> Iterator[Problem]:
        known, other = schema.get("properties", {}), schema.get("additionalProperties", {})
        for key, item in value.items() if isinstance(value, dict) else ():
            if key in known or other is not False:
                yield from self.problems(known.get(key, other), item, (*path, key))
            else:
                help_ = did_you_mean(key, known) or f"known here: {', '.join(known)}"
                yield Problem((*path, key), f"`{show((*path, key))}`", "", help_, unknown=True, at_key=True)


_Keyword: TypeAlias = Callable[[_Check, _Schema, Value, KeyPath], Iterator[Problem]]

_KEYWORDS: dict[str, _Keyword] = {
    "$ref": _Check.ref,
    "type": _Check.type,
    "const": _Check.const,
    "enum": _Check.enum,
    "anyOf": _Check.any_of,
    "oneOf": _Check.one_of,
    "minLength": _Check.min_length,
    "pattern": _Check.pattern,
    "minItems": _Check.min_items,
    "items": _Check.items,
    "required": _Check.required,
    "propertyNames": _Check.names,
    "additionalProperties": _Check.properties,
}
"""Where there are `properties`, there is `additionalProperties`, and one check does both."""


def _wrong(path: KeyPath, says: str, help: str = "") -> Problem:
    return Problem(path, f"`{show(path) if path else FILE}`", says, help)


def _or(words: list[str], *, named: bool = False) -> str:
    shown = words if named else [_article(word) for word in words]
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]


def _article(kind: str) -> str:
    return _ARTICLES.get(kind, f"a {kind}")


def _quote(value: Value) -> str:
    """A wrong value as it may be shown: `cfgc.yaml` holds no secrets, but it may hold anything."""
    if isinstance(value, (dict, list)):
        return _article(kind_of(value))
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text if len(text) <= _SHOWN else text[:_SHOWN] + '...'}`"
