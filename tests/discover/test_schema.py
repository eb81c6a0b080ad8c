"""`cfgc.yaml` and its schema: our own reading of it, held to a real validator (SPEC 2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.diagnostics.catalogue import rules
from cfgc.model.project import MergeRules, Output
from cfgc.stages.discover import settings_schema
from cfgc.stages.discover.schema import _KEYWORDS, problems
from tests.discover.conftest import Discover, Refused, shown

SCHEMA = settings_schema()
SILENT = {"$schema", "$defs", "title", "writeOnly", "description", "default", "properties"}
BASE = {"environments/base.yaml": "", "environments/prod.yaml": ""}

WORDS = st.sampled_from(
    ["", "base", "prod", "a/b", "../x", "*", ".env", "yaml", "none", "tree", "flat", "name", "replace", "off", "2026.1"]
)
LEAVES = st.one_of(WORDS, st.none(), st.booleans(), st.integers(-1, 2), st.floats(allow_nan=False))
KEYS = st.sampled_from(
    [
        *SCHEMA["properties"],
        *(key for part in SCHEMA["$defs"].values() for key in part.get("properties", ())),
        *("patterns", "lists", "types", "recipients", "rules", "prod", "redundant-override", "", "a b"),
    ]
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=4))
REAL = st.fixed_dictionaries(
    {},
    optional={
        "version": st.just(1) | LEAVES,
        "semantics": WORDS,
        "project": WORDS,
        "environments": st.dictionaries(WORDS, st.dictionaries(KEYS, VALUES, max_size=3) | st.none(), max_size=2),
        "layout": WORDS | st.fixed_dictionaries({"patterns": st.lists(st.dictionaries(KEYS, WORDS), max_size=2)}),
        "components": st.lists(WORDS),
        "outputs": st.lists(st.dictionaries(KEYS, WORDS | st.lists(WORDS)), max_size=2),
        "merge": st.dictionaries(KEYS, WORDS, max_size=2),
        "secrets": st.dictionaries(KEYS, st.dictionaries(WORDS, st.lists(WORDS)), max_size=2),
        "lint": st.dictionaries(KEYS, st.dictionaries(WORDS, WORDS), max_size=2),
    },
)


@given(REAL | VALUES)
def test_finds_a_problem_where_a_real_validator_does(value: Any) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert any(problems(value, SCHEMA)) == (not validator.is_valid(value))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_uses_only_keywords_that_are_checked() -> None:
    """A keyword that our reading skips would be a rule that nobody holds."""

    def keywords(schema: dict[str, Any]) -> set[str]:
        found = set(schema)
        assert "properties" not in schema or "additionalProperties" in schema
        for name in ("properties", "$defs"):
            for part in schema.get(name, {}).values():
                found |= keywords(part)
        for name in ("items", "additionalProperties", "propertyNames"):
            if isinstance(schema.get(name), dict):
                found |= keywords(schema[name])
        for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            found |= keywords(part)
        return found

    assert keywords(SCHEMA) <= set(_KEYWORDS) | SILENT


def test_every_default_in_the_schema_is_the_default(discovered: Discover) -> None:
    project, findings = discovered(BASE)
    properties = SCHEMA["properties"]
    assert findings == []
    assert project.semantics == properties["semantics"]["default"]
    assert list(project.components) == properties["components"]["default"]
    assert [{"for": one.match, "format": one.format, "to": one.to} for one in project.outputs] == properties["outputs"][
        "default"
    ]
    assert project.dist_names == properties["dist_names"]["default"]
    merge = properties["merge"]["properties"]
    assert project.merge == MergeRules(merge["lists"]["default"], merge["types"]["default"])
    assert (project.recipients, project.lint_rules, project.name, project.settings) == (None, {}, "", {})


def test_every_setting_arrives(discovered: Discover) -> None:
    text = """\
version: 1
semantics: "2026.1"
project: shop
components: ["managers/*", web]
dist_names: path
merge: {lists: append, types: loose}
secrets: {recipients: {prod: [age1x], base: []}}
outputs:
  - {for: web, format: k8s-secret, to: s.yaml, from: a.b, only: secret, exclude: [c, d.e], nulls: omit, runtime: keep,
     prefix: P_, name: n, namespace: ns, labels: {l: v}, data: file, suffix: digest}
  - {for: environment, template: compose.yaml.j2, to: compose.yaml}
