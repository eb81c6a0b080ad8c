"""Issue 5, section 2: values are compared sealed, and what a key would decide is neither good nor a gap."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cfgc.model.values import Secret, Unknown, Variable
from cfgc.reports.gaps.alike import alike, all_of, why_unclear

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
ONE, OTHER = Secret("ENC[1]", "string"), Secret("ENC[2]", "string")
SEALED = st.recursive(
    st.sampled_from([ONE, OTHER, Unknown((Variable("A"),)), 1, "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_a_value_is_like_itself(value: Any) -> None:
    assert alike(value, value) is True


@given(SEALED, SEALED)
def test_it_does_not_matter_which_is_first(one: Any, other: Any) -> None:
    assert alike(one, other) is alike(other, one)


@given(PLAIN, PLAIN)
def test_of_plain_values_it_can_always_be_told(one: Any, other: Any) -> None:
    assert alike(one, other) is not None


def test_one_ciphertext_is_one_value_and_two_may_hide_the_same() -> None:
    assert alike(ONE, Secret("ENC[1]", "string")) is True
    assert alike(ONE, OTHER) is None
    assert alike(ONE, "a") is None
    assert alike({"a": ONE, "b": 1}, {"a": OTHER, "b": 2}) is False, "what is plain differs already"
    assert alike({"a": ONE}, {"b": ONE}) is False


def test_a_runtime_variable_may_become_anything() -> None:
    variable = Unknown((Variable("A"),))
    assert alike(variable, variable) is None
    assert why_unclear(variable, "a") == "runtime"
    assert why_unclear(variable, [ONE]) == "secret"


def test_types_count() -> None:
    assert alike(1, True) is False
    assert alike(1, "1") is False


def test_all_of_nothing_is_true() -> None:
    assert all_of([]) is True
    assert all_of([True, None]) is None
    assert all_of([None, False]) is False
