"""The examples of the YAML 1.2.2 specification, by the exact reader and by whichever reader takes the text (SPEC 3)."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.diagnostics import Failed
from cfgc.model.values import Value
from cfgc.stages.read.formats import exact
from cfgc.stages.read.text import decode

from .desk import names_of, same, value_of
from .spec_examples import EXAMPLES, Wrong

every = pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in EXAMPLES], ids=[case[0] for case in EXAMPLES]
)


@every
def test_an_example_of_the_specification(text: str, expected: Any) -> None:
    if isinstance(expected, Wrong):
        assert names_of(text) == [expected.finding]
    else:
        assert same(value_of(text), expected)


@every
def test_an_example_by_the_exact_reader(text: str, expected: Any) -> None:
    value, names = _exact(text)
    if isinstance(expected, Wrong):
        assert names == [expected.finding]
    else:
        assert names == []
        assert same(value, expected)


def _exact(text: str) -> tuple[Value, list[str]]:
    try:
        parsed = exact(decode(text.encode(), "it"), "yaml")
    except Failed as failed:
        return None, [found.name for found in failed.diagnostics]
    return parsed.data, [found.name for found in parsed.findings]
