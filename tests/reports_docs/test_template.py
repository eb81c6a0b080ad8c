"""Issue 5, section 3: `config_template.yaml` satisfies the schemas as it stands."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cfgc.external import regex
from cfgc.pipeline.compile import compile_environment
from cfgc.pipeline.wanted import Wanted
from cfgc.reports.docs.template import template
from cfgc.reports.docs.template.pattern import sample
from tests.reports_docs.projects import ESTATE, SHOP, session_of, with_schema
from tests.system.conftest import Cfgc

Project = Callable[[Mapping[str, str]], Path]

_VARIABLE = re.compile(r"\"\$\{[A-Z_0-9]+\}\"")
_COMMENTED = re.compile(r"^( *)#(?! [^ ])", re.MULTILINE)


def template_of(folder: Path) -> tuple[str, list[str]]:
    """The template of a project, and the codes of the findings about it."""
    session = session_of(folder)
    compiled = [compile_environment(session, Wanted(name)) for name in session.project.environments]
    text, found = template(session, [path for one in compiled for path in one.components])
    return text, [each.code for each in found]


def _secret(variable: re.Match[str]) -> str:
    """What a process puts in the place of a variable, for a validator that knows none."""
    return "4711" if "ACCOUNT" in variable[0] else "https://hooks.example.com/secret"


def uncommented(text: str) -> str:
    """The template with all that is optional, as its own head says how to take it in."""
    return _COMMENTED.sub(r"\1", text)


def problems(cfgc: Cfgc, source: Path, folder: Path, text: str) -> list[str]:
    """What `cfgc validate` says of a project that has another one's schemas, and the template as its only layer."""
    shutil.copytree(source / "schemas", folder / "schemas")
    (folder / "environments").mkdir()
    (folder / "environments/base.yaml").write_text(text, encoding="utf-8")
    (folder / "environments/prod.yaml").write_text("", encoding="utf-8")
    (folder / "cfgc.yaml").write_text("version: 1\noutputs: []\nenvironments: {prod: {extends: base}}\n")
    done = cfgc(folder, "validate", "--format", "json")
    return [f"{each['path']}: {each['message']}" for each in done.data["diagnostics"] if each["severity"] == "error"]


@pytest.mark.parametrize("source", [ESTATE, SHOP / "input"], ids=["estate", "shop"])
@pytest.mark.parametrize("change", [str, uncommented], ids=["as it stands", "with all that is optional"])
def test_section_3_it_validates(cfgc: Cfgc, source: Path, change: Callable[[str], str], tmp_path: Path) -> None:
    text, found = template_of(source)
    assert found == []
    assert problems(cfgc, source, tmp_path, change(text)) == []
    schema = session_of(source).schemas.bundle()
    data = yaml.safe_load(_VARIABLE.sub(_secret, change(text)))
    assert [each.message for each in Draft202012Validator(schema).iter_errors(data)] == []


def test_an_empty_file_does_not_validate(cfgc: Cfgc, tmp_path: Path) -> None:
    """The positive control: a finding would be seen."""
    assert problems(cfgc, ESTATE, tmp_path, "{}\n")


def test_every_key_of_the_schemas_is_in_it() -> None:
    """Of the estate's path manager: the keys of its own schema, of `_each` and of what they refer to."""
    text = uncommented(template_of(ESTATE)[0])
    manager = yaml.safe_load(text)["managers"]["path-manager"]
    assert {"owner", "image", "port", "log", "health", "audit", "paths"} <= set(manager)
    assert set(manager["paths"]["services"]) == {"auth", "payment"}
    assert set(manager["paths"]["services"]["auth"]) == {"endpoint", "timeout", "circuit_breaker", "fallback"}


def of(folder: Path) -> Any:
    """The template's `web`, which has what is required alone."""
    text, found = template_of(folder)
    assert found == []
    return (yaml.safe_load(text) or {}).get("web")


