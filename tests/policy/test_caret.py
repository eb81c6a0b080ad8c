"""A mistake in an expression is shown at its character, however YAML writes the text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .conftest import load_texts

ASSERTS = [
    "config.a == OOPS",
    "'config.a == ''x'' && OOPS'",
    '"config.a == \\"x\\" && OOPS"',
    "\"config.a == '\\u00e9\\x41\\t' && OOPS\"",
    'config["aé😀"] == 1 && OOPS',
    "|\n      config.a == 1\n        && OOPS\n      || true",
    "|-\n      OOPS",
    ">-\n      config.a == 1\n      && OOPS\n      || true",
    ">\n      config.a == 1\n\n        && OOPS\n",
    "config.a == 1\n      && OOPS\n      || true",
    "'config.a == 1\n\n      && OOPS'",
    '"config.a == 1 \\\n      && OOPS"',
    "|2-\n        OOPS",
    "!!str config.a == OOPS",
    "&anchor config.a == OOPS",
]


@pytest.mark.parametrize("written", ASSERTS)
def test_the_place_of_a_character(written: str) -> None:
    text = f"policies:\n  - name: x\n    assert: {written}\n    message: m\n"
    found = load_texts({"policies/p.yaml": text}).found
    before = text[: text.index("OOPS")]
    assert [(each.name, each.location and each.location[1:3]) for each in found] == [
        ("policy-unknown-name", (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
    ]


def test_the_place_in_a_json_file() -> None:
    text = json.dumps({"policies": [{"name": "x", "assert": 'config.a == "x" && OOPS', "message": "m"}]})
    (found,) = load_texts({"policies/p.json": text}).found
    assert found.location is not None
    assert found.location[1:3] == (1, text.index("OOPS") + 1)


def test_the_place_of_the_end() -> None:
    (found,) = load_texts({"policies/p.yaml": "policies:\n  - {name: x, assert: config.a ==, message: m}"}).found
    assert found.location is not None
    assert (found.location.line, found.location.column) == (2, 34)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=20))
def test_any_text_before_the_mistake_keeps_the_place(before: str) -> None:
    expression = f"{json.dumps(before, ensure_ascii=False)} == OOPS"
    written = "'" + expression.replace("'", "''") + "'"
    text = f"policies:\n  - name: x\n    assert: {written}\n    message: m\n"
    (found,) = load_texts({"policies/p.yaml": text}).found
    assert found.location is not None
    line = text.split("\n")[2]
    assert found.location[1:3] == (3, line.rindex("OOPS") + 1)
