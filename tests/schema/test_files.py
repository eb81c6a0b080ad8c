"""Where schemas stand, and what is no schema (SPEC section 7, THREATS S10)."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.diagnostics import Severity
from tests.schema.desk import lines, opened, schemas, text_of

TEXT = {"type": "string"}
WRONG = 5


def wrong_paths(files: dict[str, Any], tree: Any) -> list[str]:
    return [each.path_text for each in schemas(files).check(tree, [])]


def test_the_schema_config_speaks_about_the_whole_tree() -> None:
    assert wrong_paths({"config.schema.json": {"required": ["a"]}}, {}) == ["."]


def test_a_schema_speaks_about_the_path_of_its_file() -> None:
    files = {"managers/path-manager.schema.json": TEXT, "managers/web/env.schema.json": TEXT}
    tree = {"managers": {"path-manager": WRONG, "web": {"env": WRONG}, "other": WRONG}}
    assert wrong_paths(files, tree) == ["managers.path-manager", "managers.web.env"]


def test_an_each_schema_speaks_about_each_child() -> None:
    tree = {"managers": {"a": WRONG, "b": "fine", "c": WRONG}, "plugins": {"d": WRONG}}
    assert wrong_paths({"managers/_each.schema.json": TEXT}, tree) == ["managers.a", "managers.c"]


def test_an_each_schema_speaks_about_the_items_of_a_list() -> None:
    assert wrong_paths({"hosts/_each.schema.json": TEXT}, {"hosts": ["a", WRONG]}) == ["hosts[1]"]


def test_an_index_schema_speaks_about_its_folder() -> None:
    assert wrong_paths({"managers/_index.schema.json": TEXT}, {"managers": WRONG}) == ["managers"]


def test_a_dot_in_the_name_belongs_to_the_key() -> None:
    assert wrong_paths({"labels/a.b.schema.json": TEXT}, {"labels": {"a.b": WRONG, "a": {"b": WRONG}}}) == [
        'labels."a.b"'
    ]


def test_a_schema_may_be_yaml() -> None:
    tree = {"a": WRONG, "b": WRONG}
    assert wrong_paths({"a.schema.yaml": "type: string\n", "b.schema.yml": "type: string\n"}, tree) == ["a", "b"]


def test_root_each_and_component_schemas_hold_together() -> None:
    files = {
        "config.schema.json": {"properties": {"managers": {"additionalProperties": {"required": ["root"]}}}},
        "managers/_each.schema.json": {"required": ["each"]},
        "managers/web.schema.json": {"required": ["own"]},
    }
    found = schemas(files).check({"managers": {"web": {}}}, [])
    assert sorted(each.message.split("`")[3] for each in found) == ["each", "own", "root"]


def test_a_name_with_an_underscore_is_shared_and_stands_nowhere() -> None:
    files = {
        "config.schema.json": {"properties": {"a": {"$ref": "_shared/text.schema.json"}, "b": {"$ref": "_n.json"}}},
        "_shared/text.schema.json": TEXT,
        "_n.json": {"type": "integer"},
    }
    assert wrong_paths(files, {"a": WRONG, "b": "x", "_shared": {"text": WRONG}}) == ["a", "b"]


def test_a_project_without_schemas_has_nothing_to_check() -> None:
    loaded, found = opened({})
    assert (found, loaded.check({"a": 1}, []), loaded.annotations.root()) == ([], [], None)


# S10: a schema that is missing, empty or broken is an error, never a pass


def only_error(files: dict[str, Any], **options: Any) -> str:
    loaded, found = opened(files, **options)
    assert [each.severity for each in found if each.severity is Severity.ERROR], lines(found)
    assert loaded.check({"a": WRONG}, []) == [], "a broken schema is not used"
    return "\n".join(lines(found))


def test_s10_a_folder_without_a_schema() -> None:
    assert only_error({"README.md": "x"}) == "error no-schema : `schemas/` holds no schema"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it is empty"),
        ("{}", "it is empty"),
        ("# only a remark\n", "it is empty"),
        ("true", "it is `true`"),
        ('{"title": "all is well"}', "it has no keyword that checks anything"),
        ('{"$defs": {"a": {"type": "string"}}}', "it has no keyword that checks anything"),
    ],
)
def test_s10_a_schema_that_accepts_everything(content: str, why: str) -> None:
    assert why in only_error({"config.schema.yaml": content})


@pytest.mark.parametrize("content", ["false", "- type: string", "just text", "5"])
def test_s10_a_schema_that_is_no_map(content: str) -> None:
    assert "schema-syntax : `schemas/config.schema.yaml` must be a map" in only_error({"config.schema.yaml": content})


@pytest.mark.parametrize("content", ["{", "type: [", "a: 1\na: 2\n", "!!python/name:os.system x"])
def test_s10_a_schema_that_cannot_be_read(content: str) -> None:
    assert "error" in only_error({"config.schema.yaml": content})


@pytest.mark.parametrize(
    "draft",
    [
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2019-09/schema",
        "http://json-schema.org/draft/2020-12/schema",
        "https://example.com/my-own",
        "",
    ],
)
def test_s10_a_schema_of_another_draft(draft: str) -> None:
    said = only_error({"config.schema.json": {"$schema": draft, "type": "object"}})
    assert said == f"error schema-draft : `{draft}` is not JSON Schema 2020-12"


@pytest.mark.parametrize("suffix", ["", "#"])
def test_the_draft_2020_12_may_be_named(suffix: str) -> None:
    schemas(
        {"config.schema.json": {"$schema": f"https://json-schema.org/draft/2020-12/schema{suffix}", "type": "object"}}
    )


def test_s10_a_schema_that_needs_a_broken_one_is_not_used() -> None:
    files = {"config.schema.json": {"$ref": "_b.json", "type": "string"}, "_b.json": {"type": "strin"}}
    assert "schema-syntax" in only_error(files)


def test_s10_a_symbolic_link_is_no_schema() -> None:
    said = only_error({}, links=("schemas/config.schema.json",))
    assert "error schema-no-file : `schemas/config.schema.json` is a symbolic link" in said


def test_two_schemas_for_one_place() -> None:
    _, found = opened({"a.schema.json": TEXT, "a.schema.yaml": "type: string"})
    assert lines(found) == [
        "error duplicate-schema : `schemas/a.schema.yaml` is a second schema for what `schemas/a.schema.json` describes"
    ]


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"a.schema.json": TEXT, "a.schema.yaml": "$ref: b.yaml", "b.yaml": "type: string"}, "duplicate-schema"),
        ({"a.schema.yaml": "$id: x\n$ref: b.yaml", "_b.schema.yaml": "$id: x\ntype: string"}, "duplicate-schema"),
        ({"a.schema.yaml": "$ref: b.yaml\n]", "b.yaml": "type: string"}, "yaml-syntax"),
        ({"a.schema.yaml": "items: {$ref: b.yaml}\ntype: strin", "b.yaml": "type: string"}, "schema-syntax"),
    ],
)
def test_a_file_that_only_a_refused_one_uses_is_not_called_unused(files: dict[str, str], name: str) -> None:
    """CFG604 came with a CFG616 for what the second schema refers to: one cause is one finding."""
    assert "unused-schema-file" not in str([each.name for each in opened(files)[1]])
    assert name in [each.name for each in opened(files)[1]]


@pytest.mark.parametrize(
    ("schema", "message", "help"),
    [
        ({"type": "strin"}, "not the string `strin`", "did you mean `string`?"),
        ({"type": ["null", "Boolean"]}, "not the string `Boolean`", "did you mean `boolean`?"),
        ({"type": "blob"}, "not the string `blob`", "correct the schema: a value cannot be checked against it"),
        ({"type": {}}, "not a map", "correct the schema: a value cannot be checked against it"),
        ({"minimum": "3"}, '`minimum` must be a number, not the string `"3"`', None),
        (
            {"required": True},
            "not `true`",
            "list the keys beside `properties`: `required: [NAME]`; it is no flag of one of them",
        ),
        ({"items": [{}]}, "not a list", "2020-12 says `prefixItems` for a list of schemas"),
        ({"x-cfgc-merge": "apend"}, "not the string `apend`", "did you mean `append`?"),
        ({"x-cfgc-across": "must-mach"}, "not the string `must-mach`", "did you mean `must-match`?"),
    ],
)
def test_a_keyword_that_holds_something_else_says_what_and_what_was_meant(
    schema: Any, message: str, help: str | None
) -> None:
    [found] = opened({"config.schema.json": {"properties": {"a": schema}}})[1]
    assert message in found.message
    assert help is None or found.help == help


def test_a_file_that_nothing_uses() -> None:
    _, found = opened({"config.schema.json": TEXT, "web.json": TEXT, "_x.schema.json": TEXT, "README.md": "x"})
    assert lines(found) == [
        "warning unused-schema-file : nothing uses `schemas/_x.schema.json`",
        "warning unused-schema-file : nothing uses `schemas/web.json`",
    ]


def test_findings_point_at_the_line_of_the_schema() -> None:
    text = '{\n  "type": "object",\n  "properties": {\n    "a": {"minimum": "x"}\n  }\n}\n'
    [found] = opened({"config.schema.json": text})[1]
    assert text_of(found) == "schemas/config.schema.json:4:11"


# a schema that describes nothing in any environment


def test_a_schema_whose_place_no_environment_has() -> None:
    loaded = schemas({"managers/path-manger.schema.json": TEXT, "managers/web.schema.json": TEXT})
    trees = [{"managers": {"path-manager": "x"}}, {"managers": {"web": "x"}}]
    [found] = loaded.unapplied(trees)
    assert (
        found.message
        == "`schemas/managers/path-manger.schema.json` describes `managers.path-manger`, which no environment has"
    )
    assert found.help == "did you mean `managers.path-manager`?"


def test_a_schema_that_others_refer_to_may_stand_nowhere() -> None:
    loaded = schemas({"config.schema.json": {"$ref": "common.schema.json"}, "common.schema.json": {"type": "object"}})
    assert loaded.unapplied([{}]) == []
