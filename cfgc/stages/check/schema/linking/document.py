"""One schema file: plain data in, a linked copy out, and what is wrong with its keywords."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cfgc.diagnostics import Diagnostic, report
from cfgc.model.keypath import KeyPath
from cfgc.model.layers import Locator
from cfgc.model.text import closest
from cfgc.stages.check.schema.formats.formats import KNOWN
from cfgc.stages.check.schema.keywords import (
    ANNOTATIONS,
    BELOW,
    DRAFT,
    EFFECTIVE,
    HARMLESS,
    IN_PLACE,
    KEYWORDS,
    LOOKED_UP,
    PORT,
    REPLACED,
    Holds,
    Keyword,
)
from cfgc.stages.check.schema.linking import uris
from cfgc.stages.check.schema.linking.linked import Edges, Linked, Origin, Pattern, Schema, place_of, schemas_in
from cfgc.stages.check.schema.phrases import a_kind, got, literal, names

_OURS = "x-cfgc-"

_HELP: Mapping[tuple[str, type], str] = {
    ("required", bool): "list the keys beside `properties`: `required: [NAME]`; it is no flag of one of them",
    ("exclusiveMinimum", bool): "write the bound itself, in place of `minimum`",
    ("exclusiveMaximum", bool): "write the bound itself, in place of `maximum`",
    ("items", list): "2020-12 says `prefixItems` for a list of schemas",
}
"""What is meant by values that other drafts of JSON Schema allow: (keyword, type) -> help."""

LARGEST = 50_000
"""schemas in all files together, counting every nested one"""


class Reference(NamedTuple):
    """A `$ref` or `$dynamicRef` that waits for its target."""

    schema: Schema
    keyword: str
    text: str
    origin: Origin
    base: str


class Names:
    """What a `$ref` may name besides files: `$id`s and anchors."""

    def __init__(self) -> None:
        self.resources: dict[str, Origin] = {}
        self.anchors: dict[tuple[str, str], Origin] = {}
        self.dynamic: dict[str, list[Origin]] = {}


class Copier:
    """Copies the schemas of files into the linked document and checks every keyword on the way."""

    def __init__(self, linked: Linked, locator: Locator) -> None:
        self.linked = linked
        self.locator = locator
        self.names = Names()
        self.references: list[Reference] = []
        self.places: dict[tuple[str, KeyPath], Schema] = {}
        self.found: list[Diagnostic] = []
        self._special: dict[str, Callable[[Schema, str, Any, Origin, str], None]] = {
            **dict.fromkeys(("$id", "$comment", "$vocabulary"), self._drop),
            **dict.fromkeys(("$anchor", "$dynamicAnchor"), self._anchor),
            **dict.fromkeys(("$ref", "$dynamicRef"), self._reference),
            "$schema": self._draft,
            "pattern": self._pattern,
            "format": self._format,
        }

    def root(self, file: str, value: Any, *, mounted: bool) -> None:
        """Adds a file; one that checks nothing although it stands somewhere is an error (THREATS S10)."""
        origin = Origin(file, ())
        if empty := _emptiness(value, mounted=mounted):
            self.refuse("empty-schema", origin, file=file, why=empty)
        elif not isinstance(value, dict):
            self.refuse("schema-syntax", origin, keyword=file, shape="a map", got=a_kind(value))
        else:
            self.names.resources[uris.of_file(file)] = origin
            self.linked.roots[file] = self.definition(value, origin, uris.of_file(file))

    def definition(self, value: Any, origin: Origin, base: str) -> Schema:
        """Adds a definition of its own: a file's root, or a place no keyword calls a schema but a `$ref` does."""
        schema = self._schema(value, origin, base)
        self.linked.definitions[origin.definition] = schema
        return schema

    def refuse(self, name: str, origin: Origin, **facts: Any) -> None:
        """Reports an error at an origin; its file cannot be used any more."""
        self.linked.broken.add(origin.file)
        self.found.append(report(name, at=place_of(self.locator, origin), **facts))

    def _misshapen(self, name: str, origin: Origin, rule: Keyword, value: Any) -> None:
        """Reports a keyword that holds something else than it must; its origin ends with its name."""
        wrong = _not_among(rule.choices, value)
        keyword = str(origin.path[-1])
        if wrong is None:
            hint, offending = _HELP.get((keyword, type(value)), ""), got(value)
        else:
            hint, offending = _meant(wrong, rule.choices), f"the string {literal(wrong)}"
        self.refuse(name, origin, keyword=keyword, shape=rule.shape, got=offending, help=hint)

    def _new(self, origin: Origin) -> Schema:
        schema: Schema = {}
        self.linked.origins[id(schema)] = origin
        self.places.setdefault((origin.file, origin.path), schema)
        return schema

    def _schema(self, raw: Any, origin: Origin, base: str) -> Schema:
        schema = self._new(origin)
        if len(self.linked.origins) == LARGEST:
            self.refuse("schema-too-costly", origin, what=f"more than {LARGEST} schemas in `schemas/`")
        if len(self.linked.origins) > LARGEST or raw is True:
            return schema
        if raw is False:
            schema["not"] = self._new(origin)
            return schema
        base = self._identify(raw, origin, base)
        for keyword, value in raw.items():
            self._keyword(schema, keyword, value, origin, base)
        if not LOOKED_UP.isdisjoint(schema):
            self.linked.annotated.append(schema)
        return schema

    def _keyword(self, schema: Schema, keyword: str, value: Any, origin: Origin, base: str) -> None:
        rule = KEYWORDS.get(keyword)
        if rule is None:
            self._foreign(schema, keyword, value, origin)
        elif not rule.accepts(value):
            self._misshapen("schema-syntax", origin.below(keyword), rule, value)
        elif rule.holds is not Holds.NOTHING:
            schema[keyword] = self._children(schema, keyword, value, origin, base)
        elif special := self._special.get(keyword):
            special(schema, keyword, value, origin, base)
        else:
            schema[keyword] = value

    def _children(self, schema: Schema, keyword: str, value: Any, origin: Origin, base: str) -> Any:
        holds, origin = KEYWORDS[keyword].holds, origin.below(keyword)
        if keyword == "patternProperties":
            self.linked.patterns += [Pattern(key, origin.below(key), is_key=True) for key in value]
        copies = [(steps, self._schema(raw, origin.below(*steps), base)) for steps, raw in schemas_in(value, holds)]
        edges = self.linked.edges.setdefault(id(schema), Edges([], []))
        if keyword in IN_PLACE:
            edges.in_place.extend(child for _, child in copies)
        elif keyword in BELOW:
            edges.below.extend((keyword, child) for _, child in copies)
        if holds is Holds.SCHEMA:
            return copies[0][1]
        if holds is Holds.LIST:
            return [child for _, child in copies]
        return {steps[0]: child for steps, child in copies}

    def _identify(self, raw: Schema, origin: Origin, base: str) -> str:
        """The base address inside a schema: its `$id`, which then names it, or the address around."""
        text = raw.get("$id")
        if not isinstance(text, str):
            return base
        address = uris.join(base, text)
        if address is None or address.fragment:
            self.refuse("schema-syntax", origin.below("$id"), keyword="$id", shape="an address", got="something else")
            return base
        first = self.names.resources.setdefault(address.uri, origin)
        if first is not origin:
            self.refuse("duplicate-schema", origin.below("$id"), first=first.file, file=text)
        return address.uri

    def _foreign(self, schema: Schema, keyword: str, value: Any, origin: Origin) -> None:
        """A keyword that JSON Schema does not know: one of cfgc, a slip of the pen, or another tool's."""
        if rule := ANNOTATIONS.get(keyword):
            if rule.accepts(value):
                schema[keyword] = value
            else:
                self._misshapen("annotation-value", origin.below(keyword), rule, value)
        elif hint := _suspicion(keyword):
            at = place_of(self.locator, origin.below(keyword))
            self.found.append(report("schema-unknown-keyword", at=at, keyword=keyword, help=hint))
        else:
            schema[keyword] = value

    def _draft(self, _schema: Schema, _keyword: str, value: str, origin: Origin, _base: str) -> None:
        if value.rstrip("#") != DRAFT:
            self.refuse("schema-draft", origin.below("$schema"), draft=value)

    def _anchor(self, _schema: Schema, keyword: str, value: str, origin: Origin, base: str) -> None:
        self.names.anchors[base, value] = origin
        if keyword == "$dynamicAnchor":
            self.names.dynamic.setdefault(value, []).append(origin)

    def _reference(self, schema: Schema, keyword: str, value: str, origin: Origin, base: str) -> None:
        self.references.append(Reference(schema, keyword, value, origin, base))

    def _pattern(self, schema: Schema, keyword: str, value: str, origin: Origin, _base: str) -> None:
        schema[keyword] = value
        self.linked.patterns.append(Pattern(value, origin.below(keyword), is_key=False))

    def _format(self, schema: Schema, keyword: str, value: str, origin: Origin, _base: str) -> None:
        schema[keyword] = value
        if value == "port":
            schema[PORT] = True
        elif value not in KNOWN:
            known = closest(value, list(KNOWN))
            hint = f"did you mean `{known}`?" if known else f"formats: {names(KNOWN)}"
            self.refuse("schema-format", origin.below(keyword), format=value, help=hint)

    def _drop(self, *_: Any) -> None:
        """Names and remarks have no place in the linked document."""


