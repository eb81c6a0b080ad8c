"""Issue 5, section 2: which keys the schemas speak of, whatever values stand there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cfgc.external.files import WorkTree
from cfgc.model.keypath import parse
from cfgc.pipeline.session import Session
from cfgc.stages.check.schema.outline import Outline

Project = Callable[[Mapping[str, str]], Path]

ROOT = """\
type: object
properties:
  plain: {type: integer, description: A number.}
  free: {type: object, additionalProperties: true}
  open: {type: object}
  shared: {$ref: "#/$defs/shape"}
  either: {anyOf: [{properties: {a: {}}}, {oneOf: [{properties: {b: {}}}]}], if: {properties: {c: {}}}}
  joined: {allOf: [{properties: {d: {type: string}}}], unevaluatedProperties: {properties: {e: {type: string}}}}
  patterned: {patternProperties: {"^x-": {type: string}}, additionalProperties: false}
  pair: {prefixItems: [{properties: {first: {type: string}}}], items: {properties: {rest: {type: string}}}}
  never: false
$defs:
  shape: {properties: {host: {type: string}}}
"""
EACH = "properties: {owner: {type: string}}\n"
WEB = "properties: {port: {type: integer, deprecated: true}}\n"


@pytest.fixture
def outline(project: Project) -> Callable[[str], Outline]:
    """The outline at a key path."""
    root = project(
        {
            "schemas/config.schema.yaml": ROOT,
            "schemas/managers/_each.schema.yaml": EACH,
            "schemas/managers/web.schema.yaml": WEB,
            "environments/base/managers/web.yaml": "port: 80\n",
        }
    )
    schemas = Session(WorkTree(root), root).schemas

    def at(text: str) -> Outline:
        found = schemas.outline
        for step in parse(text):
            found = found.step(step)
        return found

    return at


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("plain", True), ("plian", False), ("shared.host", True), ("shared.prot", False), ("free.any", True),
        ("open.any", False), ("either.a", True), ("either.b", True), ("either.c", True), ("either.d", False),
        ("joined.d", True), ("joined.x.e", True), ("patterned.x-a", True), ("patterned.y", False), ("never", False),
        ("pair[0].first", True), ("pair[0].rest", False), ("pair[1].rest", True), ("pair[9].first", False),
        ("managers", True), ("managers.any", True), ("managers.any.owner", True), ("managers.any.port", False),
        ("managers.web.port", True), ("managers.web.owner", True),
    ],
)  # fmt: skip
def test_a_key_is_known_if_any_schema_or_alternative_speaks_of_it(
    outline: Callable[[str], Outline], path: str, *, known: bool
) -> None:
    assert outline(path).known is known


def test_free_is_what_the_schemas_leave_open_on_purpose(outline: Callable[[str], Outline]) -> None:
    assert outline("free.any").free
    assert not outline("open").free
    assert not outline("open").names_keys
    assert outline("managers").names_keys
    assert outline("patterned").names_keys


def test_the_keys_that_may_stand_somewhere_have_the_lines_that_name_them(outline: Callable[[str], Outline]) -> None:
    """Alternatives apart: nobody takes all of them."""

    def keys(path: str) -> dict[str, str]:
        return {key: f"{place.file}:{place.line}" for key, place in outline(path).properties()}

    assert keys("managers.web") == {
        "port": "schemas/managers/web.schema.yaml:1",
        "owner": "schemas/managers/_each.schema.yaml:1",
    }
    assert keys("shared") == {"host": "schemas/config.schema.yaml:13"}
    assert keys("either") == {}
    assert keys("joined") == {"d": "schemas/config.schema.yaml:8"}
    assert "never" not in keys(".")
    assert keys("managers") == {"web": "schemas/managers/web.schema.yaml:1"}


def test_what_a_schema_says_of_a_place(outline: Callable[[str], Outline]) -> None:
    said: Any = outline("plain")
    assert (said.said("description"), said.said("default")) == ("A number.", None)
    assert outline("managers.web.port").said("deprecated") is True
    place = outline("plain").place()
    assert place is not None
    assert str(place).startswith("schemas/config.schema.yaml:3:")
    assert outline("plian").place() is None
