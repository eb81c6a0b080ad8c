"""`yaml-1.1-trap`: the plain scalars that PyYAML, a YAML 1.1 reader, types otherwise (SPEC section 3, THREATS Y09)."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cfgc.diagnostics import Diagnostic
from cfgc.stages.read.nodes import Node
from cfgc.stages.read.scalars import NumberError, resolve
from cfgc.stages.read.text import Text
from cfgc.stages.read.yaml_traps import read_by_yaml11

from .desk import layer_file, reader

KINDS = {int: "int", float: "float", str: "str", bool: "bool", type(None): "null"}


def by_pyyaml(text: str) -> str:
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    for pattern, tag in [(found[1], found[0]) for first in (text[0], None) for found in resolvers.get(first, [])]:
        if pattern.match(text):
            return str(tag).rpartition(":")[2]
    return "str"


@given(st.text(alphabet="0127896_:.eE+-xbofT <=", min_size=1, max_size=9).filter(lambda text: text == text.strip()))
@settings(max_examples=3000)
def test_a_trap_is_what_pyyaml_reads_as_another_type_or_number(text: str) -> None:
    try:
        value = resolve(text)
    except NumberError:
        return
    kind = by_pyyaml(text)
    agree = kind == KINDS[type(value)] and (kind != "int" or yaml.safe_load(text) == value)
    assert (read_by_yaml11(text) is None) is agree


@pytest.mark.parametrize(
    "text", ["true", "null", "~", "1", "-1.5", "x", "0o", "1.2.3", "10:99", "tRUE", "nope", "0", "7", "07", "1e+3.0"]
)
def test_what_both_versions_read_alike_is_no_trap(text: str) -> None:
    assert read_by_yaml11(text) is None


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("yes", "a boolean"),
        ("Off", "a boolean"),
        ("n", "a boolean"),
        ("012", "an octal integer"),
        ("0b11", "a binary integer"),
        ("1_000", "an integer"),
        ("12:30:45", "an integer in base 60"),
        ("1:30.5", "a float in base 60"),
        ("1_0.5", "a float"),
        ("2024-01-01", "a date"),
        ("2024-01-01T10:00:00Z", "a time"),
        ("2024-01-01 10:00:00 +01:00", "a time"),
        ("0o17", "a string"),
        ("1e3", "a string"),
        ("089", "a string"),
        ("<<", "a merge key"),
        ("=", "a default value"),
    ],
)
def test_what_a_trap_is_read_as(text: str, reads: str) -> None:
    assert read_by_yaml11(text) == reads


TEXT = """\
on: yes
list: [no, 'no', !!str no, 012]
deep: &d
  time: 12:30
  plain: 12h30
again: *d
quoted: "yes"
raw: !raw yes
<<: {x: off}
"""


def test_the_traps_of_a_file_with_their_paths_and_places() -> None:
    traps = reader(a_yaml=TEXT).traps("a.yaml")
    assert [
        (trap.path, trap.location.line, trap.location.column, trap.text, trap.reads, trap.key) for trap in traps
    ] == [
        (("on",), 1, 1, "on", "a boolean", True),
        (("on",), 1, 5, "yes", "a boolean", False),
        (("list", 0), 2, 8, "no", "a boolean", False),
        (("list", 3), 2, 28, "012", "an octal integer", False),
        (("deep", "time"), 4, 9, "12:30", "an integer in base 60", False),
    ]
    assert {trap.file for trap in traps} == {"a.yaml"}


def test_only_yaml_files_that_can_be_read_have_traps() -> None:
    project = reader(a_json='{"a": "yes"}', b_yaml="a: yes\nb: [", c_toml='a = "yes"')
    assert [project.traps(path) for path in ("a.json", "b.yaml", "c.toml", "missing.yaml")] == [[], [], [], []]


def test_an_ordinary_file_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from cfgc.stages.read import yaml_nodes

    project = reader(a_yaml="a: 1\nb: [x, y1]\n", b_yaml="a: yes\n")
    for path in ("a.yaml", "b.yaml"):
        project.read(layer_file(path))
    compose = yaml_nodes.compose
    parsed: list[str] = []

    def counting(text: Text) -> tuple[Node | None, list[Diagnostic]]:
        parsed.append(text.file)
        return compose(text)

    monkeypatch.setattr(yaml_nodes, "compose", counting)
    assert [len(project.traps(path)) for path in ("a.yaml", "b.yaml")] == [0, 1]
    assert parsed == ["b.yaml"]
