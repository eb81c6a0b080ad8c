"""Templates reach data and nothing else (THREATS J01 to J04, J06, J07, J11)."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest

from cfgc.stages.render import Job
from cfgc.stages.render.template.engine import Engine
from cfgc.stages.render.template.files import Templates
from cfgc.stages.render.template.renderer import render_templates
from tests.render.world import WEB, context, fault, output, shown, templated, web

CANARY = "canary-7f3a"
CONFIG = {"text": "abc", "number": 3, "list": [1, 2], "map": {"k": "v"}, "flag": True}

OBJECTS = [
    "''", "'abc'", "1", "1.5", "true", "[]", "[1]", "{}", "{'a': 1}", "()", "config", "config.map", "config.list",
    "config.text",
    "labels", "tree", "environment", "component", "range", "dict", "range(3)", "self", "missing", "loop",
    "caller", "super", "none", "cycler", "joiner", "namespace", "lipsum", "request", "context", "m",
]  # fmt: skip
WAYS = [
    ".__class__", ".__class__.__mro__", ".__class__.__base__.__subclasses__()", ".__init__.__globals__", ".__globals__",
    "['__class__']", "['__init__']['__globals__']", "|attr('__class__')", ".__doc__", ".__dict__",
    ".__getattribute__('x')",
    ".__reduce_ex__(2)", ".__iter__", ".__len__()", ".__format__('')", ".__module__", ".gi_frame", ".gi_code",
    ".cr_frame",
    ".ag_frame", ".f_globals", ".func_globals", ".mro()", ".environment", "._TemplateReference__context", ".key_path",
    "._node",
    "._path", "._reader", ".leaf", ".items()", ".keys()", ".get('k')", ".pop()", ".append(1)", ".update({})",
    ".clear()",
    ".format(1)", ".format_map({})", ".encode()", ".index", ".count('a')", ".arguments", ".name", "._func",
    ".globals", ".filters",
    ".__call__", ".__self__", ".__func__", ".__code__", ".__builtins__", ".__import__('os')", ".center(9)", ".ljust(9)",
    ".zfill(9)", ".translate({})", ".cycle.__func__", ".text", ".reads",
]  # fmt: skip
FILTERS = [
    "{{ config|attr('_node') }}", "{{ ['x']|map('attr', '__class__')|list }}",
    "{{ [config]|map(attribute='_node')|list|first|json }}",
    "{{ [config]|groupby('_node') }}", "{{ '{0.__class__}'|format(config) }}", "{{ '%s'|format(config) }}",
    "{{ config|pprint }}", "{{ [1]|random }}", "{{ 'x'|safe }}", "{{ 'x'|urlize }}", "{{ {}|xmlattr }}",
    "{{ 'x'|center(9) }}",
    "{{ [config]|sort(attribute='_node')|list }}", "{{ [config]|sum(attribute='_path') }}", "{{ 'x'|filesizeformat }}",
    "{{ [config]|selectattr('__class__')|list|json }}", "{{ 'x' is callable }}", "{{ 'x' is filter }}",
    "{{ 'x' is escaped }}",
    "{{ '{}'.format(config) }}", "{{ '{a.__class__}'.format_map({'a': config}) }}", "{{ ''.join.__self__ }}",
    "{% set x = self.__init__ %}{{ x }}", "{{ self._TemplateReference__context.environment }}", "{{ self.__dict__ }}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% for a in [1] %}{{ loop.__class__ }}{% endfor %}", "{% for a in [1] %}{{ loop._iterable }}{% endfor %}",
    "{% for a in [1] %}{{ loop.cycle.__func__ }}{% endfor %}", "{% block b %}{{ self.b.__init__ }}{% endblock %}",
    "{% import 'm.j2' as m %}{{ m.__dict__ }}", "{% import 'm.j2' as m %}{{ m._body_stream }}",
    "{% import 'm.j2' as m %}{{ m.x._func }}",
    "{% from 'm.j2' import _hidden %}{{ _hidden }}", "{% set ns = namespace(a=1) %}{{ ns.a }}", "{% debug %}",
    "{% do 1 %}",
    "{{ now() }}", "{{ environ }}", "{{ env('X') }}", "{{ open('/etc/passwd') }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ lipsum(n=99999) }}", "{{ joiner() }}", "{{ dict.fromkeys([1]) }}", "{{ dict.__subclasses__() }}",
    "{{ range.__class__ }}",
    "{{ config.list.__class__ }}", "{{ config['__class__'] }}", "{{ config['_node'] }}", "{% set config.x = 1 %}",
    "{% set _ = config.list.append(3) %}", "{{ (1).real }}", "{{ 1.0.hex() }}", "{{ true.real }}", "{{ none.x }}",
]  # fmt: skip


def ssti() -> list[str]:
    """Every object with every way out of it, filters and statements by hand: far over the 200 that J01 asks for."""
    crossed = [f"{{{{ ({one}){way} }}}}" for one, way in itertools.product(OBJECTS, WAYS)]
    return [*crossed, *FILTERS]


@pytest.fixture
def canaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CANARY", CANARY)
    file = tmp_path / "canary"
    file.write_text(CANARY)
    return file


def test_j01_no_way_leads_out(canaries: Path) -> None:
    """Each is a finding, or plain data; none shows Python, the environment or a file."""
    sources = ssti()
    assert len(sources) > 1500
    templates = Templates(
        {f"t{n}.j2": text for n, text in enumerate(sources)} | {"m.j2": "{% macro x() %}{% endmacro %}"}, {}
    )
    jobs = [Job(WEB, output(template=f"t{n}.j2")) for n in range(len(sources))]
    passed = []
    for source, result in zip(sources, render_templates(jobs, context(web(CONFIG)), templates), strict=True):
        assert (result.content is None) == bool(result.findings), source
        if result.content is not None:
            passed.append((source, result.content))
        words = f"{result.content} {[one.facts for one in result.findings]}"
        assert CANARY not in words
        assert os.environ["CANARY"] not in words
        assert "<" not in (result.content or ""), source
    assert passed == [("{{ (config).text }}", "abc")]


@pytest.mark.parametrize("table", ["globals", "filters", "tests"])
def test_j01_the_allowlists_are_ours_alone(table: str) -> None:
    """Jinja fills its tables before we do: what is not ours must be gone."""
    names = set(getattr(Engine(Templates({}, {})), table))
    assert names.isdisjoint(
        {"attr", "format", "pprint", "random", "safe", "urlize", "xmlattr", "groupby", "center", "forceescape",
                 "cycler", "joiner", "namespace", "lipsum", "callable", "filter", "test", "escaped"}
    )  # fmt: skip
    assert names


def test_j01_what_templates_need_does_work() -> None:
    """The positive control."""
    source = (
        "{% macro m(x, y=2) %}[{{ x }}{{ y }}{{ caller() if caller is defined else '' }}]{% endmacro %}"
        "{{ m(1) }}{% call m(3) %}c{% endcall %}"
        "{% for k, v in config.map | items %}{{ loop.index }}{{ k }}{{ v.upper() }}"
        "{{ loop.cycle('a', 'b') }}{{ m(k) }}{% endfor %}{{ 'a,b'.split(',') | join('-') }}{{ range(3) | join }}"
        "{{ dict(a=1).a }}{{ {'items': 5}.items }}{{ config.list + [3] == [1, 2, 3] }}{{ config.list[1:] | json }}"
        "{% block b %}B{% endblock %}{{ self.b() }}{{ 'x' ~ true ~ 1 }}{{ config.number ** 2 % 4 }}"
    )
    assert shown(source, CONFIG) == "[12][32c]1kVa[k2]a-b01215true[2]BBxtrue11"


def test_j06_keys_come_before_methods() -> None:
    config = {"items": "i", "keys": "k", "values": {"get": "g"}, "count": 1, "index": 2, "upper": "u"}
    source = "{{ config.items }}{{ config.keys }}{{ config.values.get }}{{ config.count }}"
    source += "{{ config.index }}{{ config['upper'] }}"
    assert shown(source, config) == "ikg12u"


@pytest.mark.parametrize("name", ["items", "keys", "values", "get"])
def test_j06_methods_of_a_map_are_not_there_and_the_help_says_what_is(name: str) -> None:
    found = fault(f"{{% for k in config.map.{name}() %}}{{% endfor %}}", CONFIG)
    assert found.name == "template-undefined"
    assert "filter" in found.help


@pytest.mark.parametrize(
    "source",
    [
        "{% set _ = config.map.update({'a': 1}) %}",
        "{% set _ = config.list.append(1) %}",
        "{% set _ = config.list.sort() %}",
        "{% set config.map.k = 'x' %}",
        "{% set labels.tier = 'x' %}",
    ],
)
def test_j11_nothing_can_be_changed(source: str) -> None:
    config = {"map": {"k": "v"}, "list": [2, 1]}
    artifact, found = templated(source, config)
    assert artifact is None
    assert len(found) == 1
    assert config == {"map": {"k": "v"}, "list": [2, 1]}


def test_j11_one_template_leaves_nothing_to_the_next() -> None:
    templates = Templates(
        {"a.j2": "{% set x = 1 %}{% macro m() %}{% endmacro %}{{ x }}", "b.j2": "{{ x is defined }}{{ m is defined }}"},
        {},
    )
    jobs = [Job(WEB, output(template=name)) for name in ("a.j2", "b.j2")]
    assert [one.content for one in render_templates(jobs, context(web({})), templates)] == ["1", "falsefalse"]


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../b", "./a", "a//b", "", ".hidden", "a\\b", "é", "a b", "x\n"]
)
def test_j03_j04_names_have_a_grammar(name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace("\n", "\\n")
    for source in (f"{{% include '{quoted}' %}}", f"{{% import '{quoted}' as x %}}", f"{{% extends '{quoted}' %}}"):
        assert fault(source, {}).name == "template-name"


def test_j03_a_link_is_never_followed() -> None:
    found = fault("{% include 'l.j2' %}", {}, links=("templates/l.j2",))
    assert (found.name, "symlink" in found.message) == ("template-unreadable", True)
    found = fault("{% include 'd/x.j2' %}", {}, links=("templates/d",))
    assert found.name == "template-unreadable"


@pytest.mark.parametrize(
    "source",
    ["{% include config.text %}", "{% include ['a', config.text] %}", "{% extends config.text %}",
     "{% import config.text as x %}",      "{% from config.text import x %}", "{% include 'a' ~ 'b' %}"],
)  # fmt: skip
def test_j04_a_name_is_never_computed(source: str) -> None:
    found = fault("x\n" + source, CONFIG)
    assert found.name == "template-name-computed"
    assert found.location is not None
    assert found.location.line == 2


def test_j03_a_template_may_use_others_of_its_folder() -> None:
    templates: dict[str, Any] = {
        "p/base.j2": "<{% block x %}{% endblock %}>",
        "p/m.j2": "{% macro m(x) %}({{ x }}){% endmacro %}",
    }
    source = "{% extends 'p/base.j2' %}{% from 'p/m.j2' import m %}"
    source += "{% block x %}{{ m(config.text) }}{{ super() }}{% include 'i.j2' %}{% endblock %}"
    templates["i.j2"] = "{{ config.number }}"
    assert shown(source, CONFIG, templates=templates) == "<(abc)3>"


def test_j03_a_missing_template_has_a_meaning() -> None:
    found = fault("{% include 'hedaer.j2' %}", {}, templates={"header.j2": ""})
    assert (found.name, found.help) == ("template-missing", "did you mean `header.j2`?")


def test_j03_a_template_may_be_missing_if_it_says_so() -> None:
    source = "{% include 'no.j2' ignore missing %}{% include ['no.j2', 'yes.j2'] %}"
    assert shown(source, {}, templates={"yes.j2": "yes"}) == "yes"
    assert fault("{% include ['a.j2', 'b.j2'] %}", {}).name == "template-missing"


def test_a_template_that_is_no_text_is_refused() -> None:
    assert fault("{% include 'b.j2' %}", {}, templates={"b.j2": b"\xff"}).name == "template-unreadable"
    assert fault("{% include 'b.j2' %}", {}, templates={"b.j2": b"x" * (2 << 20)}).name == "template-unreadable"


def test_line_ends_of_a_template_are_those_of_unix() -> None:
    assert shown("a\r\n{% if true %}\r\nb\r\n{% endif %}\r\n", {}) == "a\nb\n"


def test_section_8_a_statement_on_its_own_line_leaves_none() -> None:
    assert shown("a\n  {% if config.flag %}\n  b\n  {% endif %}\nc\n", CONFIG) == "a\n  b\nc\n"


def test_section_8_what_templates_see() -> None:
    source = "{{ config.text }} {{ environment }} {{ labels.tier }} {{ component }} {{ tree.managers.web.number }}"
    assert shown(source, CONFIG) == "abc prod prod managers.web 3"
