"""Merge markers and `<<` as they are read (SPEC section 4: what merging makes of them is tested there)."""

from __future__ import annotations

import pytest

from cfgc.model.values import INCLUDE, Marked, Value

from .desk import findings_of, names_of, reader, same, shown, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!replace {x: 1}", Marked("replace", {"x": 1})),
        ("!replace", Marked("replace", None)),
        ("!replace 12", Marked("replace", 12)),
        ("!replace '12'", Marked("replace", "12")),
        ("!unset", Marked("unset", None)),
        ("!unset ~", Marked("unset", None)),
        ("!append [a, 1]", Marked("append", ["a", 1])),
        ("!prepend\n  - a\n", Marked("prepend", ["a"])),
        ("!unique [a]", Marked("unique", ["a"])),
        ("!by:name [{name: a}]", Marked("by", [{"name": "a"}], "name")),
        ("!by:. [a]", Marked("by", ["a"], ".")),
        ("!by:host.name []", Marked("by", [], "host.name")),
        ("!raw ${a}", Marked("raw", "${a}")),
        ("!raw |\n  ${a}\n", Marked("raw", "${a}\n")),
        ("!raw {a: '${b}'}", Marked("raw", {"a": "${b}"})),
        ("!raw 3", Marked("raw", 3)),
        ("!by:name\n  - !unset {name: a}\n", Marked("by", [Marked("unset", {"name": "a"})], "name")),
        ("!by:.\n  - !unset a\n", Marked("by", [Marked("unset", "a")], ".")),
        ("!replace {x: !append [1]}", Marked("replace", {"x": Marked("append", [1])})),
        ("&a !append [1]", Marked("append", [1])),
        ("!append &a [1]", Marked("append", [1])),
    ],
)
def test_a_marker_and_its_value(text: str, value: Value) -> None:
    assert same(value_of(f"k: {text}"), {"k": value})


@pytest.mark.parametrize(
    "text",
    ["!append x", "!append {a: 1}", "!prepend", "!unique 3", "!by:name {a: 1}", "!unset x", "!unset [a]",
     "!unset {a: 1}", "!unset ''", "[!unset [a]]"],
)  # fmt: skip
def test_a_marker_before_what_it_cannot_mark(text: str) -> None:
    (found,) = findings_of(f"k: {text}\n")
    assert found.name == "misused-marker"
    assert found.location
    assert found.location.column == 4 + text.startswith("[")


def test_the_document_tells_whether_it_holds_a_marker() -> None:
    from .desk import layer_file

    project = reader(
        plain_yaml="a: 1\n", exact_yaml="a: &x 1\n", marked_yaml="a: {b: [!unset x]}\n", root_yaml="!replace {a: 1}\n"
    )
    marked = {}
    for name in ("plain", "exact", "marked", "root"):
        document, findings = project.read(layer_file(f"{name}.yaml"))
        assert document
        assert findings == []
        marked[name] = document.marked
    assert marked == {"plain": False, "exact": False, "marked": True, "root": True}


@pytest.mark.parametrize("text", ["!unset", "!append [a]", "!replace [a]", "!raw x", "!by:a [{a: 1}]"])
def test_the_root_of_a_layer_file_is_a_map_replaced_at_most(text: str) -> None:
    from .desk import layer_file

    document, findings = reader(a_yaml=text).read(layer_file("a.yaml"))
    assert document is None
    assert [found.name for found in findings] == ["root-not-map"]


def test_markers_exist_in_layer_files_only() -> None:
    value, findings = reader(policy_yaml="a: !append [1]\nb: !raw x\n").data("policy.yaml")
    assert value is None
    assert shown(findings) == ["1:4 marker-not-here", "2:4 marker-not-here"]


@pytest.mark.parametrize(
    ("tag", "help"),
    [
        ("!apend [a]", "did you mean `!append`?"),
        ("!Replace x", "did you mean `!replace`?"),
        ("!by [a]", "did you mean `!by:KEY`?"),
        ("!by: [a]", "did you mean `!by:KEY`?"),
        ("!wat x", "remove it, or quote a text that begins with `!`"),
    ],
)
def test_a_misspelt_marker_gets_a_suggestion(tag: str, help: str) -> None:
    (found,) = findings_of(f"k: {tag}\n")
    assert (found.name, found.help) == ("unknown-tag", help)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("b: &b {x: 1, y: 2}\nc:\n  k: 0\n  <<: *b\n  y: 3\n", {"k": 0, "x": 1, "y": 3}),
        ("b: &b {x: 1}\nc:\n  x: 3\n  <<: *b\n", {"x": 3}),
        ("c: {<<: {x: 1}, y: 2}\n", {"x": 1, "y": 2}),
        ("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}\n", {"x": 1, "y": 2, "z": 3}),
        ("a: &a [{x: 1}, {x: 2, y: 2}]\nc: {<<: *a}\n", {"x": 1, "y": 2}),
        ("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n", {"x": 1, "y": 2}),
        ("a: &a {x: {p: 1}}\nc: {<<: *a, x: {q: 2}}\n", {"x": {"q": 2}}),
        ("a: &a {x: !append [1]}\nc: {<<: *a}\n", {"x": Marked("append", [1])}),
        ("c: {<<: []}\n", {}),
        ("c:\n  !!merge <<:\n    x: 1\n", {"x": 1}),
        ('c: {"<<": x}\n', {"<<": "x"}),
        ("c: {'<<': [1]}\n", {"<<": [1]}),
    ],
)
def test_merge_keys_fill_in_what_the_map_lacks(text: str, value: Value) -> None:
    assert same(value_of(text)["c"], value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<<: ${a.b}\nx: 1\n", {INCLUDE: "${a.b}", "x": 1}),
        ("x: 1\n<<:\n  - ${a.b}\n  - ${c}\n", {"x": 1, INCLUDE: ["${a.b}", "${c}"]}),
        ("<<: ['${a.b}']\n", {INCLUDE: "${a.b}"}),
        ("<<: ${x:-y}\n", {INCLUDE: "${x:-y}"}),
    ],
)
def test_a_reference_under_a_merge_key_waits_for_the_resolver(text: str, value: Value) -> None:
    assert same(value_of(text), value)


def test_a_reference_under_a_merge_key_is_inherited_through_an_alias() -> None:
    value = value_of("a: &a {<<: '${p}', x: 1}\nb: {<<: *a}\n")
    assert same(value["b"], {INCLUDE: "${p}", "x": 1})


@pytest.mark.parametrize(
    "value", ["5", "", "text", "${a} ${b}", "a${b}", "[1]", "[[{a: 1}]]", "[{a: 1}, '${b}']", "!replace {a: 1}", "true"]
)
def test_what_a_merge_key_cannot_take(value: str) -> None:
    assert names_of(f"a: 1\n<<: {value}\n") == ["wrong-merge"]


def test_several_findings_of_one_file_are_told_together() -> None:
    text = "a: !foo 1\na: *none\nb: !append x\nc: .inf\n<<: 3\n? [k]\n: v\n\u202ed: 1\n"
    assert shown(findings_of(text)) == [
        "1:4 unknown-tag",
        "2:1 duplicate-key (1:1 first here)",
        "2:4 unknown-anchor",
        "3:4 misused-marker",
        "4:4 number-out-of-range",
        "5:5 wrong-merge",
        "6:3 key-not-text",
        "8:1 invisible-key",
    ]
