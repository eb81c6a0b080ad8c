"""Merging by key, as laws (issue 3, section 5: the merge driver of SOPS files)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cfgc.stages.secrets.three_way import three_way

SCALARS = st.sampled_from(["a", "b", "", 1, 1.0, True, False, 0, None])
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=12,
)
MAPS = st.dictionaries(st.sampled_from("xyz"), TREES, max_size=3)


def same(one: Any, other: Any) -> bool:
    """Equal in values and their types; the order of keys is not looked at."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and repr(one) == repr(other)


@given(MAPS, MAPS)
def test_what_one_side_leaves_alone_is_the_other_side(base: Any, changed: Any) -> None:
    for merged, conflicts in (three_way(base, changed, base), three_way(base, base, changed)):
        assert same(merged, changed)
        assert conflicts == []


@given(MAPS, MAPS)
def test_the_same_change_on_both_sides_is_no_conflict(base: Any, changed: Any) -> None:
    assert three_way(base, changed, changed) == (changed, [])


@given(MAPS, MAPS, MAPS)
def test_both_sides_conflict_at_the_same_paths_and_agree_elsewhere(base: Any, ours: Any, theirs: Any) -> None:
    one, conflicts = three_way(base, ours, theirs)
    other, reversed_conflicts = three_way(base, theirs, ours)
    assert set(conflicts) == set(reversed_conflicts)
    assert conflicts or same(one, other)


@given(MAPS, MAPS, MAPS)
def test_a_key_that_only_one_side_changed_is_that_side_s(base: Any, ours: Any, theirs: Any) -> None:
    merged, _ = three_way(base, ours, theirs)
    for key in ours.keys() & theirs.keys() & base.keys():
        if repr(theirs[key]) == repr(base[key]):
            assert repr(merged[key]) == repr(ours[key])


def test_a_key_taken_away_on_one_side_and_changed_on_the_other_is_a_conflict() -> None:
    assert three_way({"a": "1", "b": "1"}, {"b": "1"}, {"a": "2", "b": "1"}) == ({"b": "1"}, [("a",)])


def test_lists_are_one_value_and_types_tell() -> None:
    assert three_way({"a": [1]}, {"a": [1, 2]}, {"a": [0, 1]})[1] == [("a",)]
    assert three_way({"a": 1}, {"a": True}, {"a": 1.0})[1] == [("a",)]
