"""Runtime variables in templates (SPEC section 8: `runtime: keep` is the default for templates)."""

from __future__ import annotations

import subprocess

import pytest

from tests.render.world import fault, secret, shown, unknown

URL = {"url": unknown("$URL")}
MIXED = {"url": unknown("http://", "$HOST", "/a b")}


@pytest.mark.parametrize("value", ["{{ config.url }}", "{{ config.url | env }}", '"{{ config.url }}"'])
def test_section_8_a_variable_stands_in_double_quotes_in_an_env_file(value: str) -> None:
    assert shown(f"B={value}\n", URL, to=".env") == 'B="${URL}"\n'
    assert shown(f"A='x'; B={value}\n", MIXED, to=".env") == "A='x'; B=\"http://${HOST}/a b\"\n"


@pytest.mark.parametrize("value", ["{{ config.url }}", "{{ config.url | shell }}", '"{{ config.url }}"'])
def test_section_8_a_shell_expands_the_variable_and_nothing_else(value: str) -> None:
    config = {"url": unknown('`id` $(id) "\\', "$HOST", " b")}
    script = shown(f'B={value}\nprintf %s "$B"\n', config, to="x.sh")
    run = subprocess.run(["/bin/sh", "-c", script], env={"HOST": "h  $x"}, capture_output=True, check=True, text=True)
    assert run.stdout == '`id` $(id) "\\h  $x b'


@pytest.mark.parametrize(("to", "text"), [("x.yaml", "${URL}"), ("x.json", "${URL}"), ("x.conf", "${URL}")])
def test_section_8_elsewhere_a_variable_is_its_text(to: str, text: str) -> None:
    assert shown("{{ config.url }}", URL, to=to) == text
    assert shown("{{ config.url | yaml }}", URL, to=to) == f'"{text}"'


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x-' ~ config.url }}", "{{ ['x', config.url] | join('-') }}", "{{ ('x-' ~ config.url) | string }}",
        "{% set u = 'x-' ~ config.url %}{{ u | default('') }}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m('x-' ~ config.url) }}",
    ],
)  # fmt: skip
def test_text_made_of_a_variable_still_is_one(source: str) -> None:
    assert shown(source, URL, to=".env") == '"x-${URL}"'


def test_what_is_text_beside_a_variable_cannot_break_the_file() -> None:
    """THREATS J10 holds for it as for any other text."""
    assert fault("a: {{ config.url }}", {"url": unknown("a: b", "$X")}, to="x.yaml").name == "template-bare-value"
    assert fault("{{ config.url }}", {"url": unknown('"', "$X")}, to=".env").name == "template-format"


def test_a_variable_in_single_quotes_is_refused() -> None:
    found = fault("A='{{ config.url }}'", URL, to="x.sh")
    assert (found.name, found.path) == ("template-format", ("managers", "web", "url"))
    assert shown("# isn't\nA={{ config.url }}", URL, to="x.sh") == '# isn\'t\nA="${URL}"'


def test_a_variable_beside_a_secret_goes_through_the_filter() -> None:
    config = {"url": unknown("p://", secret("pw"), "@", "$HOST")}
    assert shown("U={{ config.url | env }}", config, to=".env") == 'U="p://pw@${HOST}"'
    assert fault("U={{ config.url }}", config, to=".env").name == "template-bare-secret"


def test_runtime_refuse_still_refuses() -> None:
    assert fault("{{ config.url }}", URL, to=".env", options={"runtime": "refuse"}).name == "runtime-refused"
