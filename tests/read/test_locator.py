"""Where a value, a key and a line stand (SPEC section 3: positions on demand)."""

from __future__ import annotations

import pytest

from cfgc.diagnostics import Diagnostic
from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location
from cfgc.model.values import INCLUDE
from cfgc.stages.read import Reader
from cfgc.stages.read.nodes import Node
from cfgc.stages.read.text import Text
from tests.memory import Memory

from .desk import layer_file, reader

WEB = """\
# the web
image: web:1
ports: [80, {name: admin, port: 81}]
env: !replace
  A: 1
  "b c": 'two
    lines'
hosts:
  - name: a
    port: 1
  -
    # a comment - with a dash
    name: b
  - - deep
    - er
script: |
  one
  two

empty:
last: ü😀x # end
"""


def span(text: str, location: Location) -> str:
    """The text between the ends of a location."""
    lines = text.split("\n")
    if location.line == location.end_line:
        return lines[location.line - 1][location.column - 1 : location.end_column - 1]
    first, *middle = lines[location.line - 1 : location.end_line - 1]
    return "\n".join([first[location.column - 1 :], *middle, lines[location.end_line - 1][: location.end_column - 1]])


def where(text: str, path: KeyPath, name: str = "web.yaml") -> tuple[str, str]:
    """What the key's span and the value's span hold."""
    locator = Reader(Memory({name: text})).locator
    return span(text, locator.key(name, path)), span(text, locator.value(name, path))


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("image",), "image", "web:1"),
        (("ports",), "ports", "[80, {name: admin, port: 81}]"),
        (("ports", 0), "80", "80"),
        (("ports", 1, "port"), "port", "81"),
        (("env", "A"), "A", "1"),
        (("env", "b c"), '"b c"', "'two\n    lines'"),
        (("hosts", 0), "-", "name: a\n    port: 1"),
        (("hosts", 0, "port"), "port", "1"),
        (("hosts", 1), "-", "name: b"),
        (("hosts", -2, "name"), "name", "b"),
        (("hosts", 2), "-", "- deep\n    - er"),
        (("hosts", 2, 1), "-", "er"),
        (("script",), "script", "|\n  one\n  two"),
        (("empty",), "empty", ""),
        (("last",), "last", "ü😀x"),
        (("env",), "env", "!replace\n  A: 1\n  \"b c\": 'two\n    lines'"),
    ],
)
def test_the_spans_of_a_key_and_of_its_value(path: KeyPath, key: str, value: str) -> None:
    assert where(WEB, path) == (key, value)


def test_the_dash_is_the_one_of_the_item() -> None:
    locator = reader(web_yaml=WEB).locator
    assert [locator.key("web.yaml", ("hosts", index)).line for index in range(3)] == [9, 11, 14]


def test_lines_and_columns_count_from_1_in_characters_and_the_end_is_exclusive() -> None:
    assert reader(web_yaml=WEB).locator.value("web.yaml", ("last",)) == Location("web.yaml", 21, 7, 21, 10)


def test_a_path_that_the_file_does_not_hold_stands_at_its_longest_part_that_it_does() -> None:
    paths: list[KeyPath] = [("image", "x"), ("image", 0), ("hosts", 7), ("nothing",), ("hosts", "x")]
    for path in paths:
        assert where(WEB, path) == where(WEB, path[:-1])
    assert where(WEB, ("env", "Z", "y")) == where(WEB, ("env",))


SHARED = """\
base: &base {x: 1, y: &deep {z: 2}}
one: *base
two:
  <<: *base
  x: 3
three:
  <<: [{p: 1}, *base]
four:
  <<: ${one.y}
five: &null
six: *null
"""


@pytest.mark.parametrize(
    ("path", "line", "value"),
    [
        (("one",), 2, "*base"),
        (("one", "x"), 1, "1"),
        (("one", "y", "z"), 1, "2"),
        (("two", "x"), 5, "3"),
        (("two", "y"), 1, "&deep {z: 2}"),
        (("two", "y", "z"), 1, "2"),
        (("three", "p"), 7, "1"),
        (("three", "x"), 1, "1"),
        (("four", INCLUDE), 9, "${one.y}"),
        (("two", INCLUDE), 4, "*base"),
    ],
)
def test_through_an_alias_or_a_merge_key_a_value_stands_where_it_is_written(
    path: KeyPath, line: int, value: str
) -> None:
    location = reader(web_yaml=SHARED).locator.value("web.yaml", path)
    assert (location.line, span(SHARED, location)) == (line, value)


@pytest.mark.parametrize(
    ("text", "implicit"),
    [
        *((text, True) for text in ("k:", "k: # c", "? k", "{k}", "{k: }", "k: &a", "a: &a {k: }\n<<: *a")),
        *((text, False) for text in ("k: ~", "k: null", "k: ''", "k: !!null", "k: !unset", "a: &a\nk: *a", "k: {}")),
    ],
)
def test_an_implicit_null_is_one_that_is_not_written(text: str, implicit: bool) -> None:
    assert reader(a_yaml=text).locator.implicit("a.yaml", ("k",)) is implicit


def test_an_item_can_be_an_implicit_null_too() -> None:
    locator = reader(a_yaml="- \n- ~\n").locator
    assert locator.implicit("a.yaml", (0,))
    assert not locator.implicit("a.yaml", (1,))
    assert not locator.implicit("a.yaml", (0, "x"))


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (1, None),
        (2, ("image",)),
        (3, ("ports",)),
        (4, ("env",)),
        (5, ("env", "A")),
        (6, ("env", "b c")),
        (7, ("env", "b c")),
        (8, ("hosts",)),
        (9, ("hosts", 0, "name")),
        (10, ("hosts", 0, "port")),
        (11, ("hosts", 1)),
        (13, ("hosts", 1, "name")),
        (14, ("hosts", 2, 0)),
        (16, ("script",)),
        (18, ("script",)),
        (20, ("empty",)),
        (21, ("last",)),
        (22, None),
        (99, None),
        (0, None),
    ],
)
def test_the_deepest_path_on_a_line(line: int, path: KeyPath | None) -> None:
    assert reader(web_yaml=WEB).locator.at("web.yaml", line) == path


