"""The answers of `Merged`: places, children, raw texts, overrides, plain values."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.model.keypath import Item, parse
from cfgc.model.layers import Document, Layer, LayerFile
from cfgc.model.location import Location
from cfgc.model.project import MergeRules
from cfgc.model.values import INCLUDE, Secret
from cfgc.stages.merge import merge
from tests.merge.texts import Stated, Texts, merge_texts
from tests.merge.trees import exact

FILES = {
    "base/managers/_each.yaml": "debug: false\nlog: {level: info}\n",
    "base/managers/web.yaml": "port: 80\nusers:\n- {name: ann, role: dev}\nlog:\n  format: json\n",
    "base/plugins/dkim.yaml": "a: 1\n",
    "prod/managers/web.yaml": "users: !by:name\n- name: bob\n- name: ann\n  role: ops\nlog: {format: text}\n",
}


@pytest.mark.parametrize(
    ("path", "place", "key"),
    [
        ("managers.web.port", "base/managers/web.yaml:1:7", "base/managers/web.yaml:1:1"),
        ("managers.web.users[name=ann].role", "prod/managers/web.yaml:4:9", "prod/managers/web.yaml:4:3"),
        ("managers.web.users[name=bob]", "prod/managers/web.yaml:2:3", "prod/managers/web.yaml:2:3"),
        ("managers.web.users[0].name", "prod/managers/web.yaml:3:9", "prod/managers/web.yaml:3:3"),
        ("managers.web.debug", "base/managers/_each.yaml:1:8", "base/managers/_each.yaml:1:1"),
        ("managers.web.log", "base/managers/web.yaml:5:3", "base/managers/web.yaml:4:1"),
        ("managers.web.log.level", "base/managers/_each.yaml:2:14", "base/managers/_each.yaml:2:7"),
        ("managers.web", "base/managers/web.yaml:1:1", "base/managers/web.yaml:1:1"),
        ("managers", "base/managers/web.yaml:1:1", "base/managers/web.yaml:1:1"),
        ("plugins.dkim.missing.deeper", "base/plugins/dkim.yaml:1:1", "base/plugins/dkim.yaml:1:1"),
        ("managers.web.users[7].x", "prod/managers/web.yaml:1:8", "prod/managers/web.yaml:1:1"),
        ("managers.web.port.x", "base/managers/web.yaml:1:7", "base/managers/web.yaml:1:1"),
    ],
)
def test_place_is_the_line_that_causes_the_value_or_its_nearest_ancestor(
    merged: Any, path: Any, place: Any, key: Any
) -> None:
    made = merged(FILES)
    assert str(made.place(parse(path))) == place
    assert str(made.place_key(parse(path))) == key


def test_an_empty_environment_has_an_empty_tree_and_no_place() -> None:
    made = merge([Layer("base")], MergeRules(), None, Texts({}))
    assert made.tree == {}
    assert made.place(("a",)) is None
    assert made.place_key(()) is None
    assert made.trace(()) is None
    assert made.children(()) == []
    assert made.overridden() == []


def test_children_are_in_tree_order_and_leave_includes_out(merged: Any) -> None:
    made = merged({"base.yaml": 'b: {<<: "${a}", y: 1, x: 2}\na: [1, 2]\nc: 1\n'})
    assert made.children(()) == [("b",), ("a",), ("c",)]
    assert made.children(("b",)) == [("b", "y"), ("b", "x")]
    assert made.children(("a",)) == [("a", 0), ("a", 1)]
    assert made.children(("c",)) == made.children(("d",)) == []
    assert made.tree["b"][INCLUDE] == "${a}"


def test_raw_paths_are_those_of_the_merged_tree(merged: Any) -> None:
    """SPEC 4, row `!raw V`: V's text is not searched for references."""
    made = merged(
        {
            "base.yaml": 'a: !raw "${x}"\nb: !raw {c: ["${x}", 1], d: "${y}"}\nl: ["${x}"]\nf: !raw "${x}"\n',
            "prod.yaml": 'b: {d: "${z}", e: "${x}"}\nl: !prepend [!raw "${x}", "${y}"]\nf: "${x}"\n',
        }
    )
    assert made.raw == {("a",), ("b", "c", 0), ("l", 0)}
    assert made.is_raw(("l", 0))
    assert not made.is_raw(("l", 2))


