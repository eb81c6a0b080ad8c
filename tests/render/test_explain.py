"""`why RENDERED_FILE:LINE`: every line of every artifact knows where it comes from."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from cfgc.model.keypath import show
from cfgc.stages.render import Job, render
from cfgc.stages.render.emitters import FORMATS
from cfgc.stages.render.explain import explain
from tests.render.corpus import MAPS_WITHOUT_NULL
from tests.render.world import WEB, context, output, secret, unknown, web

CONFIG = {
    "name": "web",
    "text": "one\n\ntwo\n",
    "hosts": ["a", {"b": 1, "c": [2, 3]}],
    "tables": [{"x": 1}, {"y": {"z": 2}}],
    "db": {"url": "x", "empty": {}},
    "last": True,
}


def lines_of(config: Any, **options: Any) -> list[tuple[str, str]]:
    """Each line of an artifact with the key paths of its source, as text."""
    job, world = Job(WEB, output(**options)), context(web(config))
    artifacts, found = render([job], world)
    assert not found
    lines = artifacts[0].content.decode().split("\n")
    sources = explain(job, world)
    assert lines.pop() == ""
    assert len(lines) == len(sources)
    assert all((one.file, one.line) == ("", 0) for one in sources)
    return [(line, " ".join(show(path[2:]) for path in one.paths)) for line, one in zip(lines, sources, strict=True)]


def test_yaml() -> None:
    assert lines_of(CONFIG, format="yaml") == [
        ("name: web", "name"), ("text: |", "text"), ("  one", "text"), ("", "text"), ("  two", "text"),
        ("hosts:", "hosts"),
        ("  - a", "hosts[0]"), ("  - b: 1", "hosts[1].b"), ("    c:", "hosts[1].c"), ("      - 2", "hosts[1].c[0]"),
        ("      - 3", "hosts[1].c[1]"), ("tables:", "tables"), ("  - x: 1", "tables[0].x"), ('  - "y":', "tables[1].y"),
        ("      z: 2", "tables[1].y.z"), ("db:", "db"), ("  url: x", "db.url"), ("  empty: {}", "db.empty"),
        ("last: true", "last"),
    ]  # fmt: skip


def test_json() -> None:
    assert lines_of({"a": {"b": [1, {}]}, "c": "x"}, format="json") == [
        ("{", "."), ('  "a": {', "a"), ('    "b": [', "a.b"), ("      1,", "a.b[0]"), ("      {}", "a.b[1]"),
        ("    ]", "a.b"),
        ("  },", "a"), ('  "c": "x"', "c"), ("}", "."),
    ]  # fmt: skip


def test_toml() -> None:
    assert lines_of(CONFIG, format="toml", exclude=(("text",),)) == [
        ('name = "web"', "name"), ('hosts = ["a", { b = 1, c = [2, 3] }]', "hosts"), ("last = true", "last"),
        ("", "tables[0]"),
        ("[[tables]]", "tables[0]"), ("x = 1", "tables[0].x"), ("", "tables[1]"), ("[[tables]]", "tables[1]"),
        ("", "tables[1].y"),
        ("[tables.y]", "tables[1].y"), ("z = 2", "tables[1].y.z"), ("", "db"), ("[db]", "db"), ('url = "x"', "db.url"),
        ("", "db.empty"), ("[db.empty]", "db.empty"),
    ]  # fmt: skip


def test_properties() -> None:
    assert lines_of({"a": {"b": 1}, "c": ["x", "y"]}, format="properties") == [
        ("a.b=1", "a.b"), ("c[0]=x", "c[0]"), ("c[1]=y", "c[1]"),
    ]  # fmt: skip


@pytest.mark.parametrize("format", ["dotenv", "shell", "systemd"])
def test_environment_formats_with_text_of_several_lines(format: str) -> None:
    found = [path for _, path in lines_of({"a": "x\ny", "b": {"c": 1}, "d": [1, 2]}, format=format)]
    assert found == ["a", "a", "b.c", "d"]


def test_kubernetes() -> None:
    found = lines_of({"a": {"b": "x\ny"}, "c": 1}, format="k8s-configmap")
    assert found[-4:] == [("  A_B: |-", "a.b"), ("    x", "a.b"), ("    y", "a.b"), ('  C: "1"', "c")]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_explains_every_line(format: str) -> None:
    lines_of({"a": {"b": [1, {"c": True}]}, "d": secret("x") if format == "k8s-secret" else "x"}, format=format)


@given(MAPS_WITHOUT_NULL)
@pytest.mark.parametrize("format", ["yaml", "json", "toml"])
def test_any_tree_has_a_source_for_each_line(format: str, config: dict[str, Any]) -> None:
    from cfgc.stages.render.emitters import Sheet, emitter
    from cfgc.stages.render.explain import _lines

    text = emitter(format).write(config, Sheet())
    assert "".join(piece for piece, _ in emitter(format).trace(config, Sheet())) == text
    assert len(_lines(emitter(format).trace(config, Sheet()))) == text.count("\n")


SOURCE = """\
# {{ component }}
{% macro m(x) %}
<{{ x }}>
{{ config.db.url }}
{% endmacro %}
{% for host in config.hosts %}
{% if config.on %}
host {{ host }} {{ config.name }};
{% endif %}
{% endfor %}
{{ m(config.port) }}{% include 'inner.j2' %}
{% set x %}
{{ config.name }}
{% endset %}
last {{ x }}end
"""
INNER = "inner\n\n{{ tree.shared }}\n"


def test_templates_name_template_line_and_every_key_path_read() -> None:
    config = {"hosts": ["a", "b"], "on": True, "name": "n", "port": 1, "db": {"url": "u"}}
    job = Job(WEB, output(template="t.j2"))
    world = context({"shared": "s", **web(config)}, templates={"t.j2": SOURCE, "inner.j2": INNER})
    artifacts, _ = render([job], world)
    lines = artifacts[0].content.decode().split("\n")[:-1]
    found = [
        (line, one.file.removeprefix("templates/"), one.line, " ".join(show(path) for path in one.paths))
        for line, one in zip(lines, explain(job, world), strict=True)
    ]
    web_ = "managers.web"
    assert found == [
        ("# managers.web", "t.j2", 1, ""),
        ("host a n;", "t.j2", 8, f"{web_}.hosts[0] {web_}.on {web_}.name"),
        ("host b n;", "t.j2", 8, f"{web_}.hosts[1] {web_}.on {web_}.name"),
        ("<1>", "t.j2", 3, f"{web_}.port"),
        ("u", "t.j2", 4, f"{web_}.db.url"),
        ("inner", "inner.j2", 1, ""),
        ("", "inner.j2", 2, ""),
        ("s", "inner.j2", 3, "shared"),
        ("last n", "t.j2", 15, f"{web_}.name"),
        ("end", "t.j2", 15, ""),
    ]  # fmt: skip


def test_a_template_explained_is_the_template_rendered() -> None:
    """Sealed, and with everything that captures text: the lines are those of the artifact."""
    source = (
        "{% extends 'base.j2' %}{% macro m() %}[{{ caller() }}]{% endmacro %}{% block b %}x {{ super() }}\n"
        "{% macro n() %}({{ caller() }}){% endmacro %}{% call n() %}{{ config.u }}{% endcall %}\n"
        "{{ 'a\nb' | upper }}\n{% endblock %}"
    )
    base = "{% macro m() %}[{{ caller() }}]{% endmacro %}{% block b %}base{% endblock %}tail\n"
    job = Job(WEB, output(template="t.j2"))
    world = context(
        web({"u": unknown("$U"), "p": secret("x")}), templates={"t.j2": source, "base.j2": base}, sealed=True
    )
    artifacts, found = render([job], world)
    assert not found
    assert len(explain(job, world)) == artifacts[0].content.count(b"\n")


def test_what_cannot_be_rendered_has_no_lines() -> None:
    assert explain(Job(WEB, output(template="t.j2")), context(web({}), templates={"t.j2": "{{ x }}"})) == []
    assert (
        explain(
            Job(WEB, output(template="t.j2")),
            context(web({}), templates={"t.j2": "{% for a in range(9999) %}" * 3 + "{% endfor %}" * 3}),
        )
        == []
    )
    assert explain(Job(WEB, output(format="dotenv")), context(web({"a": "\0"}))) == []
    assert explain(Job(WEB, output(format="dotenv", start=("x",))), context(web({"a": 1}))) == []
    used = context(web({"p": secret("x")}), templates={"t.j2": "{{ config.p | upper }}"}, sealed=True)
    assert explain(Job(WEB, output(template="t.j2")), used) == []
