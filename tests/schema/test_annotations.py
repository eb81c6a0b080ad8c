"""`x-cfgc-*` keywords by key path (SPEC section 7)."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.model.keypath import Item, parse
from tests.schema.desk import lines, opened, schemas, text_of

SECRET = {"x-cfgc-secret": True}


def value(files: dict[str, Any], path: str, keyword: str = "x-cfgc-secret") -> Any:
    return schemas(files).annotations.get(keyword, parse(path))


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"properties": {"a": SECRET}}, "a"),
        ({"patternProperties": {"^a": SECRET}}, "abc"),
        ({"additionalProperties": SECRET}, "anything"),
        ({"properties": {"l": {"items": SECRET}}}, "l[7]"),
        ({"properties": {"l": {"items": SECRET}}}, "l[name=ann]"),
        ({"properties": {"l": {"prefixItems": [True, SECRET]}}}, "l[1]"),
        ({"properties": {"l": {"prefixItems": [True], "items": SECRET}}}, "l[1]"),
        ({"properties": {"a": {"$ref": "#/$defs/s"}}, "$defs": {"s": SECRET}}, "a"),
        ({"properties": {"a": {"allOf": [True, {"allOf": [SECRET]}]}}}, "a"),
        ({"properties": {"a": {"additionalProperties": {"$ref": "#"}}}, "x-cfgc-secret": True}, "a.b.a.c"),
    ],
)
def test_keywords_are_found_through(schema: dict[str, Any], path: str) -> None:
    assert value({"config.schema.json": schema}, path) is True


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"properties": {"a": SECRET}}, "b"),
        ({"properties": {"a": {"type": "string"}}, "additionalProperties": SECRET}, "a"),
        ({"patternProperties": {"^a": {"type": "string"}}, "additionalProperties": SECRET}, "abc"),
        ({"properties": {"l": {"prefixItems": [True, SECRET]}}}, "l[0]"),
        ({"properties": {"l": {"prefixItems": [True], "items": SECRET}}}, "l[0]"),
        ({"properties": {"a": SECRET}}, "a.b"),
        ({"properties": {"a": SECRET}}, "."),
    ],
)
def test_keywords_are_not_found_beside(schema: dict[str, Any], path: str) -> None:
    assert value({"config.schema.json": schema}, path) is None


@pytest.mark.parametrize(
    "keyword", ["anyOf", "oneOf", "not", "if", "then", "contains", "dependentSchemas", "propertyNames"]
)
def test_a_keyword_that_lookups_do_not_reach_is_reported(keyword: str) -> None:
    inner: Any = {"type": "string", **SECRET}
    held = [inner] if keyword.endswith("Of") else {"a": inner} if keyword == "dependentSchemas" else inner
    loaded, found = opened({"config.schema.json": {"properties": {"a": {"if": True, keyword: held}}}})
    assert lines(found) == ["warning annotation-without-effect : `x-cfgc-secret` has no effect here"]
    assert loaded.annotations.get("x-cfgc-secret", ("a",)) is None


def test_a_shared_keyword_that_lookups_reach_elsewhere_is_not_reported() -> None:
    shared = {
        "$defs": {"s": SECRET},
        "properties": {"a": {"anyOf": [{"$ref": "#/$defs/s"}]}, "b": {"$ref": "#/$defs/s"}},
    }
    assert value({"config.schema.json": shared}, "b") is True


def test_root_each_and_component_schemas_are_one() -> None:
    files = {
        "config.schema.json": {"properties": {"managers": {"x-cfgc-across": "must-match"}}},
        "managers/_each.schema.json": {"properties": {"token": SECRET}},
        "managers/web.schema.json": {"properties": {"hosts": {"x-cfgc-merge": {"by": "name"}}}},
    }
    assert value(files, "managers", "x-cfgc-across") == "must-match"
    assert value(files, "managers.web.token") is True
    assert value(files, "managers.other.token") is True
    assert value(files, "managers.web.hosts", "x-cfgc-merge") == {"by": "name"}
    assert value(files, "managers.other.hosts", "x-cfgc-merge") is None


def test_a_component_schema_may_stand_where_nothing_else_speaks() -> None:
    assert value({"a/b/c.schema.json": SECRET}, "a.b.c") is True


def test_deprecated_is_looked_up_too() -> None:
    files = {"config.schema.json": {"properties": {"a": {"deprecated": True}, "b": {"deprecated": False}}}}
    assert value(files, "a", "deprecated") is True
    assert value(files, "b", "deprecated") is False


def test_cursors_are_walked_step_by_step() -> None:
    cursor = schemas({"managers/_each.schema.json": {"properties": {"l": {"items": SECRET}}}}).annotations.root()
    assert cursor is not None
    managers = cursor.step("managers")
    assert managers is not None
    items = [managers.step(name).step("l") for name in ("a", "b")]  # type: ignore[union-attr]
    assert items[0] is items[1], "places with the same schemas are the same cursor"
    assert items[0] is not None
    assert [items[0].step(step).get("x-cfgc-secret") for step in (0, 9, Item("name", "x"))] == [True] * 3  # type: ignore[union-attr]


def test_a_cursor_ends_where_no_keyword_lies_below() -> None:
    root = schemas({"config.schema.json": {"properties": {"a": SECRET, "b": {"type": "object"}}}}).annotations.root()
    assert root is not None
    assert root.step("b") is None
    assert root.step("zz") is None


def test_there_is_no_cursor_where_no_schema_has_a_keyword() -> None:
    annotations = schemas({"config.schema.json": {"type": "object"}}).annotations
    assert annotations.root() is None
    assert annotations.get("x-cfgc-secret", ("a",)) is None


def test_uses_tells_which_keywords_there_are() -> None:
    annotations = schemas({"config.schema.json": {"properties": {"a": SECRET}}}).annotations
    assert (annotations.uses("x-cfgc-secret"), annotations.uses("x-cfgc-env")) == (True, False)


# two different values for one path


def test_two_values_for_one_path_are_an_error_at_both_places() -> None:
    files = {
        "config.schema.json": {
            "properties": {"m": {"additionalProperties": {"properties": {"l": {"x-cfgc-merge": "append"}}}}}
        },
        "m/web.schema.json": {"properties": {"l": {"x-cfgc-merge": "unique"}}},
    }
    [found] = schemas(files).annotations.diagnostics
    assert lines([found]) == ["error annotation-conflict : `x-cfgc-merge` has two different values for one key path"]
    assert text_of(found) == "schemas/config.schema.json:7:7"
    assert str(found.related[0].location) == "schemas/m/web.schema.json:4:4"


def test_a_conflict_that_only_a_value_meets_is_found_then() -> None:
    patterns = {"^a": {"x-cfgc-secret": True}, "b$": {"x-cfgc-secret": False}}
    annotations = schemas({"config.schema.json": {"patternProperties": patterns}}).annotations
    assert annotations.diagnostics == []
    annotations.get("x-cfgc-secret", ("ab",))
    assert [each.name for each in annotations.diagnostics] == ["annotation-conflict"]


def test_the_same_value_twice_is_no_conflict() -> None:
    files = {"config.schema.json": {"properties": {"a": SECRET}}, "a.schema.json": {**SECRET, "type": "string"}}
    assert schemas(files).annotations.diagnostics == []


def test_a_recursive_schema_is_explored_to_its_end() -> None:
    schema = {
        "additionalProperties": {"$ref": "#"},
        "x-cfgc-references": False,
        "properties": {"a": {"x-cfgc-references": True}},
    }
    assert schemas({"config.schema.json": schema}).annotations.diagnostics == []


# values


@pytest.mark.parametrize(
    ("keyword", "good", "bad"),
    [
        (
            "x-cfgc-merge",
            ["append", "prepend", "unique", "replace", {"by": "name"}],
            ["by", "", {"by": ""}, {"by": 1}, [], {"by": "a", "x": 1}],
        ),
        ("x-cfgc-secret", [True, False], ["yes", 1, None]),
        ("x-cfgc-shared-with", [["managers/*"]], [[], "managers/*", [1]]),
        ("x-cfgc-references", [True, False], ["false", 0]),
        ("x-cfgc-env", ["DB_URL", "_x"], ["1X", "A-B", "", True]),
        ("x-cfgc-across", ["must-differ", "must-match"], ["differ", True]),
    ],
)  # fmt: skip
def test_the_values_of_keywords_are_checked(keyword: str, good: list[Any], bad: list[Any]) -> None:
    for each in good:
        assert value({"config.schema.json": {"properties": {"a": {keyword: each}}}}, "a", keyword) == each
    for each in bad:
        _, found = opened({"config.schema.json": {"properties": {"a": {keyword: each}}}})
        assert [(one.name, str(one.location)) for one in found] == [
            ("annotation-value", "schemas/config.schema.json:4:4")
        ]


@pytest.mark.parametrize(
    ("keyword", "help"),
    [
        ("requried", "did you mean `required`?"),
        ("Type", "did you mean `type`?"),
        ("additonalProperties", "did you mean `additionalProperties`?"),
        ("x-cfgc-secrets", "did you mean `x-cfgc-secret`?"),
        ("x-cfgc-port", "keywords of cfgc: "),
        ("x-cfgc-nonsense", "keywords of cfgc: "),
        ("dependencies", "2020-12 says `dependentRequired` or `dependentSchemas` instead"),
        ("nullable", '2020-12 says `type: [..., "null"]` instead'),
    ],
)
def test_a_keyword_that_is_probably_a_slip_is_a_warning(keyword: str, help: str) -> None:
    _, found = opened({"config.schema.json": {"type": "object", keyword: True}})
    assert [(each.name, str(each.severity)) for each in found] == [("schema-unknown-keyword", "warning")]
    assert found[0].help.startswith(help)


@pytest.mark.parametrize(
    "keyword", ["x-other-tool", "markdownDescription", "example", "defaultSnippets", "enumDescriptions"]
)
def test_a_keyword_of_another_tool_is_fine(keyword: str) -> None:
    schemas({"config.schema.json": {"type": "object", keyword: True}})


@pytest.mark.parametrize(
    ("keyword", "value", "message"),
    [
        ("type", "strng", "must be one of, or a list of, `object`"),
        ("minimum", "1", '`minimum` must be a number, not the string `"1"`'),
        ("exclusiveMinimum", True, "`exclusiveMinimum` must be a number, not `true`"),
        ("minLength", -1, "`minLength` must be a whole number of at least 0, not the number `-1`"),
        ("required", "a", "`required` must be a list of different strings, not the string `a`"),
        ("required", ["a", "a"], "`required` must be a list of different strings, not a list"),
        ("properties", ["a"], "`properties` must be a map of schemas, not a list"),
        ("items", [{}], "`items` must be a schema (a map, `true` or `false`), not a list"),
        ("anyOf", [], "`anyOf` must be a list of at least one schema, not a list"),
        ("enum", "a", "`enum` must be a list, not the string `a`"),
        ("multipleOf", 0, "`multipleOf` must be a number above 0, not the number `0`"),
        ("uniqueItems", "yes", '`uniqueItems` must be `true` or `false`, not the string `"yes"`'),
        ("$ref", 5, "`$ref` must be a string, not the number `5`"),
    ],
)
def test_a_keyword_of_the_wrong_shape_is_an_error(keyword: str, value: Any, message: str) -> None:
    _, [found] = opened({"config.schema.json": {"properties": {"a": {keyword: value}}}})
    assert message in found.message
    assert (found.name, str(found.location)) == ("schema-syntax", "schemas/config.schema.json:4:4")