def test_items_are_found_in_lists_of_any_rule(merged: Any) -> None:
    made = merged({"base.yaml": "users: [{name: ann, id: 7}, {name: bob, on: true}]\nports: [80, 443]\n"})
    assert made.trace(("users", Item("id", "7"), "name")).origin.path == ("users", 0, "name")
    assert made.trace(("users", Item("on", "true"), "name")).origin.value == "bob"
    assert made.trace(("ports", Item(".", "443"))).origin.path == ("ports", 1)
    assert made.trace(("ports", Item(".", "8"))) is None
    assert made.trace(("users", Item("name", "cat"))) is None


def test_overridden_hands_type_changes_to_the_lints(merged: Any) -> None:
    """SPEC 4, row `scalar over scalar`: of another type it wins with the lint `type-changing-override`."""
    made = merged(
        {
            "base.yaml": 'a: 1\nb: "1"\nsame: x\nl: [1]\nm: {deep: 1}\nonly: 1\nnull: 1\n',
            "prod.yaml": 'a: "1"\nb: 1\nsame: x\nl: [2]\nm: {deep: true}\n',
            "prod-eu.yaml": "a: 2\nm: !unset\n",
        }
    )
    found = {(one.path, one.winner.file): (one.lower, one.value, one.winner.marker) for one in made.overridden()}
    assert found == {
        (("a",), "prod.yaml"): (1, "1", ""),
        (("a",), "prod-eu.yaml"): ("1", 2, ""),
        (("b",), "prod.yaml"): ("1", 1, ""),
        (("same",), "prod.yaml"): ("x", "x", ""),
        (("l",), "prod.yaml"): ([1], [2], ""),
        (("m",), "prod-eu.yaml"): ({"deep": True}, None, "!unset"),
    }


def test_overridden_looks_into_matched_items(merged: Any) -> None:
    """The identity by which items were matched overrides nothing."""
    made = merged(FILES)
    users = [one for one in made.overridden() if "users" in one.path]
    assert [(one.path, one.lower, one.value) for one in users] == [
        (("managers", "web", "users", 0, "role"), "dev", "ops"),
    ]
    assert users[0].loser.path == ("users", 0, "role")


def test_fate_of_a_file_that_is_no_part_of_the_environment(merged: Any) -> None:
    assert merged(FILES).fate("other/managers/web.yaml", ("port",)) == []


def test_many_files_in_one_folder_merge_as_few_do() -> None:
    """More mounts than a stack is settled with go another way through the fold; the tree is the same."""
    files = {f"base/managers/m{number}.yaml": f"a: {number}\nb: {{c: 1}}\n" for number in range(40)}
    files |= {f"prod/managers/m{number}.yaml": "b: {d: 2}\n" for number in range(0, 40, 2)}
    few = {path: text for path, text in files.items() if "/m4." in path or "/m5." in path}
    made, other = merge_texts(files), merge_texts(few)
    assert list(made.tree["managers"]) == sorted(made.tree["managers"])
    for name in ("m4", "m5"):
        assert exact(made.tree["managers"][name]) == exact(other.tree["managers"][name])
    assert made.trace(("managers", "m4", "b", "d")) == other.trace(("managers", "m4", "b", "d"))
    assert made.trace(("managers", "m4")) == other.trace(("managers", "m4"))
    assert len(made.tree["managers"]) == 40


def test_two_files_of_one_layer_among_many() -> None:
    files = {f"base/managers/m{number}.yaml": "a: 1\n" for number in range(40)}
    made = merge_texts(files | {"base/managers/_index.yaml": "m7: {a: 1, b: 2}\n"})
    assert [found.code for found in made.diagnostics] == ["CFG401"]
    assert made.tree["managers"]["m7"] == {"a": 1, "b": 2}


def test_files_are_taken_in_the_order_of_their_key_paths() -> None:
    """SPEC 2: files are taken in byte order of their key paths, wherever the layout has put them."""
    files = [LayerFile(f"services/{name}.yaml", "base", at, "yaml") for name, at in (("1", ("b", "c")), ("2", ("a",)))]
    made = merge([Layer("base", [Document(file, {"x": 1}) for file in files])], MergeRules(), None, Texts({}))
    assert list(made.tree) == ["a", "b"]


