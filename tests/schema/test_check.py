"""What a check of a tree gives: verdicts of two engines as findings with key paths (SPEC sections 7 and 9)."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings

from cfgc.diagnostics import Severity
from cfgc.stages.check.schema.engines.evaluate import Evaluator
from cfgc.stages.check.schema.engines.fast import FastEngine
from tests.schema.desk import at, found, lines, opened, revealed, root, said, schemas, sealed, text_of, variable
from tests.schema.generated import CASES, SCHEMAS, VALUES, filled

WEB, API = ("managers", "web"), ("managers", "api")


def test_a_finding_knows_environment_component_and_path() -> None:
    loaded = schemas({"managers/_each.schema.json": {"properties": {"port": {"type": "integer"}}}})
    [each] = loaded.check({"managers": {"web": {"port": "x"}}}, [WEB], environment="prod")
    assert (each.environment, each.component, each.path) == ("prod", "managers.web", at("managers.web.port"))


def test_a_finding_outside_all_components_has_none() -> None:
    [each] = root({"required": ["a"]}).check({}, [WEB], environment="prod")
    assert (each.component, each.path) == ("", ())


def test_a_finding_shows_the_line_of_the_schema() -> None:
    [each] = found({"type": "object", "properties": {"a": {"type": "string", "maxLength": 1}}}, {"a": "xx"})
    [label] = each.related
    assert (str(label.location), label.message) == ("schemas/config.schema.json:6:4", "the schema says so here")


def test_a_missing_key_blames_the_map_that_lacks_it() -> None:
    schema = {"properties": {"web": {"required": ["port"], "properties": {"port": {"$ref": "#/$defs/port"}}}}}
    [each] = found({**schema, "$defs": {"port": {"description": "Where it listens."}}}, {"web": {}})
    assert (each.path, each.blame_key, each.help) == (("web",), True, "set `port`")
    assert each.notes == ("Where it listens.",)


def test_a_key_that_is_not_allowed_blames_the_key() -> None:
    [each] = found({"properties": {"timeout": {}}, "additionalProperties": False}, {"tmeout": 1})
    assert (each.path, each.blame_key, each.help) == (("tmeout",), True, "did you mean `timeout`?")


# one finding a mistake


def test_a_misspelt_required_key_is_one_mistake() -> None:
    schema = {"properties": {"timeout": {}}, "required": ["timeout"], "additionalProperties": False}
    assert [each.name for each in found(schema, {"tmeout": 1})] == ["schema-unknown-key"]


def test_each_key_that_is_not_allowed_is_a_mistake_in_the_order_of_the_tree() -> None:
    assert [each.path_text for each in found({"additionalProperties": False}, {"z": 1, "a": 2, "m": 3})] == [
        "z",
        "a",
        "m",
    ]


def test_a_mistake_that_two_schemas_see_is_one_finding_with_both_lines() -> None:
    files = {
        "config.schema.json": {"properties": {"managers": {"additionalProperties": {"type": "object"}}}},
        "managers/_each.schema.json": {"type": "object"},
    }
    [each] = schemas(files).check({"managers": {"web": 1}}, [WEB])
    assert [label.location.file for label in each.related] == [
        "schemas/config.schema.json",
        "schemas/managers/_each.schema.json",
    ]


def test_a_definition_that_two_ways_lead_to_is_one_finding() -> None:
    schema = {"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"required": ["x"]}}}
    assert len(found(schema, {})) == 1


@pytest.mark.parametrize(
    ("schema", "value", "line"),
    [
        (
            {
                "anyOf": [
                    {"type": "string"},
                    {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}},
                ]
            },
            {"url": 5},
            "error schema-type a.url: `a.url` must be a string, not the number `5`",
        ),
        (
            {
                "oneOf": [
                    {"properties": {"kind": {"const": "tcp"}, "port": {"type": "integer"}}, "required": ["port"]},
                    {
                        "properties": {"kind": {"const": "unix"}, "path": {"type": "string"}},
                        "required": ["path", "mode"],
                    },
                ]
            },
            {"kind": "unix", "path": 3, "mode": 1},
            "error schema-type a.path: `a.path` must be a string, not the number `3`",
        ),
        (
            {"anyOf": [{"const": "auto"}, {"type": "integer"}, {"enum": ["a", "b"]}]},
            "x",
            "error schema-alternative a: `a` must be `auto`, an integer, `a` or `b`, not the string `x`",
        ),
        (
            {"anyOf": [{"anyOf": [{"type": "null"}, {"type": "integer"}]}, {"type": "boolean"}]},
            "x",
            "error schema-alternative a: `a` must be `null` or an integer or `true` or `false`, not the string `x`",
        ),
        (
            {"anyOf": [{"required": ["x"]}, {"required": ["y"]}]},
            {},
            "error schema-alternative a: `a` must fit one of the 2 alternatives of `anyOf`, and fits none",
        ),
        (
            {"anyOf": [{"required": ["x", "y", "z"]}, {"required": ["y"]}]},
            {},
            "error schema-missing-key a: `a` lacks `y`, which its schema requires",
        ),
    ],
)
def test_of_alternatives_the_one_that_was_meant_is_named(schema: Any, value: Any, line: str) -> None:
    assert said({"properties": {"a": schema}}, {"a": value}) == [line]


def test_alternatives_that_are_equally_near_are_all_explained() -> None:
    [each] = found({"anyOf": [{"required": ["x"]}, {"required": ["y"]}]}, {})
    assert each.help == "alternative 1: `x` is missing; alternative 2: `y` is missing"


def test_what_an_if_demands_names_the_if() -> None:
    schema = {"if": {"properties": {"kind": {"const": "external"}}}, "then": {"required": ["circuit_breaker"]}}
    [each] = found(schema, {"kind": "external"})
    assert each.notes == ("it applies because of the `if` in schemas/config.schema.json:2:2",)


@pytest.mark.parametrize(
    ("types", "value", "help"),
    [
        ("integer", "80", "write it without quotes: `80`"),
        ("number", "1.5", "write it without quotes: `1.5`"),
        ("boolean", "yes", "write `true`: in YAML 1.2 `yes` is text"),
        ("boolean", "Off", "write `false`: in YAML 1.2 `Off` is text"),
        ("string", 80, 'write it in quotes: `"80"`'),
        ("string", True, 'write it in quotes: `"true"`'),
        ("array", "a", "write a list, if only of one item: `[a]`"),
        ("integer", "many", "correct the value, or the schema if the value is right"),
    ],
)
def test_help_for_the_slips_that_yaml_invites(types: str, value: Any, help: str) -> None:
    assert found({"properties": {"a": {"type": types}}}, {"a": value})[0].help == help


def test_help_names_the_value_that_was_meant() -> None:
    assert found({"properties": {"a": {"enum": ["debug", "info"]}}}, {"a": "inof"})[0].help == "did you mean `info`?"


def test_a_long_value_is_cut() -> None:
    [each] = found({"properties": {"a": {"const": "x"}}}, {"a": "y" * 500})
    assert len(each.message) < 120


# restricted to components


def test_only_findings_about_the_components_asked_for() -> None:
    files = {
        "config.schema.json": {
            "required": ["audit"],
            "properties": {"managers": {"additionalProperties": {"type": "object"}}},
        },
        "managers/_each.schema.json": {"properties": {"port": {"type": "integer"}}},
        "plugins.schema.json": {"type": "string"},
    }
    tree = {"managers": {"web": {"port": "x"}, "api": 5}, "plugins": 1}
    loaded = schemas(files)
    assert [each.path_text for each in loaded.check(tree, [WEB, API])] == [
        ".",
        "managers.api",
        "managers.web.port",
        "plugins",
    ]
    assert [each.path_text for each in loaded.check(tree, [WEB, API], only=[WEB])] == ["managers.web.port"]
    assert [each.path_text for each in loaded.check(tree, [WEB, API], only=[API])] == ["managers.api"]


def test_what_is_wrong_with_schemas_is_reported_whatever_is_asked_for() -> None:
    loaded, _ = opened({"config.schema.json": {"properties": {"a": {"pattern": "("}}}})
    assert [each.name for each in loaded.check({}, [], only=[WEB])] == ["schema-pattern"]


# two engines


@settings(max_examples=150)
@given(SCHEMAS, VALUES)
def test_every_invalid_value_has_an_error_and_no_valid_one(schema: Any, value: Any) -> None:
    loaded, _ = opened({"config.schema.json": schema})
    linked = loaded._linked
    is_valid = FastEngine(linked).accepts(linked.roots["schemas/config.schema.json"], value)
    errors = [each for each in loaded.check(value, []) if each.severity is Severity.ERROR]
    assert bool(errors) == (not is_valid)


@settings(max_examples=100)
@given(CASES)
def test_a_check_of_sealed_and_runtime_values_never_fails(case: tuple[Any, Any]) -> None:
    schema, value = case
    loaded, _ = opened({"config.schema.json": schema})
    for leaf in (sealed, variable, lambda: variable("x"), lambda: revealed(5, "integer")):
        lines(loaded.check(filled(value, leaf), []))


def test_a_mistake_that_only_engine_1_sees_is_still_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Evaluator, "findings", lambda *_: [])
    [each] = found({"properties": {"a": {"type": "string"}}}, {"a": 1})
    assert lines([each]) == [
        "error schema-unexplained .: `.` does not satisfy `schemas/config.schema.json`, and cfgc cannot say why"
    ]


def test_engine_2_is_asked_about_invalid_values_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Evaluator, "findings", lambda *_: pytest.fail("engine 2 ran"))
    files = {"managers/_each.schema.json": {"properties": {"a": {"type": "string", "minLength": 3}}}}
    tree = {
        "managers": {
            "one": {"a": "abc"},
            "two": {"a": variable()},
            "three": {"a": sealed()},
            "four": {"a": revealed("abc")},
        }
    }
    assert [each.name for each in schemas(files).check(tree, [])] == ["not-evaluated-runtime", "not-evaluated-secret"]


def test_one_mistake_among_many_values_costs_no_look_at_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A root schema over thousands of components: engine 1 sorts out the valid ones for engine 2."""
    tree: Any = {"managers": {f"m{i}": {"port": i} for i in range(1, 2000)}}
    tree["managers"]["m7"]["port"] = "x"
    schema = {"properties": {"managers": {"additionalProperties": {"properties": {"port": {"type": "integer"}}}}}}
    spent: list[int] = []
    original = Evaluator.findings

    def counted(self: Evaluator, *args: Any) -> Any:
        result = original(self, *args)
        spent.append(self._steps)
        return result

    monkeypatch.setattr(Evaluator, "findings", counted)
    assert said(schema, tree) == [
        "error schema-type managers.m7.port: `managers.m7.port` must be an integer, not the string `x`"
    ]
    from cfgc.stages.check.schema.engines.evaluate import STEPS, STEPS_A_NODE

    assert STEPS + STEPS_A_NODE * 4000 - spent[0] < 20


