"""Schemas for editors: the linked document with every schema at its place (SPEC section 7, `yaml-language-server`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cfgc.model.keypath import KeyPath
from cfgc.stages.check.schema.annotations import Mounts
from cfgc.stages.check.schema.keywords import BELOW, DRAFT, KEYWORDS, NEVER, PORT, Holds
from cfgc.stages.check.schema.linking.files import Mount
from cfgc.stages.check.schema.linking.linked import Linked, Origin, Schema
from cfgc.stages.check.schema.linking.uris import pointer
from cfgc.stages.check.schema.places import Places

_REFERENCE = "cfgc.reference"
_CHILD = "\0"
"""A key that no schema names: what holds for it holds for every child of an `_each` file."""
_WHOLE = frozenset(
    {
        "$defs",
        "definitions",
        "required",
        "dependentRequired",
        "dependentSchemas",
        "minProperties",
        "minItems",
        "contains",
        "uniqueItems",
    }
    | {"not", "if", "then", "else", "propertyNames", "unevaluatedProperties", "unevaluatedItems", PORT}
)
"""Keywords that a part of a valid tree may break, and `propertyNames`, which editors apply to `<<` too."""


def bundle(linked: Linked, mounts: Iterable[Mount]) -> Schema:
    """One schema for the whole tree: valid exactly where each schema of the project is."""
    definitions = {name: _exact(schema) for name, schema in linked.definitions.items()}
    return {"$schema": DRAFT, **_placed(_tree(linked, mounts), linked), "$defs": definitions}


def for_file(linked: Linked, mounts: Iterable[Mount], at: KeyPath, *, each: bool) -> Schema:
    """One schema for the root of a layer file that stands at a key path."""
    places, node = Places(linked), _tree(linked, mounts)
    place = places.at(node.here)
    for step in (*at, _CHILD) if each else at:
        inner = node.children.get(step, Mounts())
        place = places.at([*place.below(place.fold(step)), *node.each, *inner.here])
        node = inner
    partial = _Partial(linked)
    parts = [partial.to(schema) for schema in place.schemas]
    if below := _placed_below(node, linked):
        parts.append(partial.of(below))
    return {"$schema": DRAFT, "allOf": parts, "$defs": partial.definitions()} if parts else {"$schema": DRAFT}


def _tree(linked: Linked, mounts: Iterable[Mount]) -> Mounts:
    tree = Mounts()
    for mount in mounts:
        if mount.file in linked.roots:
            tree.add(mount, linked.roots[mount.file])
    return tree


def _placed(node: Mounts, linked: Linked) -> Schema:
    """What the schemas that begin at a place and below it ask of the value there."""
    parts: list[Schema] = [{"$ref": linked.origin(schema).reference} for schema in node.here]
    if below := _placed_below(node, linked):
        parts.append(below)
    return parts[0] if len(parts) == 1 else {"allOf": parts} if parts else {}


def _placed_below(node: Mounts, linked: Linked) -> Schema:
    schema: Schema = {}
    if node.children:
        schema["properties"] = {str(step): _placed(child, linked) for step, child in node.children.items()}
    if node.each:
        each = {"$ref": linked.origin(node.each[0]).reference}
        schema |= {"patternProperties": {"^": each}, "items": each}
    return schema


def _exact(schema: Schema) -> Any:
    """A linked schema as the world knows it: `false` as such, and without the keyword of our own."""
    if schema == NEVER:
        return False
    return {keyword: _mapped(keyword, value, _exact) for keyword, value in schema.items() if keyword != PORT}


class _Partial:
    """Linked schemas as layer files meet them: what every part of a valid tree satisfies.

    What a `$ref` means becomes a definition of its own, because the schemas change their shape.
    """

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._targets = {linked.origin(root).reference: root for root in linked.roots.values()} | linked.targets
        self._definitions: dict[str, Any] = {_REFERENCE: _reference()}
        self._waiting: list[Schema] = []

    def to(self, schema: Schema) -> Schema:
        """A reference to the definition of a linked schema, which is made when the definitions are asked for."""
        name = _name(self._linked.origin(schema))
        if name not in self._definitions:
            self._definitions[name] = True
            self._waiting.append(schema)
        return {"$ref": f"#/$defs{pointer((name,))}"}

    def definitions(self) -> dict[str, Any]:
        while self._waiting:
            schema = self._waiting.pop()
            self._definitions[_name(self._linked.origin(schema))] = self.of(schema)
        return self._definitions

    def of(self, schema: Schema) -> Any:
        """What a part of a value that fits a schema satisfies."""
        if schema == NEVER:
            return False
        partial = {
            keyword: _mapped(keyword, value, self._child if keyword in BELOW else self.of)
            for keyword, value in schema.items()
            if keyword not in _WHOLE and not _compares_whole(keyword, value)
        }
        if "$ref" in schema:
            partial |= self.to(self._targets[schema["$ref"]])
        if "oneOf" in partial:  # without `required`, alternatives are not told apart
            partial["allOf"] = [*partial.get("allOf", ()), {"anyOf": partial.pop("oneOf")}]
        if partial.get("additionalProperties") is False:
            partial["properties"] = {"<<": {}, **partial.get("properties", {})}
        return partial

    def _child(self, schema: Schema) -> Any:
        """What may stand in the place of a value: the value, null, a reference, or ciphertext."""
        if not schema or schema == NEVER:
            return self.of(schema)
        return {"anyOf": [self.of(schema), {"$ref": f"#/$defs/{_REFERENCE}"}]}


def _name(origin: Origin) -> str:
    return "/".join(map(str, (origin.definition, *origin.path[origin.home :])))


def _compares_whole(keyword: str, value: Any) -> bool:
    values = value if keyword == "enum" else [value] if keyword == "const" else ()
    return any(isinstance(item, (dict, list)) for item in values)


def _mapped(keyword: str, value: Any, change: Callable[[Schema], Any]) -> Any:
    """A keyword's value with each schema directly inside it changed."""
    rule = KEYWORDS.get(keyword)
    holds = rule.holds if rule else Holds.NOTHING
    if holds is Holds.SCHEMA:
        return change(value)
    if holds is Holds.LIST:
        return [change(item) for item in value]
    return {key: change(item) for key, item in value.items()} if holds is Holds.MAP else value


def _reference() -> Schema:
    # the empty text is what an editor reads after `!unset`
    return {"anyOf": [{"type": "null"}, {"type": "string", "pattern": r"\$\{|^ENC\[|^$"}]}
