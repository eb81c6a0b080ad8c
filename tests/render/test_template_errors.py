"""A template's mistakes: found, named with template, line and column, and without any value (THREATS J05, J09)."""

from __future__ import annotations

import pytest

from cfgc.stages.render import Job, render
from tests.render.world import SETTING, WEB, context, fault, output, secret, shown, unknown, web

CANARY = "c4n4ry-Pa55word"
CONFIG = {
    "text": "abc",
    "number": 3,
    "none": None,
    "list": ["a", "b"],
    "map": {"port": 1, "key": "v"},
    "pw": secret(CANARY),
}


@pytest.mark.parametrize(
    ("source", "line", "column", "name", "help"),
    [
        ("a\n  {{ config.txet }}", 2, 13, "template-undefined", "did you mean `text`?"),
        ("{{ config.map.prot }}", 1, 15, "template-undefined", "did you mean `port`?"),
        ("\n\n{{ confg.text }}", 3, 4, "template-undefined", "did you mean `config`?"),
        ("{{ labels.teir }}", 1, 11, "template-undefined", "did you mean `tier`?"),
        ("{% if x\n", 1, 1, "template-syntax", ""),
        ("a\n{% endfor %}", 2, 4, "template-syntax", ""),
        ("a\n{{ 1 | uper }}", 2, 8, "template-syntax", "did you mean `upper`?"),
        ("{{ config.number.real }}", 1, 18, "template-forbidden", ""),
        ("a\n\n{{ 1 / 0 }}", 3, 1, "template-failed", ""),
        ("{{ config.text + 1 }}", 1, 1, "template-failed", ""),
        ("{{ config.text | int }}", 1, 1, "template-failed", ""),
        ("a\n{% include 'nosuch' %}", 2, 13, "template-missing", ""),
    ],
)
def test_section_8_errors_name_template_line_and_column(
    source: str, line: int, column: int, name: str, help: str
) -> None:
    found = fault(source, CONFIG)
    assert (found.name, found.component) == (name, "managers.web")
    assert found.location is not None
    assert (found.location.file, found.location.line, found.location.column) == ("templates/t.j2", line, column)
    assert help in found.help


def test_section_8_an_error_in_an_included_template_is_placed_there() -> None:
    templates = {"d/inner.j2": "x\n\n{{ config.nosuch }}", "m.j2": "\n{% macro m(a) %}\n{{ a.b }}\n{% endmacro %}"}
    found = fault("{% include 'd/inner.j2' %}", CONFIG, templates=templates)
    assert found.location is not None
    assert found.location[:2] == ("templates/d/inner.j2", 3)
    found = fault("{% from 'm.j2' import m %}\n{{ m(config.map) }}", CONFIG, templates=templates)
    assert found.location is not None
    assert found.location[:2] == ("templates/m.j2", 3)


def test_a_template_that_is_not_there_is_blamed_on_the_setting() -> None:
    job = Job(WEB, output(template="t.j3"))
    _, found = render([job], context(web({}), templates={"t.j2": ""}))
    assert [(one.name, one.location, one.help) for one in found] == [
        ("template-missing", SETTING, "did you mean `t.j2`?")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "{{ config.pw / 2 }}", "{{ config.pw | int }}", "{{ config.pw | float }}", "{{ config.pw + 1 }}",
        "{{ config.map[config.pw] }}",
        "{{ tree[config.pw] }}", "{{ config.list[config.pw] }}", "{{ {}[config.pw] }}", "{{ config.pw.nosuch }}",
        "{{ 1 | round(config.pw) }}",
        "{{ range(config.pw) }}", "{{ config.pw() }}", "{{ [config.pw] }}", "{{ {'a': config.pw} }}",
        "{{ config.pw | items }}",
        "{{ config.list | map(config.pw) | list }}", "{{ config.list | map(attribute=config.pw) | list | json }}",
        "{{ (config.pw ~ '********').nosuch }}", "{{ config.list | sort(attribute=config.pw) | json }}",
    ],
)  # fmt: skip
def test_j09_no_error_says_a_value(source: str) -> None:
    found = fault(f"x\n{source}", CONFIG)
    assert CANARY not in repr(found)
    assert found.location is not None
    assert found.location[:2] == ("templates/t.j2", 2)