def test_files_outside_of_a_project_merge_at_the_root_whatever_they_hold() -> None:
    """SPEC 10, `merge FILE...`: merge any YAML/JSON/TOML files in order, references left as they stand."""
    files = {"a.yaml": "a: {x: 1}\nl: [1]\n", "b.json": '{"a": {"y": "${z}"}}', "c.yaml": "l: !append [2]\n"}
    assert merge_texts(files).tree == {"a": {"x": 1, "y": "${z}"}, "l": [1, 2]}
    made: Any = merge_texts({"a.yaml": "[1]", "b.json": "[2]", "c.json": '{"a": 1}'}, rules=MergeRules(lists="append"))
    assert made.tree == [1, 2]
    assert made.trace((1,)).origin.file == "b.json"
    assert [found.help for found in made.diagnostics] == ["use a list: this file cannot hold a marker"]


def test_a_folder_shows_nothing_of_its_defaults(merged: Any) -> None:
    """`_each` is no content of its folder: neither its origin nor one of its values."""
    made = merged({"base/managers/web.yaml": "a: 1\n", "prod/managers/_each.yaml": "b: 1\n"})
    trace = made.trace(("managers",))
    assert trace.origin.file == "base/managers/web.yaml"
    assert "\\x00" not in repr(trace)
    assert trace.rule == "only here"


def test_an_index_counts_from_the_end_too(merged: Any) -> None:
    made = merged({"base.yaml": "l: [{a: 1}, {b: 2}]\n"})
    assert made.children(("l", -1)) == [("l", 1, "b")]
    assert made.trace(("l", -1, "b")).origin.path == ("l", 1, "b")
    assert made.trace(("l", -3)) is None


def test_no_finding_shows_a_secret() -> Any:
    """SPEC 6: a secret's text, repr and format show the mask; a finding names its kind and place only."""
    secret = Secret("ENC[token]", "integer", 4711)
    low = LayerFile("base.yaml", "base", (), "yaml")
    high = LayerFile("prod.sops.yaml", "prod", (), "yaml", sops=True)
    twin = LayerFile("prod/x.sops.yaml", "prod", (), "yaml", sops=True)

    class Anywhere(Texts):
        def value(self, file: Any, path: Any) -> Any:
            return Location(file, 1)

    data = [
        {"map": {"x": 1}, "list": [1], "users": [{"name": secret}]},
        {"map": secret, "list": [secret], "one": secret},
    ]
    layers = [
        Layer("base", [Document(low, data[0])]),
        Layer("prod", [Document(high, data[1]), Document(twin, {"one": secret, "users": [{"name": secret}]})]),
    ]
    stated: Any = Stated({"users": {"by": "name"}})
    made = merge(layers, MergeRules(), stated, Anywhere({}))
    assert {found.code for found in made.diagnostics} == {"CFG401", "CFG402", "CFG405", "CFG407"}
    assert "4711" not in repr(made.diagnostics)
    assert "token" not in repr(made.diagnostics)
    assert "cannot merge an integer over a map" in [found.message for found in made.diagnostics]


def test_matching_nested_lists_costs_no_more_than_they_are_deep() -> Any:
    """Identities are looked up without merging what lies below: four layers of 40 nested lists end at once."""

    def nested(number: Any) -> Any:
        value = {"name": "x", "v": number}
        for _ in range(40):
            value = {"name": "x", "items": [value]}
        return value

    files = [LayerFile(f"l{number}.yaml", f"l{number}", (), "yaml") for number in range(4)]

    class Everywhere(Stated):
        def step(self, step: Any) -> Any:
            return self

        def get(self, keyword: Any) -> Any:
            return {"by": "name"}

    layers = [Layer(file.layer, [Document(file, nested(number))]) for number, file in enumerate(files)]
    everywhere: Any = Everywhere({})
    made = merge(layers, MergeRules(), everywhere, Texts({}))
    value = made.tree
    for _ in range(40):
        (value,) = value["items"]
    assert value == {"name": "x", "v": 3}