IMPORTS = """
import sys
import cfgc.stages.check.schema
after_import = {"jsonschema", "jsonschema_rs"} & sys.modules.keys()
from tests.schema.desk import root, sealed
loaded = root({"properties": {"a": {"type": "string", "minLength": 1}}})
loaded.annotations.root()
after_load = {"jsonschema", "jsonschema_rs"} & sys.modules.keys()
loaded.check({"a": "x"}, [])
loaded.check({"a": sealed()}, [])
after_valid = "jsonschema" in sys.modules
loaded.check({"a": 5}, [])
print(after_import, after_load, after_valid, "jsonschema" in sys.modules)
"""


def test_engines_are_imported_when_they_are_needed() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout == "set() set() False True\n"


def test_findings_are_the_same_in_every_order_of_hashing() -> None:
    schema = {
        "additionalProperties": False,
        "properties": {"k": {"anyOf": [{"enum": ["a", "b"]}, {"type": "null"}]}},
        "required": ["x", "y"],
    }
    script = f"from tests.schema.desk import said; print(said({schema}, {{'q': 1, 'w': 2, 'e': 3, 'k': 4}}))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed, "PATH": ""}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1


def test_positions_of_findings_are_not_the_schema_rooms_affair() -> None:
    """Findings on the tree carry a key path; the pipeline places them on layer lines."""
    [each] = found({"required": ["a"]}, {})
    assert (text_of(each), each.path) == ("None", ())