@pytest.mark.parametrize(
    "source",
    [
        "{{ nosuch }}", "{{ config.nosuch }}", "{{ [nosuch] }}", "{{ [config.nosuch] | join }}",
        "{{ [config.nosuch] | string }}",
        "{{ 'a' ~ [config.nosuch] }}", "{{ {'a': config.nosuch} | json }}", "{{ config.nosuch | upper }}",
        "{{ config.nosuch | items }}",
        "{{ config.nosuch | length }}", "{{ config.nosuch | list }}", "{% for a in config.nosuch %}{% endfor %}",
        "{% if config.nosuch %}{% endif %}",
        "{{ config.nosuch == 1 }}", "{{ config.nosuch.deeper }}", "{{ config.nosuch['deeper'] }}",
        "{{ config.nosuch() }}",
        "{{ config.map | dictsort | string }}", "{{ config.list | map('upper') }}", "{{ config.map }}",
        "{{ config.list }}", "{{ config }}",
        "{{ 'a' ~ config.list }}", "{{ config.none }}", "{{ 'a' ~ config.none }}", "{{ range }}", "{{ dict }}",
        "{{ ''.join }}", "{{ 'a' ~ ''.join }}",
        "{% macro m() %}{% endmacro %}{{ m }}", "{% macro m() %}{% endmacro %}{{ 'a' ~ m }}", "{{ self }}",
        "{{ config.map | items }}",
        "{% for a in [1] %}{{ loop }}{% endfor %}", "{{ [1] | select }}", "{{ [''.join] | join }}",
        "{{ config.map | map('json') }}",
    ],
)  # fmt: skip
def test_j05_nothing_but_data_is_printed(source: str) -> None:
    """An undefined value, a function, a view of keys: a finding, never its text."""
    assert fault(source, CONFIG).is_error


@pytest.mark.parametrize("text", ["Undefined", "<function f at 0x7f>", "a object at 0x1", "dict_keys(['a'])"])
def test_j05_the_trace_of_a_mistake_is_an_error(text: str) -> None:
    """However it came to be printed; a value of the configuration that says so itself is no trace."""
    assert fault("{{ '" + text.replace("'", "\\'") + "' }}", {}).name == "template-machinery"
    assert fault("{{ config.a | upper | lower }}", {"a": "dict_keys("}).name == "template-machinery"
    assert shown("{{ config.a }}", {"a": text}) == text
    assert shown("{{ config.a }}", {"a": secret(text)}) == text
    assert shown("# " + text, {}) == "# " + text


def test_j05_default_does_not_stand_in_for_a_secret() -> None:
    keywords = {"managers.web.db.password": {"x-cfgc-secret": True}}
    config = {"db": {"host": "x"}}
    for source in ("{{ config.db.password | default('') }}", "{{ config.db.password | d('x') }}"):
        assert fault(source, config, keywords=keywords).name == "template-secret-missing"
    assert shown("{{ config.db.port | default(1) }}", config, keywords=keywords) == "1"


def test_section_8_values_read_as_configuration_writes_them() -> None:
    config = {"t": True, "f": False, "n": 1.5, "l": [True, 1, "x"], "u": unknown("$URL")}
    source = "{{ config.t }} {{ config.f }} {{ config.n }} {{ config.l | join(',') }} {{ 'x' ~ config.t }}"
    source += " {{ config.t | string }} {{ config.u }}"
    assert shown(source, config) == "true false 1.5 true,1,x xtrue true ${URL}"


