"""Two trees -> their changes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from deepdiff import DeepDiff
from hypothesis import given
from hypothesis import strategies as st

from cfgc.history.changes import Change, changes_between, with_moves
from cfgc.model.annotations import Cursor
from cfgc.model.keypath import KeyPath, show
from cfgc.model.same import same
from cfgc.model.values import MASK, Secret, Unknown, Variable

PASSWORD = Secret("ENC[AES256_GCM,data:one]", "string")
OTHER = Secret("ENC[AES256_GCM,data:two]", "string")


class Schema:
    """What schemas say: the `by` key of some lists."""

    def __init__(self, **by: str) -> None:
        self.by = by

    def root(self) -> Cursor | None:
        return None

    def get(self, _keyword: str, path: KeyPath) -> Any:
        key = self.by.get(show(path))
        return {"by": key} if key else None

    def uses(self, _keyword: str) -> bool:
        return bool(self.by)


def compared(old: Any, new: Any, **by: str) -> list[tuple[Any, ...]]:
    return [(show(each.path), each.kind, each.old, each.new) for each in changes_between(old, new, Schema(**by))]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", "changed", 1, 2)]),
        ({"a": 1}, {"a": 1.5}, [("a", "changed", 1, 1.5)]),
        ({"a": 1}, {"a": 1.0}, [("a", "changed", 1, 1.0)]),
        ({"a": 1}, {"a": "1"}, [("a", "type-changed", 1, "1")]),
        ({"a": 1}, {"a": True}, [("a", "type-changed", 1, True)]),
        ({"a": 1}, {"a": None}, [("a", "type-changed", 1, None)]),
        ({"a": 1}, {"a": {"b": 1}}, [("a", "type-changed", 1, {"b": 1})]),
        ({"a": {"b": 1}}, {"a": [1]}, [("a", "type-changed", {"b": 1}, [1])]),
        ({}, {"a": {"b": {"c": 1}}}, [("a", "added", None, {"b": {"c": 1}})]),
        ({"a": {"b": {"c": 1}}}, {"a": {}}, [("a.b", "removed", {"c": 1}, None)]),
        ({"a": {}}, {"a": None}, [("a", "type-changed", {}, None)]),
        ({"a": 0.0}, {"a": -0.0}, [("a", "changed", 0.0, -0.0)]),
    ],
)
def test_values(old: Any, new: Any, found: list[Any]) -> None:
    """A subtree that was added or removed is one change at its highest path."""
    assert compared(old, new) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([1, 2], [1, 3], [("x[1]", "changed", 2, 3)]),
        ([1, 2], [1], [("x[1]", "removed", 2, None)]),
        ([1], [1, 2], [("x[1]", "added", None, 2)]),
        (
            [{"name": "a", "v": 1}, {"name": "b", "v": 1}],
            [{"name": "b", "v": 2}],
            [("x[name=b].v", "changed", 1, 2), ("x[name=a]", "removed", {"name": "a", "v": 1}, None)],
        ),
        ([{"id": 1}], [{"id": 1}, {"id": 2}], [("x[id=2]", "added", None, {"id": 2})]),
        ([{"name": "a", "key": "k"}], [{"key": "k"}], [("x[key=k].name", "removed", "a", None)]),
        (
            [{"name": "a"}, {"name": "a"}],
            [{"name": "a"}],
            [("x[1]", "removed", {"name": "a"}, None)],
        ),
        (
            [{"name": "a"}, {"name": "b"}],
            [{"name": "b"}, {"name": "a"}],
            [("x", "changed", [{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}])],
        ),
    ],
)
def test_list_items_are_matched_by_identity_else_by_position(old: Any, new: Any, found: list[Any]) -> None:
    """By the first of `name`, `id`, `key` that every item on both sides has once; a new order changes the list."""
    assert compared({"x": old}, {"x": new}) == found


def test_the_schema_names_the_identity_first() -> None:
    old = {"x": [{"name": "a", "port": 1}, {"name": "b", "port": 2}]}
    new = {"x": [{"name": "z", "port": 1}, {"name": "b", "port": 2}]}
    assert compared(old, new, x="port") == [("x[port=1].name", "changed", "a", "z")]


def test_scalars_may_be_their_own_identity() -> None:
    assert compared({"x": ["a", "b"]}, {"x": ["b"]}, x=".") == [('x["."=a]', "removed", "a", None)]


@pytest.mark.parametrize(("old", "new"), [(PASSWORD, OTHER), ("plain", PASSWORD), (PASSWORD, "plain"), (PASSWORD, 7)])
def test_a_secret_is_compared_by_its_token_and_never_shown(old: Any, new: Any) -> None:
    """Neither is the plain text that was sealed just now."""
    (change,) = changes_between({"a": old}, {"a": new}, Schema())
    assert (change.kind, change.old, change.new, change.secret) == ("secret-changed", MASK, MASK, True)


def test_the_same_token_is_the_same_secret() -> None:
    again = Secret(PASSWORD.token, "string")
    assert compared({"a": PASSWORD}, {"a": again}) == []


def test_a_subtree_with_a_secret_says_so_and_masks_it() -> None:
    (change,) = changes_between({}, {"a": {"b": PASSWORD, "c": 1}}, Schema())
    assert (change.kind, change.new, change.secret) == ("added", {"b": MASK, "c": 1}, True)


def test_runtime_variables_are_compared_by_their_text() -> None:
    one, same_, other = (Unknown((Variable(name),)) for name in ("A", "A", "B"))
    assert compared({"a": one}, {"a": same_}) == []
    assert compared({"a": one}, {"a": other}) == [("a", "changed", "${A}", "${B}")]
    assert compared({"a": 5}, {"a": one}) == [("a", "changed", 5, "${A}")]


def test_paths_have_the_indexes_of_either_tree() -> None:
    old = {"x": [{"name": "a"}, {"name": "b", "v": 1}]}
    new = {"x": [{"name": "b", "v": 2}, {"name": "c"}]}
    found = {show(each.path): each for each in changes_between(old, new, Schema())}
    assert found["x[name=b].v"].before == ("x", 1, "v")
    assert found["x[name=b].v"].after == ("x", 0, "v")
    assert found["x[name=a]"].before == ("x", 0)
    assert found["x[name=c]"].after == ("x", 1)


class TestMoves:
    def moved(self, old: Any, new: Any) -> dict[str, str]:
        found = with_moves(changes_between(old, new, Schema()), old, new)
        return {show(each.path): show(each.moved) for each in found if each.moved}

    def test_a_renamed_key_is_named_on_both_sides(self) -> None:
        assert self.moved({"a": {"old": 5}}, {"a": {"new": 5}}) == {"a.new": "a.old", "a.old": "a.new"}

    def test_a_subtree_that_moved(self) -> None:
        tree = {"host": "db.example.org", "port": 5432}
        assert self.moved({"a": {"db": tree}}, {"b": {"db": tree}}) == {"b": "a", "a": "b"}
        assert self.moved({"a": {"db": tree, "z": 1}, "b": {}}, {"a": {"z": 1}, "b": {"db": tree}}) == {
            "b.db": "a.db",
            "a.db": "b.db",
        }

    def test_a_small_value_elsewhere_is_no_move(self) -> None:
        assert self.moved({"a": {"x": 1, "k": 1}, "b": {}}, {"a": {"k": 1}, "b": {"y": 1}}) == {}

    def test_where_several_could_be_meant_none_is(self) -> None:
        assert self.moved({"a": 7, "b": 7}, {"c": 7}) == {}

    def test_a_secret_moves_by_its_token(self) -> None:
        assert self.moved({"a": PASSWORD, "k": 1}, {"b": PASSWORD, "k": 1}) == {"b": "a", "a": "b"}
        assert self.moved({"a": PASSWORD}, {"b": OTHER}) == {}


SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.sampled_from(["", "a", "b", "1"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=12,
)
TREES = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)


@given(TREES, TREES)
def test_nothing_changed_means_the_same_and_the_same_means_nothing_changed(old: Any, new: Any) -> None:
    assert (not changes_between(old, new, Schema())) == same(old, new)


@given(TREES, TREES)
def test_the_changes_make_the_new_tree_of_the_old_one(old: Any, new: Any) -> None:
    """Nothing that differs is left out, and nothing else is named."""
    made = copy.deepcopy(old)
    for change in sorted(changes_between(old, new, Schema()), key=_from_the_end):
        _apply(made, change)
    assert same(made, new)


@given(TREES, TREES)
def test_deepdiff_sees_a_difference_where_we_do(old: Any, new: Any) -> None:
    """deepdiff is the second opinion; of `0.0` and `-0.0` it makes no difference."""
    other = DeepDiff(old, new, ignore_numeric_type_changes=False)
    assert bool(other) == bool(changes_between(old, new, Schema())) or "-0.0" in f"{old} {new}"


def _from_the_end(change: Change) -> tuple[int, ...]:
    """Removed items last to first, so that indexes stay right; all else before."""
    last = change.before[-1] if change.kind == "removed" and change.before else None
    return (1, -last) if isinstance(last, int) else (0,)


def _apply(tree: Any, change: Change) -> None:
    path = change.before if change.kind == "removed" else change.after
    for step in path[:-1]:
        tree = tree[step]
    if change.kind == "removed":
        del tree[path[-1]]
    elif isinstance(tree, list) and path[-1] == len(tree):
        tree.append(change.new)
    else:
        tree[path[-1]] = change.new
