"""Each row of the table of SPEC section 5, and the sentences below it, as a user would write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfgc.model.keypath import KeyPath
from cfgc.model.values import Unknown, Value, Variable

Get = Callable[..., Value]

CONTEXT: dict[str, Any] = {
    "environment": "prod-eu",
    "labels": {"region": "eu", "a.b": "dotted"},
    "component_of": lambda path: path[:2] if path[0] == "managers" and len(path) > 1 else None,
}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("${a.b.c}", 5, id="a value of the same tree keeps its type alone"),
        pytest.param("port ${a.b.c}!", "port 5!", id="inside text it is a scalar"),
        pytest.param("${a.flag}${a.ratio}${a.whole}", "true0.51.0", id="scalars inside text are written as in YAML"),
        pytest.param("${a.map}", {"x": 1}, id="alone it may be a map"),
        pytest.param("${a.list}", [1, {"name": "n", "v": 2}], id="alone it may be a list"),
        pytest.param("${a.none}", None, id="alone it may be null"),
        pytest.param("${a.list[0]}", 1, id="an index"),
        pytest.param("${a.list[name=n].v}", 2, id="an item by its name"),
        pytest.param('${a."x.y"}', "quoted", id="a quoted key"),
        pytest.param("${.sibling}", "s", id="a sibling"),
        pytest.param("${..uncle}", "u", id="an uncle"),
        pytest.param("${...a.b.c}", 5, id="three dots are the map around that"),
        pytest.param("${cfgc:environment}", "prod-eu", id="the name of the environment"),
        pytest.param("${cfgc:component}", "managers.web", id="the component"),
        pytest.param("${cfgc:labels.region}", "eu", id="a label"),
        pytest.param('${cfgc:labels."a.b"}', "dotted", id="a label with a dot"),
        pytest.param("${cfgc:labels.tier:-none}", "none", id="a label with a default"),
        pytest.param("${a.b.x:-default}", "default", id="a default"),
        pytest.param("${a.b.x:-}", "", id="an empty default"),
        pytest.param("${a.none:-default}", "default", id="null counts as unset"),
        pytest.param("${a.empty:-default}", "default", id="empty text counts as unset"),
        pytest.param("${a.zero:-default}", 0, id="zero does not count as unset"),
        pytest.param("${a.b.x:-${a.b.c}}", 5, id="a default may be a reference and keeps its type"),
        pytest.param("${a.b.x:-${a.y:-${.sibling}}-z}", "s-z", id="defaults nest as in Compose"),
        pytest.param("${a.b.x:-8080}", "8080", id="a written default is text"),
        pytest.param("${a.list[7]:-none}", "none", id="a default for an item that is not there"),
        pytest.param("${a.b.c:?needed}", 5, id="a required value that is there"),
        pytest.param("$${a.b.c}", "${a.b.c}", id="a literal"),
        pytest.param("$$${a.b.c} $ $$ $x {y}", "$${a.b.c} $ $$ $x {y}", id="only $${ is special"),
        pytest.param("${file:files/motd.txt}", "hello ${a.b.c}\n", id="a text file, its text is never expanded"),
        pytest.param("${up:quiet}", "QUIET", id="a scheme of a plugin"),
        pytest.param("${NAME}", "${NAME}", id="a runtime variable stays"),
        pytest.param("${env:name}", "${name}", id="an explicit runtime variable"),
        pytest.param("x${NAME:-${a.b.c}}y", "x${NAME:-5}y", id="the default of a runtime variable is resolved"),
        pytest.param("${NAME:?set ${.sibling}}", "${NAME:?set s}", id="so is its message"),
    ],
)
def test_form(written: str, expected: Value, value: Get) -> None:
    tree = {
        "a": {
            "b": {"c": 5},
            "flag": True,
            "ratio": 0.5,
            "whole": 1.0,
            "map": {"x": 1},
            "list": [1, {"name": "n", "v": 2}],
            "none": None,
            "empty": "",
            "zero": 0,
            "x.y": "quoted",
        },
        "managers": {"web": {"deep": {"at": written, "sibling": "s"}, "uncle": "u"}, "a": {"b": {"c": 5}}},
    }
    context = {
        **CONTEXT,
        "read_file": {"files/motd.txt": b"hello ${a.b.c}\n"}.__getitem__,
        "resolvers": {"up": str.upper},
    }
    assert value(tree, **context)["managers"]["web"]["deep"]["at"] == expected


def test_relative_references_count_maps_and_not_lists(value: Get) -> None:
    got = value("{users: [{name: ann, greet: 'I am ${.name}', all: '${..count}'}], count: 1, tags: ['${.count}']}")
    assert got == {"users": [{"name": "ann", "greet": "I am ann", "all": 1}], "count": 1, "tags": [1]}


def test_references_are_resolved_in_dependency_order_whatever_the_order_of_keys(value: Get) -> None:
    assert value("{a: 'x${b}', b: 'y${c}', c: '${d.e}', d: {e: z}}") == {
        "a": "xyz",
        "b": "yz",
        "c": "z",
        "d": {"e": "z"},
    }


def test_a_reference_to_a_map_brings_what_is_resolved_below_it(value: Get) -> None:
    got = value("{copy: '${base}', base: {url: 'http://${host}', list: ['${host}']}, host: h}")
    assert got["copy"] == {"url": "http://h", "list": ["h"]}


def test_a_path_leads_through_references(value: Get) -> None:
    got = value("{a: '${b}', b: {c: '${d[0]}'}, d: ['${e}'], e: {f: 7}, at: '${a.c.f}'}")
    assert got["at"] == 7


def test_a_map_may_hold_a_reference_to_itself_by_another_name(value: Get) -> None:
    assert value("{alias: '${real}', real: {x: 1, y: '${alias.x}'}}")["real"] == {"x": 1, "y": 1}


def test_an_item_is_told_by_a_key_that_is_itself_a_reference(value: Get) -> None:
    got = value(
        "{users: [{name: '${who}', role: r}, '${other}'], who: ann, other: {name: bob, role: q}, "
        "a: '${users[name=ann].role}', b: '${users[name=bob].role}'}"
    )
    assert (got["a"], got["b"]) == ("r", "q")


def test_a_scalar_item_is_told_by_itself(value: Get) -> None:
    assert value("{ports: [80, 443], https: '${ports[.=443]}'}")["https"] == 443


def test_an_unknown_holds_its_parts_in_order(run: Callable[..., Any]) -> None:
    resolved = run("{a: 'x${b}y${PORT}z', b: '${HOST}-${c}', c: 1}")
    parts = ("x", Variable("HOST"), "-1y", Variable("PORT"), "z")
    assert isinstance(resolved.tree["a"], Unknown)
    assert resolved.tree["a"].parts == parts


def test_a_lone_runtime_variable_stays_alone_through_references(run: Callable[..., Any]) -> None:
    resolved = run("{a: '${b}', b: '${HOST}', c: '${b:-localhost}', d: '${b:?needed}', e: '${d:-no}'}")
    assert resolved.tree["a"].alone
    assert resolved.tree["c"].parts == (Variable("HOST", ":-", "localhost"),)
    assert resolved.tree["d"].parts == (Variable("HOST", ":?", "needed"),)
    assert resolved.tree["e"].parts == (Variable("HOST", ":?", "needed"),), "the variable's own rule comes first"


def test_runtime_variables_are_listed_with_their_paths(run: Callable[..., Any]) -> None:
    resolved = run("{a: '${HOST}', b: {c: 'x${PORT:-${HOST}}'}}")
    assert {(use.variable, use.path) for use in resolved.variables} == {
        ("HOST", ("a",)),
        ("PORT", ("b", "c")),
        ("HOST", ("b", "c")),
    }


def test_what_is_left_alone_by_the_schema_or_by_raw_stays_as_it_is(value: Get) -> None:
    tree = {"grafana": {"deep": ["${__from}", "$${x}"]}, "raw": {"sh": "${VAR%%x}"}, "a": "${b}", "b": 1}
    got = value(tree, annotations=References(), is_raw=lambda path: path == ("raw",))
    assert got == {"grafana": {"deep": ["${__from}", "$${x}"]}, "raw": {"sh": "${VAR%%x}"}, "a": 1, "b": 1}


class References:
    """Schemas that say `x-cfgc-references: false` at `grafana`."""

    def root(self) -> References.At:
        return References.At(())

    def get(self, keyword: str, path: KeyPath) -> Any:
        return None

    def uses(self, keyword: str) -> bool:
        return keyword == "x-cfgc-references"

    class At:
        def __init__(self, path: KeyPath) -> None:
            self.path = path

        def step(self, step: str | int) -> References.At:
            return References.At((*self.path, step))

        def get(self, keyword: str) -> Any:
            return False if (keyword, self.path) == ("x-cfgc-references", ("grafana",)) else None


def test_only_what_changes_is_made_anew(tree: Callable[[str], Value], run: Callable[..., Any]) -> None:
    source = tree("{a: {x: [1, {y: 2}]}, b: {c: {d: 1}, e: '${a.x}'}}")
    resolved = run(source).tree
    assert resolved["a"] is source["a"]
    assert resolved["b"]["c"] is source["b"]["c"]
    assert resolved["b"]["e"] is source["a"]["x"]
    assert source["b"]["e"] == "${a.x}", "the merged tree is not changed"


def test_a_file_is_read_once(run: Callable[..., Any]) -> None:
    reads: list[str] = []

    def read(path: str) -> bytes:
        reads.append(path)
        return b"text"

    assert run("{a: '${file:f/x.txt}', b: '[${file:f/x.txt}]'}", read_file=read).tree == {"a": "text", "b": "[text]"}
    assert reads == ["f/x.txt"]


def test_a_file_of_a_working_tree(tmp_path: Path, value: Get) -> None:
    from cfgc.external.files import WorkTree

    (tmp_path / "motd.txt").write_text("hi\n", encoding="utf-8")
    assert value("{a: '${file:motd.txt}'}", read_file=WorkTree(tmp_path).read) == {"a": "hi\n"}