"""
    project, findings = discovered({**BASE, "cfgc.yaml": text})
    assert findings == []
    assert (project.name, project.components, project.dist_names) == ("shop", ("managers/*", "web"), "path")
    assert project.merge == MergeRules("append", "loose")
    assert project.recipients == {"prod": ("age1x",), "base": ()}
    first, second = project.outputs
    assert first.location is not None
    assert first == Output(
        match="web", to="s.yaml", format="k8s-secret", start=("a", "b"), only="secret", exclude=(("c",), ("d", "e")),
        nulls="omit", runtime="keep", prefix="P_", name="n", namespace="ns", labels={"l": "v"}, data="file",
        suffix="digest", location=first.location,
    )  # fmt: skip
    assert (second.match, second.template, second.format) == ("environment", "compose.yaml.j2", None)
    assert project.settings["merge"] == {"lists": "append", "types": "loose"}


GENERAL = {rules()[name].help for name in ("invalid-setting", "unknown-setting")}
"""what is said where there is nothing better"""


def mistakes() -> Iterator[tuple[str, list[str], list[str]]]:
    """The blocks of `mistakes.txt`: `cfgc.yaml`, the findings about it, their help."""
    _, _, blocks = Path(__file__).with_name("mistakes.txt").read_text("utf-8").partition("\n\n")
    for block in blocks.split("----\n"):
        lines = block.splitlines()
        said = [line[3:] for line in lines if line.startswith("=> ")]
        helps = [line[2:] for line in lines if line.startswith("? ")]
        yield "".join(f"{line}\n" for line in lines if not line.startswith(("=> ", "? "))), said, helps


@pytest.mark.parametrize(
    ("text", "said", "helps"), [*mistakes()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_mistake_has_its_place_and_words(refused: Refused, text: str, said: list[str], helps: list[str]) -> None:
    """CFG105 to CFG109; all mistakes of a file at once."""
    found = [one for one in refused({**BASE, "cfgc.yaml": text}) if one.code != "CFG112"]
    assert [one.removeprefix("cfgc.yaml:") for one in shown(found)] == said
    assert [one.help for one in found if one.code != "CFG109" and one.help not in GENERAL] == helps


def test_another_version_is_not_checked_by_our_rules(refused: Refused) -> None:
    """CFG107: what is new there is no mistake."""
    assert [one.code for one in refused({**BASE, "cfgc.yaml": "version: 2\nnovelty: 1\n"})] == ["CFG107"]
    assert [one.code for one in refused({**BASE, "cfgc.yaml": 'semantics: "2099"\nnovelty: 1\n'})] == ["CFG108"]


def test_what_the_reader_finds_is_passed_on(refused: Refused) -> None:
    found = refused({**BASE, "cfgc.yaml": "project: a\nproject: b\n"})
    assert [(one.code[:4], str(one.location)[:11]) for one in found] == [("CFG2", "cfgc.yaml:2")]


def test_an_empty_settings_file_says_nothing(discovered: Discover) -> None:
    assert discovered({**BASE, "cfgc.yaml": "# later\n"})[1] == []


@pytest.mark.parametrize("name", ["cfgc.yml", "cfgc.json", "cfgc.toml"])
def test_a_misnamed_settings_file_is_not_overlooked(refused: Refused, name: str) -> None:
    """CFG102."""
    (found,) = refused({**BASE, name: "{}"})
    assert (found.code, str(found.location)) == ("CFG102", f"{name}:1:1")


def test_other_settings_may_lie_beside_the_real_ones(discovered: Discover) -> None:
    assert discovered({**BASE, "cfgc.yaml": "", "cfgc.json": "{}"})[1] == []


def test_a_lint_must_exist(refused: Refused, discovered: Discover) -> None:
    """CFG111: a misspelt lint would stay on in silence; an error is no lint."""
    (found,) = refused({**BASE, "cfgc.yaml": "lint: {rules: {unused-layr: off}}\n"})
    assert shown([found]) == ["cfgc.yaml:1:16: CFG111 there is no lint `unused-layr`"]
    assert found.help == "did you mean `unused-layer`?"
    (found,) = refused({**BASE, "cfgc.yaml": "lint: {rules: {unknown-layer: off}}\n"})
    assert found.code == "CFG111"
    project, findings = discovered({**BASE, "cfgc.yaml": "lint: {rules: {unused-layer: off}}\n"})
    assert (project.lint_rules, findings) == ({"unused-layer": "off"}, [])
