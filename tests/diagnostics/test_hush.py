"""Issue 5 and THREATS L01: what is wrong with a secret in plain text is said without it, in every format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfgc import Project, compile_environment
from cfgc.diagnostics import Diagnostic, report
from cfgc.diagnostics.hush import hushed
from cfgc.model.location import Location
from tests.system.conftest import Cfgc, cfgc

__all__ = ["cfgc"]

TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
FILES = {
    "environments/base/web.yaml": f"api_token: {TOKEN}\nport: kNary-shown\n",
    "environments/prod/web.yaml": "db_password: kNary-prod-only\n",
    "schemas/web.schema.yaml": (
        "properties:\n  api_token: {type: integer}\n  db_password: {enum: [a]}\n  port: {type: integer}\n"
    ),
}


@pytest.mark.parametrize("name", ["full", "concise", "json", "sarif", "gitlab", "junit"])
def test_l01_validate_repeats_no_secret_that_it_suspects(cfgc: Cfgc, project: Callable[..., Path], name: str) -> None:
    done = cfgc(project(FILES), "validate", "--format", name)
    assert done.code == 1
    said = done.out + done.err
    assert TOKEN not in said
    assert "kNary-prod-only" not in said
    assert "cannot be told without showing a secret" in said
    assert "kNary-shown" in said, "what nobody takes for a secret is told"


def test_l01_neither_do_the_commands_that_tell_of_findings(cfgc: Cfgc, project: Callable[..., Path]) -> None:
    shop = project(FILES)
    day = ["--date", "2026-01-02"]
    for words in (["gaps", "-v"], ["docs"], ["report", *day], ["report", *day, "--write"]):
        done = cfgc(shop, *words)
        assert TOKEN not in done.out + done.err
        assert "kNary-prod-only" not in done.out + done.err
    for file in (each for folder in ("docs", "reports") for each in (shop / folder).rglob("*.*")):
        assert TOKEN not in file.read_text(), file
        assert "kNary-prod-only" not in file.read_text(), file


def _finding(name: str, line: int, **facts: Any) -> Diagnostic:
    return report(name, at=Location("a.yaml", line), **facts)


def test_other_lines_and_other_rules_are_told_as_they_are() -> None:
    suspected = _finding("suspected-secret", 2, key="a", reason="its name says so")
    same = _finding("schema-type", 2, key="a", wanted="an integer", got="the string `x`")
    other = same.but(location=Location("a.yaml", 3))
    late = _finding("deprecated-key", 2, key="a")
    found = hushed([same, suspected, other, late])
    assert [each.message for each in found][1:] == [each.message for each in (suspected, other, late)]
    assert (found[0].code, found[0].quotable, "`x`" in found[0].message) == (same.code, False, False)
    assert hushed([same, other]) == [same, other]


def test_l01_neither_does_the_python_api(project: Callable[..., Path]) -> None:
    """For a value that its schema calls a secret."""
    schema = "properties:\n  stated: {type: integer, x-cfgc-secret: true}\n"
    shop = project({**FILES, "environments/base/web.yaml": "stated: kNary\n", "schemas/web.schema.yaml": schema})
    for found in (compile_environment(Project(shop), "prod").diagnostics, Project(shop).validate("prod")):
        assert {each.name for each in found} >= {"plain-text-secret", "schema-type"}
        assert "kNary" not in repr(found)
