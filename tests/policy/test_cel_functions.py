"""No function of CEL does anything but give a value or a `CelError`, whatever it is called with (THREATS S09)."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfgc.model.values import Secret
from cfgc.stages.check.policy.cel import CelError, Frame, TooCostly, Unknowns, compile_expression
from cfgc.stages.check.policy.cel.calls import compile_call
from cfgc.stages.check.policy.cel.library import FUNCTIONS, Function
from cfgc.stages.check.policy.cel.logic import Step
from cfgc.stages.check.policy.cel.values import NONE, Duration, Optional, Timestamp, TypeValue, UInt

TEXTS = [
    "a",
    "abc",
    "1",
    "-1",
    "1.5",
    "true",
    "1h",
    "2024-01-01T00:00:00Z",
    "Europe/Berlin",
    "+25:00",
    "/a?b=c",
    "https://a/b",
    "10.0.0.1",
    "10.0.0.0/8",
    "::1/129",
    "512Mi",
    "1e999",
    "1.2.3",
    "v1",
    "(",
    "%s",
    "%.3f",
    "%",
    "é😀",
]
SCALARS: list[Any] = [
    None, True, False, 0, 1, -1, 5, 2**63 - 1, -(2**63), 2**70, 10**300, UInt(0), UInt(2**64 - 1),
    0.0, -0.0, 1.5, 1e308, math.inf, -math.inf, math.nan, b"", b"\xff",
    Timestamp(0), Timestamp(253402300799999999999), Duration(1), Duration(-(10**18)),
    TypeValue("int"), NONE, Optional(present=True, value=1), Unknowns(), "", "\ud800", "\0", "x" * 500, *TEXTS,
]  # fmt: skip
VALUES = st.recursive(
    st.sampled_from([*SCALARS, Secret("t", "string")]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=4,
).filter(lambda value: type(value) is not Secret)


def outcome(function: Function, values: list[Any]) -> Any:
    frame = Frame()
    frame.left = 100_000

    def giving(value: Any) -> Step:
        return lambda _: value

    try:
        return compile_call(function, tuple(giving(value) for value in values), at=7)(frame)
    except (CelError, TooCostly) as error:
        return error


@settings(max_examples=1500)
@given(st.data())
def test_a_call_gives_a_value_or_an_error_that_knows_its_place(data: st.DataObject) -> None:
    function = FUNCTIONS[data.draw(st.sampled_from(sorted(set(FUNCTIONS) - {"or", "orValue"})))]
    counts = {count + member for member in (False, True) for count in function.arities(member=member)}
    values = [data.draw(VALUES) for _ in range(data.draw(st.sampled_from(sorted(counts))))]
    found = outcome(function, values)
    assert not isinstance(found, CelError) or (found.at == 7 and found.message)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "'%s %s %s'.format([type(url('/a')), type(ip('::1')), type(cidr('::1/8'))])",
            "kubernetes.URL net.IP net.CIDR",
        ),
        ("'%s %s'.format([type(quantity('1')), type(semver('1.0.0'))])", "kubernetes.Quantity kubernetes.Semver"),
        ("[[1]].flatten(0)", [[1]]),
        ("cel.bind(a, 1 / 0, (a == 1 || a == 2 || true))", True),
        ("optional.of(1).optMap(x, optional.of(x)).value().value()", 1),
        ("[1, 2][?5].or(optional.of(3)).value()", 3),
        ("optional.of([1])[0].value()", 1),
        ("{'a': {'b': 1}}.?a[?'b'].value()", 1),
        ("optional.none()[?'b'].hasValue()", False),
        ("1e400 == 2e400", True),
        ("config.huge > 1.5 && config.huge != 1.5 && config.huge > 5", True),
    ],
)
def test_corners(text: str, value: object) -> None:
    expression, problems = compile_expression(text, ["config"])
    assert expression is not None, problems
    assert expression.evaluate_with({"config": {"huge": 10**400}}) == value


NO_VALUE = """
[[1]].flatten(-1)
1.optMap(x, x)
double(config.huge)
config.huge + 1
timestamp(config.huge)
'%f'.format([config.huge])
'%s'.format([ip('::1')])
'aa'.replace('a', 'b', config.huge)
bytes(config.surrogate)
url(config.surrogate).getEscapedPath()
timestamp(0).getHours('99:00')
timestamp('9999-12-31T23:59:59Z').getHours('+14:00')
"""


@pytest.mark.parametrize("text", NO_VALUE.strip().splitlines())
def test_what_has_no_value(text: str) -> None:
    expression, problems = compile_expression(text, ["config"])
    assert expression is not None, problems
    with pytest.raises(CelError):
        expression.evaluate_with({"config": {"huge": 10**400, "surrogate": "/\ud800"}})