def _emptiness(value: Any, *, mounted: bool) -> str:
    """Why a file checks nothing at all, or nothing."""
    if value is None or value == {}:
        return "it is empty"
    if value is True:
        return "it is `true`"
    if mounted and isinstance(value, dict) and not EFFECTIVE & value.keys():
        return "it has no keyword that checks anything"
    return ""


def _not_among(choices: tuple[str, ...], value: Any) -> str | None:
    """The first word that is none of those a keyword knows, where it takes words; alone or in a list."""
    words = value if isinstance(value, list) else [value]
    return next((word for word in words if choices and isinstance(word, str) and word not in choices), None)


def _meant(word: str, choices: tuple[str, ...]) -> str:
    known = closest(word, list(choices))
    return f"did you mean `{known}`?" if known else ""


def _suspicion(keyword: str) -> str:
    """The help for a keyword that is probably not meant as it stands, or nothing."""
    if other := REPLACED.get(keyword):
        return f"2020-12 says {other} instead"
    if keyword.startswith(_OURS):
        known = closest(keyword.removeprefix(_OURS), [name.removeprefix(_OURS) for name in ANNOTATIONS])
        return f"did you mean `{_OURS}{known}`?" if known else f"keywords of cfgc: {names(ANNOTATIONS)}"
    if keyword.startswith("x-") or keyword in HARMLESS:
        return ""
    near = _misspelt(keyword)
    return f"did you mean `{near}`?" if near else ""


def _misspelt(keyword: str) -> str | None:
    """The keyword that another one is nearly: nearer than "did you mean" asks for, because other tools add theirs."""
    import difflib

    folded = {known.casefold(): known for known in KEYWORDS}
    found = difflib.get_close_matches(keyword.casefold(), folded, n=1, cutoff=0.85)
    return folded[found[0]] if found else None
