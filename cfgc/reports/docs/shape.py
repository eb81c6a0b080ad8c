"""What the schemas say of one place, read from the one schema that they all make together (`Schemas.bundle`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from cfgc.external import regex

Schema: TypeAlias = "dict[str, Any]"

_NEVER: Schema = {"not": {}}


class Shape:
    """The schemas that hold for a place whatever stands there: through `$ref` and `allOf`, the most particular first.

    What stands beside a `$ref` comes before what that means, and a later schema of `allOf` before an earlier one.
    `secret` is what the nearest `x-cfgc-secret` at or above the place says.
    """

    __slots__ = ("_definitions", "schemas", "secret")

    def __init__(self, schemas: Iterable[Any], definitions: Mapping[str, Any], *, secret: bool = False) -> None:
        self._definitions = definitions
        self.schemas: tuple[Schema, ...] = tuple(self._flat(schemas))
        self.secret: bool = self.get("x-cfgc-secret", secret)

    @property
    def known(self) -> bool:
        """Whether any schema speaks about the place."""
        return bool(self.schemas)

    @property
    def identity(self) -> frozenset[int]:
        """The same for two places that the same schemas speak about."""
        return frozenset(map(id, self.schemas))

    def get(self, keyword: str, default: Any = None) -> Any:
        """The value of a keyword in the most particular schema that has it."""
        return next(iter(self.all(keyword)), default)

    def all(self, keyword: str) -> list[Any]:
        """The values of a keyword in every schema that has it."""
        return [schema[keyword] for schema in self.schemas if keyword in schema]

    def names(self) -> list[str]:
        """The keys that the schemas name, in the order in which they do, those that are only required last."""
        found: dict[str, None] = {}
        for keyword in ("properties", "required"):
            for keys in reversed(self.all(keyword)):  # the general schema has the order that readers know
                found.update(dict.fromkeys(keys))
        return list(found)

    def requires(self, key: str) -> bool:
        """Whether the key must be there where the place is."""
        return any(key in keys for keys in self.all("required"))

    def step(self, key: str) -> Shape:
        """The place one key deeper."""
        return self._inside(self._below(key))

    def others(self) -> Shape:
        """What holds for keys that no schema names, else for those of the first pattern; none where none may be."""
        found = self.all("additionalProperties")
        if not found or False in found:
            found = [each for keys in self.all("patternProperties") for each in keys.values()][:1]
        return self._inside(found)

    def item(self, index: int = 0) -> Shape:
        """The place of a list item."""
        return self._inside(self._items(index))

    def also(self, schema: Any) -> Shape:
        """The same place where one more schema holds, which comes first."""
        return self._inside((schema, *self.schemas))

    def types(self) -> tuple[str, ...]:
        """The types of JSON Schema that a value may have; nothing where no schema says."""
        allowed = [[each] if isinstance(each, str) else list(each) for each in self.all("type")]
        values = [value for keyword in ("enum", "const") for value in self._values(keyword)]
        if not allowed:
            return tuple(dict.fromkeys(_type_of(value) for value in values))
        first, *rest = allowed
        return tuple(name for name in first if all(_fits(name, others) for others in rest))

    def _inside(self, schemas: Iterable[Any]) -> Shape:
        return Shape(schemas, self._definitions, secret=self.secret)

    def _values(self, keyword: str) -> list[Any]:
        value = self.get(keyword, [])
        return [value] if keyword == "const" and self.all("const") else value

    def _below(self, key: str) -> Iterator[Any]:
        for schema in self.schemas:
            properties, named = schema.get("properties", {}), False
            if key in properties:
                named = True
                yield properties[key]
            for pattern, child in schema.get("patternProperties", {}).items():
                if _matches(pattern, key):
                    named = True
                    yield child
            if not named and "additionalProperties" in schema:
                yield schema["additionalProperties"]

    def _items(self, index: int) -> Iterator[Any]:
        for schema in self.schemas:
            first = schema.get("prefixItems", ())
            if index < len(first):
                yield first[index]
            elif "items" in schema:
                yield schema["items"]

    def _flat(self, schemas: Iterable[Any]) -> Iterator[Schema]:
        seen: set[int] = set()
        todo = list(schemas)[::-1]
        while todo:
            raw = todo.pop()
            schema: Schema = _NEVER if raw is False else {} if raw is True else raw
            if not schema or id(schema) in seen:
                continue
            seen.add(id(schema))
            yield schema
            todo += schema.get("allOf", ())
            if "$ref" in schema:
                todo.append(self._target(schema["$ref"]))

    def _target(self, reference: str) -> Any:
        """What a pointer into the bundle means."""
        value: Any = {"$defs": self._definitions}
        for token in reference.removeprefix("#/").split("/"):
            step = unquote(token).replace("~1", "/").replace("~0", "~")
            value = value[int(step)] if isinstance(value, list) else value[step]
        return value


def shape_of(bundle: Schema) -> Shape:
    """The root of a tree to which a bundle of schemas speaks."""
    return Shape([bundle], bundle.get("$defs", {}))


_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (str, "string"),
    (int, "integer"),
    (float, "number"),
    (dict, "object"),
    (list, "array"),
)


def _type_of(value: Any) -> str:
    return next((name for type_, name in _TYPES if isinstance(value, type_)), "null")


def _fits(name: str, others: list[str]) -> bool:
    return name in others or (name == "integer" and "number" in others)


def _matches(pattern: str, key: str) -> bool:
    try:
        return regex.search(pattern, key)
    except regex.PatternError:  # a finding of its own, wherever the schema is used
        return False
