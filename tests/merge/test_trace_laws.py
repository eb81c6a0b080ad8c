"""Laws of provenance (SPEC section 4), on generated layers: the tree and what stands behind it agree."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cfgc.model.values import Marked
from tests.merge.generated import RULES, layer, merged, tame_maps, wild_layers
from tests.merge.trees import every_path, exact, leaves, value_at
from tests.merge.two_way import unmark, unset


@given(wild_layers(), RULES)
def test_trace_agrees_with_the_tree_on_every_path(layers: Any, lists: Any) -> None:
    made = merged(*layers, lists=lists)
    for path, value in leaves(made.tree):
        if path:
            origin = made.trace(path).origin
            assert exact(origin.value) == exact(value)
    for path in every_path(made.tree):
        if path and made.trace(path) is not None:
            kind = type(value_at(made.tree, path))
            assert type(made.trace(path).origin.value) is kind


@given(wild_layers(), RULES)
def test_provenance_points_at_a_document_that_really_holds_the_value(layers: Any, lists: Any) -> None:
    made = merged(*layers, lists=lists)
    files = {document.file.path: document.data for each in layers for document in each.documents}
    for path, value in leaves(made.tree):
        if not path:
            continue
        trace = made.trace(path)
        assert exact(unmark(held(files[trace.origin.file], trace.origin.path))) == exact(value)
        for overridden in trace.overrides:
            held(files[overridden.file], overridden.path)


@given(wild_layers())
def test_every_path_has_a_place(layers: Any) -> None:
    made = merged(*layers)
    for path in every_path(made.tree):
        if path:
            assert made.place(path) is not None
            assert made.place((*path, "no such key")) == made.place(path)


@given(wild_layers())
def test_fate_agrees_with_trace(layers: Any) -> None:
    made = merged(*layers)
    origins: dict[Any, Any] = {}
    for path, _ in leaves(made.tree):
        if path:
            origin = made.trace(path).origin
            origins.setdefault((origin.file, origin.path), set()).add(path)
            assert any(fate.wins and fate.path == path for fate in made.fate(origin.file, origin.path))
    for each in layers:
        for document in each.documents:
            for inside, value in leaves(unmark_scalars(document.data)):
                for fate in made.fate(document.file.path, inside):
                    if fate.wins and inside and not isinstance(value, (Marked, dict, list)):
                        assert fate.path in origins[(document.file.path, inside)]
                    assert fate.wins == (fate.by is None)


@given(st.lists(tame_maps(), min_size=2, max_size=4))
def test_overridden_lists_every_override_of_every_leaf(values: Any) -> None:
    made = merged(*(layer(f"l{number}", value) for number, value in enumerate(values)))
    told: dict[Any, list[Any]] = {}
    for found in made.overridden():
        told.setdefault(found.path, []).append((found.winner.file, found.loser.file))
    for path in every_path(made.tree):
        trace = made.trace(path)
        if path and not isinstance(value_at(made.tree, path), dict) and all(isinstance(step, str) for step in path):
            chain = [trace.origin, *trace.overrides]
            assert told.get(path, []) == [(high.file, low.file) for high, low in pairwise(chain)][::-1]


def unmark_scalars(value: Any) -> Any:
    """The value without markers, in the places of the file; `!unset` stays as it is."""
    if unset(value):
        return value
    while isinstance(value, Marked):
        value = value.value
    if isinstance(value, dict):
        return {key: unmark_scalars(item) for key, item in value.items()}
    return [unmark_scalars(item) for item in value] if isinstance(value, list) else value


def held(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        while isinstance(value, Marked):
            value = value.value
        value = value[step]
    return value
