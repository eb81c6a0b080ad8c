"""What the schemas say of one place, read from the one schema that they all make together (`Schemas.bundle`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias
from urllib.parse import unquote

from cfgc.external import regex

Schema: TypeAlias = "dict[str, Any]"

_NEVER: Schema = {"not": {}}


class Shape:
    """The schemas that hold for a place whatever stands there: through `$ref` and `allOf`, the most particular first.

    What stands beside a `$ref` comes before what that means, and a later schema of `allOf` before an earlier one.
    `secret` is what the nearest `x-cfgc-secret` at or above the place says. `forms` are what alternatives and
    conditions say of the place; those of the places above are handed down.
    """

    __slots__ = ("_above", "_definitions", "schemas", "secret")

    def __init__(
        self,
        schemas: Iterable[Any],
        definitions: Mapping[str, Any],
        *,
        secret: bool = False,
        above: Iterable[Shape] = (),
    ) -> None:
        self._definitions = definitions
        self._above = tuple(each for each in above if each.schemas and _NEVER not in each.schemas)
        self.schemas: tuple[Schema, ...] = tuple(self._flat(schemas))
        self.secret: bool = self.get("x-cfgc-secret", secret)

    @property
    def known(self) -> bool:
        """Whether any schema speaks about the place."""
        return bool(self.schemas or self._above)

    @property
    def identity(self) -> frozenset[int]:
        """The same for two places that the same schemas speak about."""
        return frozenset(map(id, self.schemas))

    def get(self, keyword: str, default: Any = None) -> Any:
        """The value of a keyword in the most particular schema that has it."""
        return next(iter(self.all(keyword)), default)

    def said(self, keyword: str, default: Any = None) -> Any:
        """The same, where no schema has it for sure the value in the first form that has it."""
        return next((each.get(keyword) for each in (self, *self.forms()) if each.all(keyword)), default)

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

    def names_in_forms(self) -> list[str]:
        """The keys that only alternatives and conditions name."""
        known = set(self.names())
        return list(dict.fromkeys(key for form in self.forms() for key in form.names() if key not in known))

    def requires(self, key: str) -> bool:
        """Whether the key must be there where the place is, whichever alternative it takes."""
        return any(key in keys for keys in self.all("required")) or any(
            all(any(key in keys for keys in self._inside([each]).all("required")) for each in forms)
            for keyword in ("oneOf", "anyOf")
            for forms in self.all(keyword)
        )

    def step(self, key: str) -> Shape:
        """The place one key deeper."""
        return self._inside(self.below(key), (self._inside(form.below(key)) for form in self.forms()))

    def others(self) -> Shape:
        """What holds for keys that no schema names, else for those of the first pattern; none where none may be."""
        rest = self.rest()
        return rest if rest.known else next((shape for _, shape in self.patterns()), rest)

    def rest(self) -> Shape:
        """What holds for keys that neither a name nor a pattern is about; nothing where none may be."""
        found = self.all("additionalProperties")
        return self._inside(() if False in found else found)

    def patterns(self) -> list[tuple[str, Shape]]:
        """The patterns of keys, each with what holds for them."""
        found = [each for keys in self.all("patternProperties") for each in keys.items()]
        return [(pattern, self._inside([schema])) for pattern, schema in found]

    def item(self, index: int = 0) -> Shape:
        """The place of a list item."""
        return self._inside(self.items(index), (self._inside(form.items(index)) for form in self.forms()))

    def forms(self) -> list[Shape]:
        """What holds for some values alone: each alternative and each condition for itself."""
        found: list[Shape] = []
        seen, todo = {self.identity}, [*self._above, *self.alternatives()]
        while todo:
            shape = todo.pop(0)
            if shape.schemas and shape.identity not in seen:
                seen.add(shape.identity)
                found.append(shape)
                todo += shape.alternatives()
        return found

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

    def _inside(self, schemas: Iterable[Any], above: Iterable[Shape] = ()) -> Shape:
        return Shape(schemas, self._definitions, secret=self.secret, above=above)

    def alternatives(self) -> Iterator[Shape]:
        """What the schemas say of some values alone; what stands in that may have alternatives too."""
        for schema in self.schemas:
            several = [schema.get("oneOf", ()), schema.get("anyOf", ()), schema.get("dependentSchemas", {}).values()]
            single = [schema[keyword] for keyword in ("then", "else") if keyword in schema]
            yield from (self._inside([each]) for each in chain(*several, single))

    def _values(self, keyword: str) -> list[Any]:
        value = self.get(keyword, [])
        return [value] if keyword == "const" and self.all("const") else value

    def below(self, key: str) -> Iterator[Any]:
        """The schemas of a key."""
        for schema in self.schemas:
            properties, named = schema.get("properties", {}), False
            if key in properties:
                named = True
                yield properties[key]
            for pattern, child in schema.get("patternProperties", {}).items():
                if matches(pattern, key):
                    named = True
                    yield child
            if not named and "additionalProperties" in schema:
                yield schema["additionalProperties"]

    def items(self, index: int) -> Iterator[Any]:
        """The schemas of an item."""
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


def matches(pattern: str, key: str) -> bool:
    """Whether a pattern of keys is about this one."""
    try:
        return regex.search(pattern, key)
    except regex.PatternError:  # a finding of its own, wherever the schema is used
        return False
