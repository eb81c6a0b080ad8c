"""Laws of merging (SPEC section 4), on generated layers.

`tame` layers have one kind at each key, so that no null and no change of kind stands over or under a map or list;
`wild` layers have everything: markers anywhere, kinds that conflict, secrets, several files a layer, `_each` files.
"""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cfgc.model.layers import Document, Layer, LayerFile
from cfgc.model.values import Marked
from tests.merge.generated import RULES, fold, layer, merged, tame_maps, wild_layers, wild_maps
from tests.merge.texts import is_marked
from tests.merge.trees import every_path, exact, leaves, strict, value_at
from tests.merge.two_way import two_way, unmark


@given(st.lists(tame_maps(), min_size=3, max_size=3), RULES)
def test_associativity(values: Any, lists: Any) -> None:
    low, middle, high = values
    left = fold(fold(low, middle, lists=lists), high, lists=lists)
    right = fold(low, fold(middle, high, lists=lists), lists=lists)
    assert exact(left) == exact(right) == exact(fold(low, middle, high, lists=lists))


@given(wild_layers(), st.integers(0, 3), st.booleans())
def test_identity_an_empty_layer_changes_nothing(layers: Any, at: Any, with_file: Any) -> None:
    empty = layer("empty", {}) if with_file else Layer("empty")
    one, other = merged(*layers), merged(*layers[:at], empty, *layers[at:])
    assert exact(one.tree) == exact(other.tree)
    assert one.diagnostics == other.diagnostics
    assert one.raw == other.raw


@given(tame_maps(), st.sampled_from(["replace", "unique"]))
def test_idempotence_a_layer_over_itself_changes_nothing(value: Any, lists: Any) -> None:
    assert exact(fold(value, value, lists=lists)) == exact(value)


@given(wild_layers(), st.randoms(use_true_random=False))
def test_determinism_the_order_of_a_layers_files_does_not_matter(layers: Any, random: Any) -> None:
    shuffled = [Layer(each.name, random.sample(each.documents, len(each.documents))) for each in layers]
    one, other = merged(*layers), merged(*shuffled)
    assert exact(one.tree) == exact(other.tree)
    assert one.diagnostics == other.diagnostics
    assert [one.trace(path) and one.trace(path).rule for path, _ in leaves(one.tree)] == [
        other.trace(path) and other.trace(path).rule for path, _ in leaves(other.tree)
    ]


@given(st.lists(tame_maps(), min_size=1, max_size=3))
def test_one_file_or_one_file_a_key_is_the_same(values: Any) -> None:
    whole = [layer(f"l{number}", value) for number, value in enumerate(values)]
    split = [
        Layer(
            each.name,
            [
                Document(LayerFile(f"{each.name}/{key}.yaml", each.name, (), "yaml"), {key: value})
                for key, value in each.documents[0].data.items()
            ],
        )
        for each in whole
    ]
    assert strict(merged(*whole).tree) == strict(merged(*split).tree)
    assert merged(*split).diagnostics == []


@given(wild_layers(), st.sampled_from(["strict", "loose"]), RULES)
def test_markers_never_survive(layers: Any, types: Any, lists: Any) -> None:
    assert not is_marked(merged(*layers, types=types, lists=lists).tree)


@given(wild_layers())
def test_inputs_are_never_mutated(layers: Any) -> None:
    documents = [document for each in layers for document in each.documents]
    before = [snapshot(document.data) for document in documents]
    made = merged(*layers)
    made.overridden()
    for path in every_path(made.tree):
        made.trace(path)
    assert [snapshot(document.data) for document in documents] == before


@given(st.lists(tame_maps(), min_size=1, max_size=3), RULES)
def test_the_shortcut_and_the_decisions_agree(values: Any, lists: Any) -> None:
    quick = [layer(f"l{number}", value) for number, value in enumerate(values)]
    slow = [layer(f"l{number}", value, marked=True) for number, value in enumerate(values)]
    assert exact(merged(*quick, lists=lists).tree) == exact(merged(*slow, lists=lists).tree)


@given(st.lists(wild_maps(), min_size=1, max_size=3), RULES)
def test_the_shortcut_and_the_decisions_agree_on_wild_maps_without_markers(values: Any, lists: Any) -> None:
    values = [unmark(value) for value in values]
    one = merged(*(layer(f"l{number}", value) for number, value in enumerate(values)), lists=lists)
    other = merged(*(layer(f"l{number}", value, marked=True) for number, value in enumerate(values)), lists=lists)
    assert exact(one.tree) == exact(other.tree)
    assert sorted(map(repr, one.diagnostics)) == sorted(map(repr, other.diagnostics))


@given(st.lists(wild_maps(), min_size=1, max_size=3), RULES)
@settings(max_examples=200)
def test_n_ways_at_once_is_two_at_a_time_from_the_lowest(values: Any, lists: Any) -> None:
    """The layers are folded from the lowest: a plain two-way merge, written apart, comes to the same tree."""
    made = merged(*(layer(f"l{number}", value, marked=True) for number, value in enumerate(values)), lists=lists)
    assume(not any(found.is_error and found.code != "CFG402" for found in made.diagnostics))
    tree: Any = {}
    for value in values:
        tree = two_way(tree, value, lists)
    assert strict(made.tree) == strict(tree)


def test_depth_of_the_reader_is_safe() -> Any:
    """SPEC 3: depth 100 is the reader's budget; mounts add to it."""

    def nested(leaf: Any) -> Any:
        value = leaf
        for _ in range(100):
            value = {"k": value}
        return value

    files = [LayerFile(f"l{number}/x.yaml", f"l{number}", ("a",) * 20, "yaml") for number in range(3)]
    layers = [
        Layer(file.layer, [Document(file, nested([number]), marked=number == 1)]) for number, file in enumerate(files)
    ]
    made = merged(*layers, lists="append")
    path = ("a",) * 20 + ("k",) * 100
    assert value_at(made.tree, path) == [0, 1, 2]
    assert made.trace((*path, 2)).origin.file == "l2/x.yaml"
    assert len(made.overridden()) == 0


def test_untouched_values_are_shared_not_copied() -> None:
    """ARCHITECTURE, idea 1: what one layer says is taken as it is."""
    base = {"web": {"a": {"b": 1}, "hosts": ["x"], "port": 80}}
    tree = fold(base, {"web": {"port": 443}})
    assert tree["web"]["a"] is base["web"]["a"]
    assert tree["web"]["hosts"] is base["web"]["hosts"]
    assert fold(base)["web"] is base["web"]


def snapshot(value: Any) -> Any:
    if isinstance(value, Marked):
        return "marked", id(value), snapshot(value.value)
    if isinstance(value, dict):
        return id(value), [(key, snapshot(item)) for key, item in value.items()]
    if isinstance(value, list):
        return id(value), [snapshot(item) for item in value]
    return type(value), repr(value)