def test_section_8_runtime_variables_in_templates() -> None:
    config = {"u": unknown("$URL"), "v": unknown("$V"), "m": {"w": unknown("a", "$W")}}
    job = Job(WEB, output(template="t.j2"))
    artifacts, _ = render([job], context(web(config), templates={"t.j2": "{{ config.u }} {{ config.m | json }}"}))
    assert artifacts[0].content == b'${URL} {"w":"a${W}"}'
    assert [one[:2] for one in artifacts[0].requires_env] == [("URL", "managers.web.u"), ("W", "managers.web.m.w")]
    found = fault("x\n{{ config.u }}", config, options={"runtime": "refuse"})
    assert (found.name, found.path) == ("runtime-refused", ("managers", "web", "u"))
    assert shown("{{ config.u is defined }}{{ config | json }}", config, options={"runtime": "omit"}) == "false{}"


def test_section_8_outputs_of_templates_take_from_exclude_and_nulls() -> None:
    config = {"db": {"url": "x", "none": None, "secret": {"a": 1}}}
    from cfgc.model.keypath import parse

    options = {"start": ("db",), "exclude": (parse("db.secret"),), "nulls": "empty"}
    assert shown("{{ config | json }}", config, options=options) == '{"url":"x","none":""}'


def test_section_8_a_template_refuses_nulls_on_demand() -> None:
    found = fault("x", {"a": {"b": None}}, options={"nulls": "refuse"})
    assert (found.name, found.path) == ("null-refused", ("managers", "web", "a", "b"))


def test_section_8_options_that_mean_nothing_to_a_template_are_errors() -> None:
    job = Job(WEB, output(template="t.j2", prefix="X_", only="secret"))
    _, found = render([job], context(web({}), templates={"t.j2": ""}))
    assert [one.name for one in found] == ["output-option", "output-option"]


def test_templates_that_fail_do_not_hide_each_other() -> None:
    jobs = [Job(WEB, output(f"{name}.conf", template=name)) for name in ("a.j2", "b.j2", "c.j2")]
    world = context(web({}), templates={"a.j2": "{{ x }}", "b.j2": "ok", "c.j2": "{{"})
    artifacts, found = render(jobs, world)
    assert [one.path for one in artifacts] == ["web/b.j2.conf"]
    assert [one.name for one in found] == ["template-undefined", "template-syntax"]


def test_j10_text_is_never_escaped_for_html() -> None:
    assert shown("{{ config.a }}", {"a": "<&>'\""}, to="x.conf") == "<&>'\""
    assert fault("{% autoescape true %}{{ config.a }}{% endautoescape %}", {"a": "<"}).name == "template-autoescape"


BARE = {
    "x.yaml": (["web", "30s", "db:5432", "a b", "1.2", "yes", "http://x/y"],
               ["a: b", "x:", "a #b", "- a", "[a", "a,b", '"', "a\nb", "&a", "{{"]),
    "x.yml": (["web"], ["a: b"]),
    "x.json": (["web", "a: b", "a,b"], ['"', "\\", "a\nb"]),
    "x.toml": (["web", "a b"], ['"', "a\nb"]),
    ".env": (["web", "a b", "a=b"], ["$a", "'", "a\nb", " a", "#"]),
    "x.sh": (["web", "a=b"], ["a b", ";", "$a"]),
    "nginx.conf": (["web", "a;b", '"', "a\nb"], []),
}  # fmt: skip


@pytest.mark.parametrize("to", BARE)
def test_j10_a_bare_value_cannot_break_a_file_with_a_grammar(to: str) -> None:
    good, bad = BARE[to]
    for value in good:
        assert shown("a: {{ config.a }}", {"a": value}, to=to) == f"a: {value}"
    for value in bad:
        found = fault("a: {{ config.a }}", {"a": value}, to=to)
        assert found.name == "template-bare-value"
        assert "| " in found.help


