"""Our CEL gives what Google's C++ CEL gives: the table of `expressions.cel`, and what Hypothesis makes up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from .generated import LITERALS, VARIABLES, expressions
from .oracle import ERROR, ours, theirs

LINES = (Path(__file__).parent / "expressions.cel").read_text(encoding="utf-8").splitlines()
EXPRESSIONS = [line for line in LINES if line and not line.startswith("# ")]

DEVIATIONS = {
    # the grammar of the definition ends a raw string at the first quote, backslash or not
    'R"raw \\"': ("string", "raw \\"),
    # the definition of the strings extension: "as decimal seconds as if converted to double"
    '"%s".format([duration("1.5s")])': ("string", "1.5s"),
    # an index of an optional is optional, whether the list or the map has it or not (cel-go)
    "config.?ports[9].orValue(1)": ("int", 1),
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expression_gives_what_the_library_gives(text: str) -> None:
    assert ours(text) == DEVIATIONS.get(text, theirs(text))


def test_every_deviation_is_one() -> None:
    assert all(theirs(text) != value for text, value in DEVIATIONS.items())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{1: 'a', 1: 'b'}", ERROR),  # "failed with repeated key" (conformance test map_value_repeat_key)
        ("{0: 1, 0u: 2}", ERROR),
        ("int(' 5')", ERROR),  # cel-go: no white space
        ("int(true)", ERROR),  # the definition has no int(bool)
        ("double('0x10')", ERROR),
        ("string(1.0 / 0.0)", ("string", "+Inf")),  # cel-go
        ("'%s'.format(['a', 'b'])", ERROR),  # cel-go counts the arguments
        ("'%d'.format([3.14])", ("string", "3.14")),  # the example of the strings extension
        ("timestamp('2024-01-01T00:00:60Z')", ERROR),
        ("string(timestamp('2024-01-01T00:00:00.120Z'))", ("string", "2024-01-01T00:00:00.12Z")),
        ("string(duration('1h1.5s'))", ("string", "3601.5s")),
        ("duration('1µs')", ("duration", 1)),
        ("[1, 2].existsOne(x, x == 1)", ("bool", True)),
        ("has(config.?labels.tier)", ("bool", True)),
    ],
)
def test_where_the_library_differs_from_the_definition_the_definition_holds(text: str, value: object) -> None:
    assert ours(text) == value


@settings(max_examples=400)
@given(expressions(*LITERALS, *VARIABLES))
def test_made_up_expression_gives_what_the_library_gives(text: str) -> None:
    assert ours(text) == theirs(text)
