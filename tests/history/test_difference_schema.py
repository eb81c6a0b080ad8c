"""Issue 3, section 1: the JSON of `cfgc diff` has a schema, and what is printed satisfies it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cfgc.history.views import Shown, render
from cfgc.history.views.json import failure_data
from tests.history.differences import FULL, NOTHING, finding

SCHEMA: dict[str, Any] = json.loads(files("cfgc.history.views").joinpath("difference.schema.json").read_text("utf-8"))
FINDINGS = json.loads(files("cfgc.diagnostics.renderers").joinpath("findings.schema.json").read_text("utf-8"))


def problems(data: object) -> list[str]:
    return [each.message for each in Draft202012Validator(SCHEMA).iter_errors(data)]


def printed(*, artifacts: bool = False) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(render("json", FULL, Shown(artifacts=artifacts)))
    return data


def test_section_1_what_is_printed_satisfies_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert problems(printed()) == []
    assert problems(printed(artifacts=True)) == []
    assert problems(json.loads(render("json", NOTHING, Shown()))) == []
    assert problems(failure_data("main", "", [finding("`main` does not compile")])) == []


def test_section_1_the_schema_speaks_of_every_key_and_of_no_other() -> None:
    data = printed(artifacts=True)
    prod = data["environments"]["prod"]
    described = SCHEMA["$defs"]
    assert [*data, "diagnostics"] == list(SCHEMA["properties"])
    for name, held in (
        ("environment", prod),
        ("change", prod["changes"][0]),
        ("artifact", prod["artifacts"][0]),
        ("place", prod["changes"][0]["origin"]),
        ("shadowed", data["shadowed"][0]),
        ("rule", data["rules"][0]),
        ("shared", data["shared"][0]),
        ("summary", data["summary"]),
        ("diagnostic", data["findings"]["new"][0]),
    ):
        assert set(held) == set(described[name]["properties"]), name


def test_section_1_a_finding_is_what_validate_prints() -> None:
    assert SCHEMA["$defs"]["diagnostic"] == FINDINGS["$defs"]["diagnostic"]


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ((), {"extra": 1}),
        ((), {"summary": {}}),
        ((), {"diagnostics": []}),
        (("summary",), {"added": -1}),
        (("summary",), {"more": 1}),
        (("environments", "prod"), {"status": "new"}),
        (("environments", "prod", "changes", 0), {"kind": "moved"}),
        (("environments", "prod", "changes", 0), {"commit": "main"}),
        (("environments", "prod", "changes", 0), {"moved": "a.b"}),
        (("environments", "prod", "changes", 0), {"origin": {"file": "a", "line": 0, "column": 1}}),
        (("environments", "prod", "changes", 2), {"old": 1}),
        (("environments", "prod", "changes", 3), {"new": 1}),
        (("environments", "prod", "changes", 4), {"new": "hunter2"}),
        (("environments", "prod", "changes", 4), {"secret": False}),
        (("environments", "prod", "artifacts", 0), {"component": ""}),
        (("rules", 0), {"kind": "layer"}),
        (("shared", 0), {"environments": []}),
        (("shadowed", 0), {"by": None}),
        (("findings", "new", 0), {"severity": "fatal"}),
    ],
)
def test_section_1_the_schema_refuses_another(where: tuple[str | int, ...], change: dict[str, object]) -> None:
    data: Any = printed()
    assert problems(data) == []
    at = data
    for step in where:
        at = at[step]
    at.update(change)
    assert problems(data) != []