CASES: dict[str, tuple[dict[str, Any], Any]] = {
    "default": ({"type": "integer", "default": 7}, 7),
    "a default that the schema refuses": ({"type": "integer", "default": 7, "maximum": 3}, 1),
    "examples": ({"type": "string", "pattern": "^(?:a|b){3}-\\p{Lu}$", "examples": ["aba-X"]}, "aba-X"),
    "enum": ({"enum": ["x", "y"]}, "x"),
    "what YAML cannot hold": ({"enum": [1 << 70, 1]}, 1),
    "const": ({"const": None}, None),
    "minimum": ({"type": "integer", "minimum": 10}, 10),
    "exclusive minimum": ({"type": "integer", "exclusiveMinimum": 10}, 11),
    "maximum below one": ({"type": "integer", "maximum": -5}, -5),
    "multiple": ({"type": "integer", "multipleOf": 5, "minimum": 11}, 15),
    "between": ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
    "minLength": ({"type": "string", "minLength": 10}, "examplexxx"),
    "maxLength": ({"type": "string", "maxLength": 2}, "1"),
    "format": ({"type": "string", "format": "cron"}, "0 3 * * *"),
    "port as text": ({"type": "string", "format": "port"}, "8080"),
    "pattern": ({"type": "string", "pattern": "^team-[a-z]+$"}, "team-a"),
    "pattern of a beginning": ({"type": "string", "pattern": "^s3://"}, "s3://example"),
    "format and pattern": ({"type": "string", "format": "byte-size", "pattern": "^[0-9]+Gi$"}, "0Gi"),
    "items": ({"type": "array", "minItems": 2, "items": {"enum": ["a", "b"]}, "uniqueItems": True}, ["a", "b"]),
    "contains": ({"type": "array", "items": {"type": "string"}, "contains": {"const": "it"}}, ["it"]),
    "a list of maps": (
        {"type": "array", "items": {"required": ["n"], "properties": {"n": {"type": "null"}}}},
        [{"n": None}],
    ),
    "other names": (
        {"type": "object", "minProperties": 1, "additionalProperties": {"type": "boolean"}},
        {"example": False},
    ),
    "names of a pattern": (
        {"minProperties": 1, "patternProperties": {"^x-[0-9]$": {"const": 1}}, "additionalProperties": False,
         "type": "object"},
        {"x-0": 1},
    ),
    "first of several forms": ({"oneOf": [{"type": "string", "const": "a"}, {"type": "integer"}]}, "a"),
    "a form that fits the rest": (
        {"type": "object", "required": ["b"], "additionalProperties": False, "properties": {"b": {"const": 1}},
         "oneOf": [{"required": ["c"]}, {"required": ["b"]}]},
        {"b": 1},
    ),
    "nothing at all": ({}, "example"),
    "secret": ({"type": "string", "minLength": 4, "x-cfgc-secret": True}, "${WEB_IT}"),
    "secret with a name": ({"type": "string", "x-cfgc-secret": True, "x-cfgc-env": "TOKEN"}, "${TOKEN}"),
    "below a secret": (
        {"x-cfgc-secret": True, "type": "object", "required": ["a", "b"],
         "properties": {"a": {"type": "integer"}, "b": {"type": "array", "minItems": 1, "default": ["plain"]}}},
        {"a": "${WEB_IT_A}", "b": ["${WEB_IT_B_0}"]},
    ),
    "what no proposal fits": ({"type": "string", "not": {"pattern": "."}, "minLength": 1}, "${WEB_IT}"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_schema_asks_for_gets_a_placeholder(project: Project, case: str) -> None:
    schema, placeholder = CASES[case]
    folder = project(with_schema({"required": ["it"], "properties": {"it": schema}}, base={"it": "x"}, prod={}))
    assert of(folder) == {"it": placeholder}


def test_a_place_that_nothing_fits_is_told(project: Project) -> None:
    schema = {"properties": {"a": {}}, "required": ["a"], "not": {"required": ["a"]}}
    text, found = template_of(project(with_schema(schema, base={}, prod={})))
    assert found == ["CFG911"]
    assert "web:" in text


def test_without_schemas_there_is_only_its_head(project: Project) -> None:
    text, found = template_of(project({"environments/base.yaml": "a: 1", "environments/prod.yaml": ""}))
    assert found == []
    assert {line[:1] for line in text.splitlines()} == {"#"}


SMALL = st.integers(0, 9)
SCALARS = st.one_of(
    st.just({"type": "boolean"}),
    st.builds(lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more}, st.integers(-9, 9), SMALL),
    st.builds(lambda low: {"type": "string", "minLength": low}, SMALL),
    st.builds(lambda values: {"enum": values}, st.lists(st.none() | SMALL | st.text(max_size=4), min_size=1)),
    st.sampled_from([{"type": "string", "format": name} for name in ("uri", "date", "semver", "port", "ipv4", "uuid")]),
)
ODD = st.sampled_from(["yes", "1", "a.b", "# x", "ключ", "-", "~", "null", "a: b", "'"])
NAMES = ODD | st.from_regex(r"[a-z ]{1,4}", fullmatch=True)


def _map(properties: dict[str, Any], needed: list[int]) -> dict[str, Any]:
    names = list(properties)
    required = sorted({names[at % len(names)] for at in needed})
    return {"type": "object", "properties": properties, "required": required}


def _nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    maps = st.builds(_map, st.dictionaries(NAMES, inner, min_size=1, max_size=4), st.lists(SMALL, max_size=3))
    lists = st.builds(lambda item, least: {"type": "array", "items": item, "minItems": least % 3}, inner, SMALL)
    described = st.builds(lambda one, text: {**one, "description": text}, maps, st.text(max_size=20))
    return maps | lists | described


@given(schema=st.recursive(SCALARS, _nested, max_leaves=8))
def test_law_it_validates_whatever_the_schema(tmp_path_factory: pytest.TempPathFactory, schema: dict[str, Any]) -> None:
    folder = tmp_path_factory.mktemp("law")
    for name, text in with_schema({"required": ["it"], "properties": {"it": schema}}, base={}, prod={}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    text, found = template_of(folder)
    assert found == []
    bundle = Draft202012Validator(session_of(folder).schemas.bundle())
    for each in (text, uncommented(text)):
        (folder / "environments/base.yaml").write_text(each, encoding="utf-8")
        compiled = compile_environment(session_of(folder), Wanted("prod"))
        assert not compiled.failed
        assert [problem.message for problem in bundle.iter_errors(compiled.tree)] == []
    assert json.dumps(compiled.tree)


ATOMS = st.sampled_from(["a", "Z", r"\.", r"\d", r"\w", "[a-f0-9]", "[^a-z/]", "[A-Z_]", ".", "-", "é", r"\/"])
TIMES = st.sampled_from(["", "?", "*", "+", "{3}", "{2,}", "{1,4}", "+?"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("".join, st.lists(inner, min_size=1, max_size=4)),
        st.builds(lambda one, how: f"(?:{one}){how}", inner, TIMES),
        st.builds(lambda one, two: f"({one}|{two})", inner, inner),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.booleans())
def test_law_a_pattern_matches_what_is_made_of_it(pattern: str, anchored: bool) -> None:
    whole = f"^{pattern}$" if anchored else pattern
    text = sample(whole)
    assert text is not None
    assert regex.search(whole, text)


@pytest.mark.parametrize(
    "pattern", [r"(?=a)b", r"\p{Lu}", "[[:alpha:]]", "[a&&b]", "a{", "(", "[", "\\", "*", ")", "a|)"]
)
def test_a_pattern_that_is_not_understood_has_none(pattern: str) -> None:
    assert sample(pattern) is None
