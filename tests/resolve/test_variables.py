"""`--resolve-env` fills runtime variables in and reports all missing ones at once (SPEC section 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cfgc.model.values import Value

Run = Callable[..., Any]
VARIABLES = {"HOST": "db.example.org", "PORT": "5432", "EMPTY": "", "name": "lower"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${HOST}", "db.example.org"),
        ("${PORT}", "5432"),
        ("${env:name}", "lower"),
        ("pg://${HOST}:${PORT}/x", "pg://db.example.org:5432/x"),
        ("${NONE:-d}", "d"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY}", ""),
        ("${HOST:-d}", "db.example.org"),
        ("${HOST:?needed}", "db.example.org"),
        ("${NONE:-${PORT}}", "5432"),
        ("${a.none:-${HOST}}", "db.example.org"),
    ],
)
def test_a_variable_is_filled_in_as_text(written: str, expected: Value, value: Callable[..., Value]) -> None:
    assert value({"a": {"none": None}, "at": written}, variables=VARIABLES)["at"] == expected


def test_all_missing_variables_are_reported_at_once_each_once(run: Run) -> None:
    resolved = run("{a: '${A}', b: 'x${B}y${A}', c: [{d: '${B}'}], e: '${HOST}'}", variables=VARIABLES)
    found = {each.message: each for each in resolved.diagnostics}
    assert set(found) == {"the environment variable `A` is not set", "the environment variable `B` is not set"}
    assert {each.name for each in found.values()} == {"missing-variable"}
    assert found["the environment variable `A` is not set"].notes == ("`b` needs it too",)
    assert resolved.tree["e"] == "db.example.org"


@pytest.mark.parametrize("name", ["NONE", "EMPTY"])
def test_a_required_variable_says_its_message(name: str, findings: Callable[..., list[str]]) -> None:
    assert findings({"a": f"${{{name}:?set it}}"}, variables=VARIABLES) == [
        f"required-value a: `{name}` is required: set it"
    ]