def test_a_line_with_a_merge_key_belongs_to_its_map() -> None:
    assert reader(web_yaml=SHARED).locator.at("web.yaml", 4) == ("two",)


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"])
def test_lines_are_quoted_without_their_break(breaks: str) -> None:
    locator = reader(a_yaml=f"a: 1{breaks}b: x\u2028y{breaks}").locator
    assert [locator.quote("a.yaml", line) for line in (1, 2, 3, 4, 0)] == ["a: 1", "b: x\u2028y", "", None, None]
    assert locator.value("a.yaml", ("b",)).line == 2


@pytest.mark.parametrize("name", ["a.sops.yaml", "a.sops.env", "dir.sops.d/a.yaml"])
def test_no_line_of_a_file_with_secrets_is_quoted(name: str) -> None:
    assert Reader(Memory({name: "a: s3cr3t\n"})).locator.quote(name, 1) is None


def test_no_line_is_quoted_where_the_layer_says_sops_or_the_file_holds_ciphertext() -> None:
    project = reader(a_yaml="a: s3cr3t\n", b_yaml="a: x\nb: ENC[AES256_GCM,data:x=,type:str]\n")
    project.read(layer_file("a.yaml", sops=True))
    assert project.locator.quote("a.yaml", 1) is None
    assert project.locator.quote("b.yaml", 1) is None


@pytest.mark.parametrize("text", ["a: [", b"\xff", "a: 1\n---\nb: 1\n"])
def test_a_broken_file_has_one_place(text: str | bytes) -> None:
    locator = reader(a_yaml=text).locator
    assert locator.value("a.yaml", ("a",)) == Location("a.yaml", 1, 1, 1, 1)
    assert locator.key("missing.yaml", ("a",)) == Location("missing.yaml", 1, 1, 1, 1)
    assert locator.at("a.yaml", 1) is None
    assert locator.quote("missing.yaml", 1) is None
    assert not locator.implicit("a.yaml", ("a",))


def test_what_is_no_file_has_no_line() -> None:
    assert reader().locator.value("<--set>", ("a",)) == Location("<--set>", 0, 0, 0, 0)


def test_a_file_is_parsed_once_for_all_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    from cfgc.stages.read import yaml_nodes

    parsed: list[str] = []
    compose = yaml_nodes.compose

    def counting(text: Text) -> tuple[Node | None, list[Diagnostic]]:
        parsed.append(text.file)
        return compose(text)

    monkeypatch.setattr(yaml_nodes, "compose", counting)
    project = reader(web_yaml="image: web:1\nenv: {A: 1}\nhosts:\n  - a\n")
    project.read(layer_file("web.yaml"))
    assert parsed == []
    paths: list[KeyPath] = [("image",), ("env", "A"), ("hosts", 0)]
    for path in paths:
        project.locator.value("web.yaml", path)
        project.locator.key("web.yaml", path)
    assert len(parsed) == 1


JSON = '{"a": [1, {"b": "x"}],\n "c": null}\n'
TOML = '''\
title = "t" # c
a.b = 1
[db.main]
ports = [ 1,
  { x = 2 } ]
"q k" = """
long"""
[[hosts]]
name = 'n'
[[hosts]]
name = 'm'
[hosts.sub]
k = 2024-01-01
'''
DOTENV = "# c\nA=1\nexport B = 'x y' # c\n"


@pytest.mark.parametrize(
    ("name", "text", "path", "key", "value"),
    [
        ("a.json", JSON, ("a", 1, "b"), '"b"', '"x"'),
        ("a.json", JSON, ("a", 0), "1", "1"),
        ("a.json", JSON, ("c",), '"c"', "null"),
        ("a.toml", TOML, ("title",), "title", '"t"'),
        ("a.toml", TOML, ("a", "b"), "b", "1"),
        ("a.toml", TOML, ("db", "main", "ports", 1, "x"), "x", "2"),
        ("a.toml", TOML, ("db", "main", "q k"), '"q k"', '"""\nlong"""'),
        ("a.toml", TOML, ("hosts", 1, "name"), "name", "'m'"),
        ("a.toml", TOML, ("hosts", 1, "sub", "k"), "k", "2024-01-01"),
        ("a.env", DOTENV, ("A",), "A", "1"),
        ("a.env", DOTENV, ("B",), "B", "'x y'"),
    ],
)
def test_the_other_formats_have_places_too(name: str, text: str, path: KeyPath, key: str, value: str) -> None:
    assert where(text, path, name) == (key, value)


@pytest.mark.parametrize(
    ("name", "text", "line", "path"),
    [
        ("a.json", JSON, 2, ("c",)),
        ("a.json", JSON, 1, ("a",)),
        ("a.toml", TOML, 3, ("db", "main")),
        ("a.toml", TOML, 5, ("db", "main", "ports", 1, "x")),
        ("a.toml", TOML, 7, ("db", "main", "q k")),
        ("a.toml", TOML, 10, ("hosts", 1)),
        ("a.toml", TOML, 13, ("hosts", 1, "sub", "k")),
        ("a.env", DOTENV, 3, ("B",)),
        ("a.env", DOTENV, 1, None),
    ],
)
def test_lines_of_the_other_formats(name: str, text: str, line: int, path: KeyPath | None) -> None:
    assert Reader(Memory({name: text})).locator.at(name, line) == path
