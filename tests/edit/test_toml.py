"""TOML layers are edited like YAML: keys come and go where they are written, all else stays (issue 3, section 6)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.edit.change import NotExact
from cfgc.edit.page import Page
from cfgc.edit.rewrite.put import Rewriter
from cfgc.stages.render.emit import write_plain
from tests.edit.conftest import Cfgc, contents

FILE = "environments/prod/web.toml"
TEXT = """\
# the web of prod
port = 1   # one
net.mtu = 9
list = [
  1,  # first
  2,
]
point = { x = 1 }

# the pool
[pool]
name = "a"

[deep.er]   # no keys yet

[[jobs]]
name = "j"
"""
FILES = {
    "cfgc.yaml": """\
version: 1
environments: {test: {extends: base}, prod: {extends: base}}
components: [web]
outputs: [{for: "*", format: yaml, to: config.yaml}]
""",
    "environments/base/web.yaml": "port: 80\nx: {y: 1}\n",
    "environments/test/web.yaml": "a: 1\n",
    FILE: TEXT,
}
SET = {
    "a key": (("ttl", "5"), "{ x = 1 }\n", "{ x = 1 }\nttl = 5\n"),
    "a dotted key": (("net.ipv6", "true"), "mtu = 9\n", "mtu = 9\nnet.ipv6 = true\n"),
    "a key of a table": (("pool.size", "3"), '"a"\n', '"a"\nsize = 3\n'),
    "of one without keys": (("deep.er.x", "1"), "yet\n", "yet\nx = 1\n"),
    "of one without a header": (("deep.y", "1"), '"j"\n', '"j"\n\n[deep]\ny = 1\n'),
    "of an item of tables": (("jobs[0].every", "5m"), '"j"\n', '"j"\nevery = "5m"\n'),
    "an entry in brackets": (("point.y", "2"), "{ x = 1 }", "{ x = 1, y = 2 }"),
    "an item of a list": (("list[2]", "3"), "  2,\n", "  2,\n  3,\n"),
    "a map": (("new", "{a: 1, b: {c: x}}"), "{ x = 1 }\n", '{ x = 1 }\nnew = { a = 1, b = { c = "x" } }\n'),
    "a value of another layer": (("x.y", "5"), "{ x = 1 }\n", "{ x = 1 }\nx = { y = 5 }\n"),
    "a key that is no bare one": (('"a b"', "1"), "{ x = 1 }\n", '{ x = 1 }\n"a b" = 1\n'),
    "a text over several lines": (("t", '"a\\nb"'), "{ x = 1 }\n", '{ x = 1 }\nt = "a\\nb"\n'),
    "a list in place of one": (("list", "[]"), "[\n  1,  # first\n  2,\n]", "[]"),
    "a table as a whole": (("pool", "{name: b, size: 1}"), 'name = "a"', 'name = "b"\nsize = 1'),
}
UNSET = {
    "a key": ("port", "port = 1   # one\n", ""),
    "a dotted key": ("net.mtu", "net.mtu = 9\n", ""),
    "the table of dotted keys": ("net", "net.mtu = 9\n", ""),
    "the only key of a header": ("pool.name", 'name = "a"\n', ""),
    "a list": ("list", "list = [\n  1,  # first\n  2,\n]\n", ""),
    "an item of it": ("list[1]", "  2,\n", ""),
    "a key of an item of tables": ("jobs[0].name", 'name = "j"\n', ""),
}
REFUSED = {
    "null": ("set", "ttl", "null"),
    "a table as a scalar": ("set", "pool", "1"),
    "a new item of tables": ("set", "jobs[1]", "{name: k}"),
    "the removal of a header": ("unset", "pool"),
}


@pytest.fixture
def toml(project: Callable[[Mapping[str, str]], Path]) -> Path:
    return project(FILES)


@pytest.mark.parametrize("case", SET)
def test_set_writes_into_a_toml_layer(cfgc: Cfgc, toml: Path, case: str) -> None:
    (path, value), old, new = SET[case]
    done = cfgc(toml, "set", "prod", f"web.{path}", value)
    assert done.code == 0, done.err
    assert (toml / FILE).read_text() == TEXT.replace(old, new)


@pytest.mark.parametrize("case", UNSET)
def test_unset_takes_it_out_again(cfgc: Cfgc, toml: Path, case: str) -> None:
    path, old, new = UNSET[case]
    done = cfgc(toml, "unset", "prod", f"web.{path}")
    assert done.code == 0, done.err
    assert (toml / FILE).read_text() == TEXT.replace(old, new)


@pytest.mark.parametrize("case", REFUSED)
def test_what_toml_cannot_say_or_is_no_line_is_refused(cfgc: Cfgc, toml: Path, case: str) -> None:
    command, path, *value = REFUSED[case]
    before = contents(toml)
    done = cfgc(toml, command, "prod", f"web.{path}", *value)
    assert (done.code, contents(toml)) == (1, before)
    assert "error[CFG976]" in done.err


def test_what_needs_a_marker_stands_beside_in_yaml(cfgc: Cfgc, toml: Path) -> None:
    assert cfgc(toml, "unset", "prod", "web.x").code == 0
    assert (toml / FILE).read_text() == TEXT
    assert (toml / "environments/prod/web.yaml").read_text() == "x: !unset\n"


def test_a_remark_stands_above_what_is_new() -> None:
    rewriter = Rewriter(Page("x.toml", "toml", b"  a = 1\n[t]\n"), "rolled back")
    rewriter.put(("b",), 2)
    rewriter.put(("t", "c"), 3)
    assert rewriter.page.chars == "  a = 1\n  # rolled back\n  b = 2\n[t]\n# rolled back\nc = 3\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "k = 1\n"),
        ("# only a remark", "# only a remark\nk = 1\n"),
        ("a = 1", "a = 1\nk = 1"),
        ("a = 1\r\n[t]\r\n", "a = 1\r\nk = 1\r\n[t]\r\n"),
        ("# file\n\n# t\n[t]\nb = 1\n", "# file\n\nk = 1\n\n# t\n[t]\nb = 1\n"),
    ],
)
def test_lines_end_as_they_did(old: str, new: str) -> None:
    rewriter = Rewriter(Page("x.toml", "toml", old.encode()))
    rewriter.put(("k",), 1)
    assert rewriter.page.text.text == new


KEYS = st.sampled_from(["a", "b", "c d", "e.f", "é"])
SCALARS = st.one_of(st.booleans(), st.integers(-99, 99), st.sampled_from(["", "x", 'a"b', "two\nlines", "# no"]))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
TREES = st.dictionaries(KEYS, VALUES, max_size=4)


@given(TREES, st.lists(KEYS, min_size=1, max_size=3).map(tuple), VALUES)
def test_law_a_new_value_is_read_as_it_was_meant_or_refused(tree: Any, path: tuple[str, ...], value: Any) -> None:
    """Law: whatever is edited, all other values stay; a new key of a table is never refused."""
    text, _ = write_plain("toml", tree)
    assert text is not None
    rewriter = Rewriter(Page("x.toml", "toml", text.encode()))
    wanted: dict[str, Any] = tomllib.loads(text)
    above = wanted
    for step in path[:-1]:
        above = above.setdefault(step, {})
        if not isinstance(above, dict):
            return
    new = path[-1] not in above
    above[path[-1]] = value
    try:
        rewriter.put(path, value)
    except NotExact:
        assert not new
        return
    assert tomllib.loads(rewriter.page.chars) == wanted
