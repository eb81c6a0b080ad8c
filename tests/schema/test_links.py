"""What a `$ref` may lead to: files of `schemas/` and places in them, nothing else (THREATS S01, S02)."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.memory import Memory
from tests.schema.desk import lines, opened, said, schemas, text_of


def first_error(schema: Any, **files: Any) -> str:
    loaded, found = opened({"config.schema.json": schema, **{name.replace("__", "/"): f for name, f in files.items()}})
    errors = [each for each in found if each.is_error]
    assert errors, "no error"
    assert loaded.check({"a": 1}, []) == []
    return "\n".join(lines(errors))


# what is allowed


def test_a_ref_is_relative_to_its_file() -> None:
    files = {
        "config.schema.json": {"properties": {"a": {"$ref": "shared/text.json"}}},
        "shared/text.json": {"$ref": "../_more/short.json#/$defs/s"},
        "_more/short.json": {"$defs": {"s": {"type": "string", "maxLength": 1}}},
    }
    assert [each.message for each in schemas(files).check({"a": "xx"}, [])] == [
        "`a` must have at most 1 character, not 2"
    ]


@pytest.mark.parametrize(
    "ref",
    ["#/$defs/n", "#n", "#/definitions/n", "#/components/n", "config.schema.json#/$defs/n", "#/%24defs/n", "#/allOf/0"],
)
def test_a_ref_into_the_same_file(ref: str) -> None:
    schema = {
        "properties": {"a": {"$ref": ref}},
        "$defs": {"n": {"$anchor": "n", "type": "integer"}},
        "definitions": {"n": {"type": "integer"}},
        "components": {"n": {"type": "integer"}},
        "allOf": [{"type": ["integer", "object"], "properties": {"x": True}}],
    }
    assert said(schema, {"a": "x"})[0].startswith("error schema-type a: `a` must be")


def test_a_ref_by_id() -> None:
    """`$id` names a schema file; nothing is fetched from there."""
    files = {
        "config.schema.json": {"$id": "https://example.com/s/config", "properties": {"a": {"$ref": "text"}}},
        "_text.schema.json": {"$id": "https://example.com/s/text", "type": "string"},
    }
    assert [each.path_text for each in schemas(files).check({"a": 1}, [])] == ["a"]


def test_a_ref_beside_an_id_still_means_the_file_beside() -> None:
    files = {
        "config.schema.json": {
            "$id": "https://example.com/s/config",
            "properties": {"a": {"$ref": "_text.json#/$defs/t"}},
        },
        "_text.json": {"$defs": {"t": {"type": "string"}}},
    }
    assert [each.path_text for each in schemas(files).check({"a": 1}, [])] == ["a"]


def test_an_inner_id_is_the_base_of_what_is_inside() -> None:
    schema = {
        "properties": {"a": {"$ref": "inner.json#/$defs/t"}},
        "$defs": {"x": {"$id": "inner.json", "$defs": {"t": {"type": "string"}}, "$ref": "#/$defs/t"}},
    }
    assert said(schema, {"a": 1}) == ["error schema-type a: `a` must be a string, not the number `1`"]


def test_a_dynamic_ref_with_one_anchor_is_a_ref() -> None:
    schema = {"$dynamicAnchor": "node", "type": "object", "additionalProperties": {"$dynamicRef": "#node"}}
    assert said(schema, {"a": {"b": 1}}) == ["error schema-type a.b: `a.b` must be a map, not the number `1`"]


def test_a_dynamic_ref_with_two_anchors_is_refused() -> None:
    schema = {
        "properties": {"a": {"$dynamicRef": "#n"}},
        "$defs": {"x": {"$dynamicAnchor": "n", "type": "string"}, "y": {"$dynamicAnchor": "n", "type": "integer"}},
    }
    assert first_error(schema).startswith("error schema-dynamic-ref : `#n` could mean several schemas")


def test_a_schema_may_be_recursive() -> None:
    """SPEC: a recursive schema is legal as long as it steps into the value."""
    schema = {"type": "object", "additionalProperties": {"$ref": "#"}}
    tree: Any = "leaf"
    for _ in range(100):
        tree = {"a": tree}
    assert said(schema, tree) == [
        f"error schema-type {'.'.join('a' * 100)}: `{'.'.join('a' * 100)}` must be a map, not the string `leaf`"
    ]


# S01: nothing is fetched, nothing outside is opened


@pytest.fixture
def doors() -> Iterator[list[str]]:
    """What this process opens and connects to while a test runs, as the interpreter's audit hook sees it."""
    seen: list[str] = []
    watching = [True]

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if watching and event.startswith(("socket.", "urllib.")):
            seen.append(event)
        elif watching and event == "open" and str(args[0]).startswith(("/etc/", "/dev/")):
            seen.append(str(args[0]))

    sys.addaudithook(hook)
    yield seen
    watching.clear()


