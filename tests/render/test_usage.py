"""What other rooms ask of rendering without rendering."""

from __future__ import annotations

import pytest

from cfgc.stages.render.emit import write_plain
from cfgc.stages.render.template.usage import reading_tree, used_templates
from tests.memory import Memory
from tests.render.world import output

TEXTS = {
    "a.j2": "{% include 'b.j2' %}{{ config.x }}",
    "b.j2": '{% from "d/m.j2" import m %}',
    "d/m.j2": "{% macro m() %}{{ tree.x }}{% endmacro %}",
    "plain.j2": "{{ config.street }}",
    "unused.j2": "{{ tree }}",
}
SOURCE = Memory({f"templates/{name}": text for name, text in TEXTS.items()})


@pytest.mark.parametrize(
    ("names", "reading"),
    [
        (["a.j2"], {"a.j2"}),
        (["plain.j2"], set()),
        ([], set()),
        (["d/m.j2"], {"d/m.j2"}),
        (["plain.j2", "a.j2"], {"a.j2"}),
    ],
)
def test_which_templates_read_the_tree(names: list[str], reading: set[str]) -> None:
    outputs = [output(template=name) for name in names] + [output(format="yaml")]
    assert reading_tree(outputs, SOURCE) == reading


def test_which_templates_are_used() -> None:
    assert used_templates([output(template="a.j2"), output(template="nosuch")], SOURCE) == {"a.j2", "b.j2", "d/m.j2"}
    assert used_templates([output(format="yaml")], SOURCE) == set()


def test_plain_data_is_written_in_any_format() -> None:
    assert write_plain("dotenv", {"a": {"b": 1}}) == ("A_B=1\n", [])
    text, found = write_plain("dotenv", {"a": {"b": "\0"}}, ("managers", "web"))
    assert text is None
    assert [(one.name, one.path) for one in found] == [("text-not-held", ("managers", "web", "a", "b"))]
    text, found = write_plain("toml", {"a": [1, None]})
    assert (text, [one.name for one in found]) == (None, ["text-not-held"])
