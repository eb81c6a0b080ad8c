"""Issue 3, section 6: whatever YAML allows, an edit is exact or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cfgc.diagnostics import Failed
from cfgc.edit.change import NotExact
from cfgc.edit.intent import bare, get
from cfgc.edit.page import Page
from cfgc.edit.rewrite.put import Rewriter
from cfgc.model.keypath import KeyPath
from cfgc.model.same import same
from cfgc.model.values import INCLUDE, Marked
from tests.read.spec_examples import EXAMPLES

VALUES = (7, "a\nb\n", {"k": [1, {"m": 2}]}, Marked("unset", None), Marked("replace", {"a": None}))
MAPS = [(name, text) for name, text, value in EXAMPLES if isinstance(value, dict)]


def paths(data: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    data = bare(data)
    for step in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        if step != INCLUDE:
            yield (*path, step)
            yield from paths(data[step], (*path, step))


@pytest.mark.parametrize(("name", "text"), MAPS, ids=[name for name, _ in MAPS])
def test_every_form_of_yaml_is_edited_exactly_or_not_at_all(name: str, text: str) -> None:
    page = Page("a.yaml", "yaml", text.encode())
    done = 0
    for path in [*paths(page.data), ("a new key",)]:
        for value in VALUES:
            rewriter = Rewriter(page)
            try:
                rewriter.put(path, value)
            except (NotExact, Failed):
                continue
            done += 1
            assert same(get(rewriter.page.data, path), value)
    assert done or name.startswith(("7.", "9.", "2.2"))


@pytest.mark.parametrize(
    ("old", "path", "value", "new"),
    [
        ("a: 1  # x\n", ("a",), {"b": 1}, "a:  # x\n  b: 1\n"),
        ("a:  # x\n  b: 1\nc: 2\n", ("a",), 1, "a: 1  # x\nc: 2\n"),
        ("a:\n  # x\n  b: 1\nc: 2\n", ("a",), "t\nu\n", 'a:\n  # x\n  "t\\nu\\n"\nc: 2\n'),
        ("a:\n  # x\n  b # y\n", ("a",), "t\nu\n", 'a:\n  # x\n  "t\\nu\\n" # y\n'),
        ("a: | # x\n  t\n", ("a",), 1, "a: 1 # x\n"),
        ("a:\nb: 1\n", ("a",), [1], "a:\n  - 1\nb: 1\n"),
        ("l:\n- a # A\n- b # B\n", ("l",), ["a", "c", "b"], "l:\n- a # A\n- c\n- b # B\n"),
        ("l:\n- a # A\n- b # B\n", ("l",), ["0", "a", "b"], 'l:\n- "0"\n- a # A\n- b # B\n'),
        ("l: [a, b]\n", ("l",), ["b"], "l: [b]\n"),
        ("m: {a: 1}\n", ("m", "b"), Marked("unset", None), "m: {a: 1, b: !unset null}\n"),
        ("m: {\n  a: 1, # A\n}\n", ("m", "b"), 2, "m: {\n  a: 1, # A\n  b: 2,\n}\n"),
        ("m: {\n  a: 1 # A\n}\n", ("m", "b"), 2, "m: {\n  a: 1, # A\n  b: 2\n}\n"),
        ("m: !replace\n  a: 1\n", ("m", "a"), 2, "m: !replace\n  a: 2\n"),
        ("m:\n  a: 1 # A\n", ("m",), Marked("replace", {"a": 1, "b": 2}), "m: !replace\n  a: 1 # A\n  b: 2\n"),
        ("t: |+\n  x\n\n", ("u",), 1, "t: |+\n  x\n\nu: 1\n"),
        ("url: ${a.b}/x\n", ("url",), "${c.d}/y", "url: ${c.d}/y\n"),
        ("# only a remark", ("a", "b"), 1, "# only a remark\na:\n  b: 1"),
        ("", ("a",), None, "a: null\n"),
    ],
)
def test_what_an_edit_looks_like(old: str, path: KeyPath, value: Any, new: str) -> None:
    rewriter = Rewriter(Page("a.yaml", "yaml", old.encode()))
    rewriter.put(path, value)
    assert rewriter.page.raw.decode() == new


def test_what_is_not_there_is_dropped_without_its_parents() -> None:
    rewriter = Rewriter(Page("a.yaml", "yaml", b"m:\n  a: 1\n  b: 2\n"))
    rewriter.drop(("m", "b"))
    rewriter.drop(("m", "b"))
    assert rewriter.page.raw == b"m:\n  a: 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# top\nr: 3 # c\n# end", "# top\n# why\n!replace\nb: 1\na:\n  - 2\n# end"),
        ("%YAML 1.2\n---\nr: 3\nq: 4", "%YAML 1.2\n---\n# why\n!replace\nb: 1\na:\n  - 2"),
        ("{r: 3}\n", "!replace {b: 1, a: [2]}\n"),
    ],
)
def test_bug_a_file_that_is_written_anew_stands_on_lines_of_its_own(before: str, after: str) -> None:
    rewriter = Rewriter(Page("a.yaml", "yaml", before.encode()), "why")
    rewriter.put((), Marked("replace", {"b": 1, "a": [2]}))
    assert rewriter.page.chars == after


def test_a_remark_stands_above_a_new_key() -> None:
    rewriter = Rewriter(Page("a.yaml", "yaml", b"m:\n  a: 1\n"), "as of v1:\nrolled back")
    rewriter.put(("m", "b"), 2)
    rewriter.put(("m", "a"), 3)
    assert rewriter.page.raw.decode() == "m:\n  a: 3\n  # as of v1:\n  # rolled back\n  b: 2\n"
