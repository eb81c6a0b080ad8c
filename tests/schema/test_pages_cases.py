"""What files alone cannot show: the cases that pages of `cfgc/diagnostics/pages` name."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.model.values import Value
from cfgc.stages.check.schema.engines.fast import FastEngine, Refused
from cfgc.stages.check.schema.engines.leaves import DEEPEST
from tests.schema.desk import found, lines, opened, revealed, root, said, schemas

PORT: dict[str, Any] = {"properties": {"port": {"type": "integer"}}}
PASSWORD: dict[str, Any] = {"properties": {"password": {"type": "string", "pattern": "^[a-z]{12}$"}}}


def nested(levels: int) -> dict[str, Value]:
    """A map with as many maps inside each other, itself among them."""
    value: dict[str, Value] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def test_a_link_among_the_schemas_is_refused() -> None:
    """THREATS S01: what a link leads to may lie outside `schemas/`."""
    _, problems = opened({"web.schema.json": PORT}, links=("schemas/db.schema.json",))
    assert lines(problems) == ["error schema-no-file : `schemas/db.schema.json` is a symbolic link"]


def test_a_schema_that_others_share_is_referred_to() -> None:
    loaded = schemas({"web.schema.json": {"$ref": "_port.schema.json"}, "_port.schema.json": PORT})
    assert not loaded.check({"web": {"port": 80}}, [])
    assert [each.name for each in loaded.check({"web": {"port": "x"}}, [])] == ["schema-type"]


def test_a_schema_that_the_engine_refuses_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """SPEC 7: a broken schema is an error, never a pass."""

    def refuse(*_: object) -> None:
        raise Refused("no reason")

    monkeypatch.setattr(FastEngine, "compile", refuse)
    loaded = root(PORT)
    file = "schemas/config.schema.json"
    assert lines(loaded.check({"port": 80}, [])) == [
        f"error schema-refused : the schema engine does not take `{file}`: no reason"
    ]
    assert not loaded.check({"port": 80}, [])


def test_a_schema_that_the_engine_takes_is_used() -> None:
    assert not said(PORT, {"port": 80})
    assert said(PORT, {"port": "x"}) == ["error schema-type port: `port` must be an integer, not the string `x`"]


def test_a_revealed_secret_that_does_not_fit_is_named_and_not_shown() -> None:
    """SPEC 6, THREATS S05: key and keyword, never value or pattern."""
    (problem,) = found(PASSWORD, {"password": revealed("hunter2")})
    assert lines([problem]) == ["error schema-secret password: `password` does not satisfy `pattern` of its schema"]
    assert not problem.quotable
    assert "hunter2" not in repr(problem)
    assert "[a-z]{12}" not in repr(problem)


def test_a_revealed_secret_that_fits_is_no_finding() -> None:
    assert not found(PASSWORD, {"password": revealed("correcthorse")})


def test_a_verdict_that_the_other_engine_cannot_explain_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """ADR 0007: where the engines disagree, the strict answer counts."""
    monkeypatch.setattr(FastEngine, "accepts", lambda *_: False)
    assert [(each.name, each.is_error) for each in found(PORT, {"port": 80})] == [("schema-unexplained", True)]


def test_a_value_that_is_too_deep_does_not_pass() -> None:
    """THREATS S04: the native engine uses its stack for each level."""
    (problem,) = found({"type": "object"}, nested(DEEPEST + 2))
    assert (problem.name, problem.is_error) == ("schema-gave-up", True)
    assert problem.message.endswith(f"it is more than {DEEPEST} levels deep")


def test_a_value_of_the_greatest_depth_is_checked() -> None:
    assert not found({"type": "object"}, nested(DEEPEST + 1))
    deepest = {"type": "object", "maxProperties": 0}
    assert [each.name for each in found(deepest, nested(DEEPEST + 1))] == ["schema-count"]
