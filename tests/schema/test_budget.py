"""Schemas that would cost too much fail clean, and no schema and no value breaks an engine (THREATS S03, S04)."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from cfgc.stages.check.schema.engines.leaves import DEEPEST
from cfgc.stages.check.schema.linking.budget import LAYERS, STEPS
from tests.schema.desk import lines, opened, revealed, root, said, variable


def error_of(schema: Any) -> str:
    loaded, found = opened({"config.schema.json": schema})
    found += loaded.check({"a": "x"}, [])
    return "\n".join(lines(found))


def chain(length: int, link: Any, end: Any) -> dict[str, Any]:
    """`d0` leads to `d1` leads to ... `end`; `link` makes a schema of a reference to the next and its number."""
    defs = {f"d{i}": link({"$ref": f"#/$defs/d{i + 1}"}, i) for i in range(length)}
    return {"$ref": "#/$defs/d0", "$defs": {**defs, f"d{length}": end}}


# S03


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"pattern": "a(?=b)"}}},
        {"patternProperties": {r"(a)\1": True}},
        {"propertyNames": {"pattern": "(?<!a)b"}},
    ],
)
def test_s03_a_pattern_that_could_hang_is_an_error_at_its_line(schema: Any) -> None:
    loaded, found = opened({"config.schema.json": schema})
    assert found == []
    [finding] = loaded.check({"a": "x"}, [])
    assert (finding.name, finding.is_error) == ("schema-pattern", True)
    text = json.dumps(schema, indent=1).splitlines()
    assert finding.location is not None
    assert "(?" in text[finding.location.line - 1] or "\\1" in text[finding.location.line - 1]


@pytest.mark.parametrize(
    ("schema", "tree"),
    [
        ({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 50_000 + "!"}),
        ({"patternProperties": {"^(a+)+$": False}, "required": ["z"]}, {"a" * 50_000 + "!": 1}),
        ({"propertyNames": {"pattern": "^(a+)+$"}}, {"a" * 50_000 + "!": 1}),
    ],
)
def test_s03_patterns_are_linear_in_both_engines(schema: Any, tree: Any) -> None:
    assert len(said(schema, tree)) == 1


# S04


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf", "allOf"])
def test_s04_alternatives_that_multiply_are_refused(keyword: str) -> None:
    schema = chain(
        12, lambda next_, i: {keyword: [{**next_, "maxLength": i + k} for k in range(12)]}, {"type": "integer"}
    )
    assert (
        f"schema-too-costly : checking a value against this schema takes too much: more than {STEPS} steps"
        in error_of(schema)
    )


def test_s04_alternatives_that_multiply_level_by_level_are_refused() -> None:
    def link(next_: Any, i: int) -> Any:
        return {"allOf": [{"properties": {"a": next_}}, {"properties": {"a": next_}, "maxProperties": i + 1}]}

    assert "schema-too-costly" in error_of(chain(20, link, {"type": "string"}))


@pytest.mark.parametrize("keyword", ["unevaluatedProperties", "unevaluatedItems"])
def test_s04_nested_unevaluated_is_refused(keyword: str) -> None:
    """The native engine tries what stands beside again to learn what it looked at: 2.4 times a level, measured."""
    schema = chain(16, lambda next_, i: {"allOf": [next_], keyword: {"maxProperties": i + 3}}, {"type": "object"})
    assert "schema-too-costly" in error_of(schema)


def test_s04_too_many_schemas_at_one_value_are_refused() -> None:
    schema = chain(LAYERS + 1, lambda next_, _: next_, {"type": "integer"})
    assert f"schemas on top of each other at one value, {LAYERS} at most" in error_of(schema)


def test_s04_honest_alternatives_pass() -> None:
    """A duration or a map at each of forty keys, three levels deep, is no explosion."""
    either = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/map"}]}
    schema = {
        "$defs": {"map": {"type": "object", "properties": {f"k{i}": {"type": "string"} for i in range(40)}}},
        "properties": {f"k{i}": {"properties": {f"k{j}": either for j in range(40)}} for i in range(40)},
    }
    assert said(schema, {"k0": {"k0": "x"}}) == []


@pytest.mark.parametrize("count", [100_000])
def test_s04_unique_items_on_many_objects(count: int) -> None:
    """Comparing each with each would be five billion comparisons."""
    items = [{"name": str(i), "n": i} for i in range(count)]
    assert said({"properties": {"l": {"uniqueItems": True}}}, {"l": items}) == []
    assert said({"properties": {"l": {"uniqueItems": True}}}, {"l": [*items, {"n": 0, "name": "0"}]}) == [
        f"error schema-count l[{count}]: `l[{count}]` repeats item [0] of its list"
    ]


def test_s04_a_recursive_schema_with_two_ways_ends() -> None:
    """Each level doubles the ways; the value is 60 levels deep. Engine 1 remembers, engine 2 counts."""
    node = {"$ref": "#/$defs/n"}
    ways = [{"properties": {"a": node}}, {"properties": {"a": node}, "maxProperties": 7}]
    schema = {**node, "$defs": {"n": {"allOf": ways, "type": ["object", "string"]}}}
    tree: Any = "leaf"
    wrong: Any = 5
    for _ in range(60):
        tree, wrong = {"a": tree}, {"a": wrong}
    assert said(schema, tree) == []
    assert [line.split()[1] for line in said(schema, wrong)] == ["schema-gave-up"]


def test_s04_schemas_without_end_are_refused() -> None:
    many = {"properties": {f"k{i}": {"items": {"items": {"items": True}}} for i in range(13_000)}}
    assert "more than 50000 schemas in `schemas/`" in error_of(many)


# depth


def nested(depth: int, leaf: Any) -> Any:
    tree = leaf
    for _ in range(depth):
        tree = {"a": tree}
    return tree


RECURSIVE = {"type": "object", "properties": {"a": {"anyOf": [{"$ref": "#"}, {"type": "string"}]}}}


@pytest.mark.parametrize("leaf", ["fine", 5, revealed("fine"), variable()])
def test_a_value_of_a_hundred_levels_is_checked(leaf: Any) -> None:
    found = said(RECURSIVE, nested(100, leaf))
    assert bool(found) == (leaf == 5 if isinstance(leaf, int) else not isinstance(leaf, (str, type(revealed("x")))))


def test_a_value_that_is_too_deep_is_an_error_and_not_a_pass() -> None:
    [line] = said(RECURSIVE, nested(DEEPEST + 2, "fine"))
    assert line.startswith("error schema-gave-up")
    assert line.endswith(f"cannot be checked: it is more than {DEEPEST} levels deep")


def test_what_engine_2_cannot_finish_is_an_error() -> None:
    """Every layer at every level is a frame of Python; the stack has a limit."""
    layers = chain(LAYERS - 4, lambda next_, _: next_, {"properties": {"a": {"$ref": "#/$defs/d0"}}, "type": "object"})
    assert [line.split()[1] for line in said(layers, nested(DEEPEST - 1, 5))] == ["schema-gave-up"]


PROVOKE = """
import sys, threading
from tests.schema.test_budget import provoke
provoke()
thread = threading.Thread(target=provoke)
thread.start()
thread.join()
print("alive")
"""


def provoke() -> None:
    """The deepest values and the deepest schemas that the budgets let through, for every way to lay schemas on one."""
    for link in LINKS.values():
        schema = chain(
            LAYERS // 3 - 1, link, {"properties": {"a": {"$ref": "#/$defs/d0"}}, "type": ["object", "string"]}
        )
        loaded, found = opened({"config.schema.json": schema})
        assert not found, lines(found)
        for leaf in ("fine", 5, variable()):
            loaded.check(nested(DEEPEST - 2, leaf), [])


LINKS: dict[str, Any] = {
    "allOf": lambda next_, i: {"allOf": [next_], "maxProperties": i + 3},
    "anyOf": lambda next_, i: {"anyOf": [{"type": "integer", "minimum": 9 + i}, next_]},
    "oneOf": lambda next_, i: {"oneOf": [{"type": "integer", "minimum": 9 + i}, next_]},
    "not": lambda next_, i: {"not": {"not": next_}},
    "if": lambda next_, i: {"if": {"maxProperties": i + 3}, "then": next_},
    "dependentSchemas": lambda next_, i: {"dependentSchemas": {"a": next_}},
}


def test_no_stack_of_an_engine_can_be_exhausted() -> None:
    """An abort of the native engine would take the process with it, so another process tries, on two stacks."""
    done = subprocess.run([sys.executable, "-c", PROVOKE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr[-2000:]


# what engines cannot read


@pytest.mark.parametrize("value", ["\ud800", {"\ud800": 1}, ["a\udfffb"]])
def test_a_lone_surrogate_is_no_crash(value: Any) -> None:
    root(
        {"properties": {"a": {"pattern": "^a", "minLength": 1, "format": "date", "propertyNames": {"maxLength": 3}}}}
    ).check({"a": value}, [])