@pytest.mark.parametrize(
    ("to", "filter", "expected"),
    [
        ("x.yaml", "yaml", '"a: \\"b\\""'),
        ("x.yaml", "json", '"a: \\"b\\""'),
        ("x.json", "tojson", '"a: \\"b\\""'),
        ("x.toml", "toml", '"a: \\"b\\""'),
        (".env", "env", "'a: \"b\"'"),
        ("x.sh", "shell", "'a: \"b\"'"),
    ],
)
def test_j10_the_filter_of_the_format_makes_it_safe(to: str, filter: str, expected: str) -> None:
    assert shown(f"{{{{ config.a | {filter} }}}}", {"a": 'a: "b"'}, to=to) == expected
    assert (
        shown(f"{{% macro m() %}}{{{{ config.a | {filter} }}}}{{% endmacro %}}{{{{ m() }}}}", {"a": 'a: "b"'}, to=to)
        == expected
    )


def test_j10_filters_write_whole_maps() -> None:
    config = {"m": {"a": [1, "x: y"], "b": {"c": True}}}
    assert shown("m:\n  {{ config.m | yaml | indent(2) }}\n", config, to="x.yaml") == (
        'm:\n  a:\n    - 1\n    - "x: y"\n  b:\n    c: true\n'
    )
    assert shown("{{ config.m | json }}", config, to="x.json") == '{"a":[1,"x: y"],"b":{"c":true}}'
    assert shown("{{ config.m | json(indent=2) }}", config, to="x.json").startswith('{\n  "a": [\n')
    assert shown("m = {{ config.m | toml }}", config, to="x.toml") == 'm = { a = [1, "x: y"], b = { c = true } }'


@pytest.mark.parametrize(
    ("filter", "value"),
    [
        ("env", "\0"),
        ("shell", "\0"),
        ("toml", None),
        ("yaml", float("inf")),
        ("toml", 2**64),
        ("yaml", "\ud800"),
        ("b64encode", "\ud800"),
    ],
)
def test_j10_a_filter_refuses_what_its_format_cannot_hold(filter: str, value: object) -> None:
    found = fault(f"{{{{ config.a | {filter} }}}}", {"a": value})
    assert found.name == "template-format"


def test_b64encode_is_there_for_formats_that_want_it() -> None:
    assert shown("{{ config.a | b64encode }}", {"a": "é"}, to="x.yaml") == "w6k="


def test_int_and_float_do_not_guess() -> None:
    assert shown("{{ '5' | int + 1 }} {{ 'x' | int(7) }} {{ '1.5' | float }}", {}) == "6 7 1.5"


def test_an_if_without_else_prints_nothing_as_jinja_documents() -> None:
    assert shown("[{{ 'a' if false }}]", {}) == "[]"


FAILING = {
    "assertion of a filter": ("{{ 'aaaaa' | truncate(-1) }}", "an operation does not fit its operands", 1),
    "memory, not nesting": ("\n{{ [1] | batch(300000000, 'x') | list | length }}", "it needs too much memory", 2),
    "nesting, not calls": ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, "it is nested too deeply", 1),
    "half a surrogate pair": ("{{ '\\ud800' }}", "it makes text that is not valid Unicode", 1),
}


@pytest.mark.parametrize("case", FAILING)
def test_j09_what_foreign_code_raises_is_worded_and_placed_in_the_template(case: str) -> None:
    source, reason, line = FAILING[case]
    found = fault(source, {})
    assert found.name == "template-failed"
    assert found.message.endswith(reason)
    assert found.location is not None
    assert (found.location.file, found.location.line) == ("templates/t.j2", line)


@pytest.mark.parametrize("source", ["{{ range(config.nope) | list | json }}", "{{ 'a'.replace('a', config.nope) }}"])
def test_j05_an_undefined_argument_is_named(source: str) -> None:
    found = fault(source, {})
    assert found.name == "template-undefined"
    assert "`nope`" in found.message