OUTSIDE = [
    "http://169.254.169.254/latest/meta-data",
    "https://example.com/schema.json",
    "file:///etc/passwd",
    "/etc/passwd",
    "/dev/zero",
    "//server/share/x.json",
    "\\\\server\\share\\x.json",
    "../secret.json",
    "../../../etc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "ftp://example.com/x",
    "urn:example:x",
    "http://[broken",
    "https://schemas.invalid/schemas/config.schema.json",
]


@pytest.mark.parametrize("ref", OUTSIDE)
def test_s01_a_ref_that_leads_out_is_refused(ref: str, doors: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was made"))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    message = first_error({"properties": {"a": {"$ref": ref}}})
    assert "schema-ref-outside" in message
    assert doors == []


def test_s01_only_files_that_the_source_lists_are_read() -> None:
    source = Memory({"schemas/config.schema.json": '{"$ref": "missing.json", "type": "object"}', "outside.json": "{}"})
    from cfgc.stages.check.schema import load
    from cfgc.stages.read import Reader

    reader = Reader(source)
    load(source, reader.data, reader.locator)
    assert source.opened == ["schemas/config.schema.json"]


def test_s01_both_engines_refuse_to_fetch(doors: list[str]) -> None:
    """Belt and braces: even a linked document with an address in it makes no engine fetch."""
    from cfgc.stages.check.schema.engines.evaluate import Evaluator
    from cfgc.stages.check.schema.engines.fast import FastEngine, Refused

    loaded, _ = opened({"config.schema.json": {"properties": {"a": {"type": "string"}}}})
    linked = loaded._linked
    root = linked.roots["schemas/config.schema.json"]
    root["$ref"] = "http://169.254.169.254/x"
    with pytest.raises(Refused):
        FastEngine(linked).compile(root)
    with pytest.raises(KeyError):
        Evaluator(linked, FastEngine(linked)).findings({}, root)
    assert doors == []


# mistakes, with their lines


def test_a_ref_to_a_missing_file() -> None:
    text = '{"type": "object",\n "properties": {\n  "a": {"$ref": "definitons.json"}}}'
    [found] = [
        each
        for each in opened({"config.schema.json": text, "definitions.json": {"type": "string"}})[1]
        if each.is_error
    ]
    assert found.message == "`definitons.json` leads to `schemas/definitons.json`, which does not exist"
    assert found.help == "did you mean `schemas/definitions.json`?"
    assert text_of(found) == "schemas/config.schema.json:3:9"


@pytest.mark.parametrize("ref", ["#/$defs/prot", "#prot", "#/$defs/port/type/0", "#/$defs/list/anyOf/7"])
def test_a_ref_to_nothing(ref: str) -> None:
    schema = {"$ref": ref, "$defs": {"port": {"type": "integer"}, "list": {"anyOf": [True]}}}
    assert f"schema-ref-missing : `{ref}` names nothing in `schemas/config.schema.json`" in first_error(schema)


def test_a_ref_to_what_is_no_schema() -> None:
    assert "`#/$defs/port/type` is no schema" in first_error(
        {"$ref": "#/$defs/port/type", "$defs": {"port": {"type": "null"}}}
    )


def test_two_schemas_of_one_id() -> None:
    one = {"$id": "https://example.com/a", "type": "object"}
    _, found = opened({"config.schema.json": one, "a.schema.json": one})
    assert [each.name for each in found] == ["duplicate-schema"]


# S02: a loop that never steps into the value


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        {"allOf": [{"$ref": "#"}]},
        {"anyOf": [{"type": "string"}, {"not": {"$ref": "#"}}]},
        {"if": {"$ref": "#"}, "then": {"type": "string"}},
        {"dependentSchemas": {"a": {"$ref": "#"}}},
        {"$dynamicAnchor": "x", "$dynamicRef": "#x"},
        {"properties": {"a": {"items": {"$ref": "#/$defs/l"}}}, "$defs": {"l": {"oneOf": [{"$ref": "#/$defs/l"}]}}},
    ],
)
def test_s02_a_loop_without_progress_fails_clean(schema: Any) -> None:
    assert first_error(schema) == "error schema-ref-loop : this `$ref` leads back to itself without looking at anything"


def test_s02_a_loop_through_files_names_every_hop() -> None:
    files = {"config.schema.json": {"$ref": "_a.json"}, "_a.json": {"$ref": "_b.json"}, "_b.json": {"$ref": "_a.json"}}
    [found] = [each for each in opened(files)[1] if each.is_error]
    assert text_of(found) == "schemas/_a.json:2:2"
    assert [label.location.file for label in found.related] == ["schemas/_b.json"]


def test_a_loop_that_nothing_reaches_is_no_matter() -> None:
    assert said({"type": "object", "$defs": {"a": {"$ref": "#/$defs/a"}}}, {}) == []
