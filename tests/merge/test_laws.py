"""Laws of merging (SPEC section 4), on generated layers.

`tame` layers have one kind at each key, so that no null and no change of kind stands over or under a map or list;
`wild` layers have everything: markers anywhere, kinds that conflict, secrets, several files a layer, `_each` files.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cfgc.model.layers import Document, Layer, LayerFile
from cfgc.model.location import start_of
from cfgc.model.project import MergeRules
from cfgc.model.values import Marked, Secret
from cfgc.stages.merge import merge

SECRET = Secret("ENC[AES256_GCM,data:x,type:str]", "string", "hunter2")
SCALARS = st.sampled_from([0, 1, True, False, 1.0, -0.5, "", "x", "y", "1", "${a.b}"])
LISTS = st.lists(SCALARS, max_size=3)
RULES = st.sampled_from(["replace", "append", "prepend", "unique"])


class Nowhere:
    """A locator that knows only files; no null is implicit."""

    def value(self, file: Any, path: Any) -> Any:
        return start_of(file)

    key = value

    def implicit(self, file: Any, path: Any) -> Any:
        return False


LEAF = st.one_of(SCALARS, st.none(), st.just(SECRET))
MARKERS = st.sampled_from(["replace", "raw", "append", "prepend", "unique", "by", "unset"])


@st.composite
def tame_maps(draw: Any, depth: int = 3) -> dict[str, Any]:
    """Maps in which a key's first letter is its kind: scalar, list or map."""
    made = {}
    for key in draw(st.lists(st.sampled_from("stlkmn" if depth else "stlk"), max_size=5, unique=True)):
        made[key] = draw(LEAF if key in "st" else LISTS if key in "lk" else tame_maps(depth - 1))
    return made


@st.composite
def wild_values(draw: Any, depth: int = 2, *, tagged: bool = True) -> Any:
    """Any value, with markers anywhere; one tag a node, as YAML has it."""
    kind = draw(st.sampled_from("lmx" + "t" * tagged)) if depth else "x"
    if kind == "t":
        name = draw(MARKERS)
        if name in ("replace", "raw"):
            return Marked(name, draw(wild_values(depth - 1, tagged=False)))
        if name == "unset":
            return Marked(name, None)
        return Marked(name, draw(wild_lists(depth - 1)), draw(st.sampled_from(["name", "."])) if name == "by" else None)
    return draw(wild_lists(depth - 1) if kind == "l" else wild_maps(depth - 1) if kind == "m" else LEAF)


def wild_lists(depth: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(wild_values(depth), max_size=3) if depth > 0 else LISTS


def wild_maps(depth: int = 2) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.sampled_from(["a", "b", "m", "name"])
    return st.dictionaries(keys, st.one_of(wild_values(depth), named_items()) if depth > 0 else LEAF, max_size=3)


@st.composite
def named_items(draw: Any) -> Any:
    """A list whose items have names, as it is or to be merged by them."""
    by = draw(st.booleans())
    items = []
    for name in draw(
        st.lists(st.sampled_from(["x", "y", 1, True]), max_size=3, unique_by=lambda name: (type(name), name))
    ):
        item = {"name": name, **draw(st.dictionaries(st.sampled_from("vl"), SCALARS, max_size=1))}
        items.append(
            draw(st.sampled_from([item, item, Marked("replace", item), Marked("unset", item)])) if by else item
        )
    return Marked("by", items, "name") if by else items


MOUNTS = st.sampled_from([(), (), ("m",), ("n",), ("m", "a")])


@st.composite
def wild_layers(draw: Any) -> Any:
    layers = []
    for number in range(draw(st.integers(1, 3))):
        name = f"layer{number}"
        layer = Layer(name)
        for index in range(draw(st.integers(0, 3))):
            file = LayerFile(f"{name}/{index}.yaml", name, draw(MOUNTS), "yaml", each=draw(st.booleans()) and index > 0)
            layer.documents.append(Document(file, draw(wild_maps()), marked=True))
        layers.append(layer)
    return layers


def layer(name: str, data: Any, *, marked: bool = False) -> Layer:
    return Layer(name, [Document(LayerFile(f"{name}.yaml", name, (), "yaml"), data, marked=marked)])


def merged(*layers: Layer, lists: Any = "replace", types: Any = "strict") -> Any:
    nowhere: Any = Nowhere()
    return merge(layers, MergeRules(lists, types), None, nowhere)


def fold(*values: Any, **rules: Any) -> Any:
    return merged(*(layer(f"l{number}", value) for number, value in enumerate(values)), **rules).tree


@given(st.lists(tame_maps(), min_size=3, max_size=3), RULES)
def test_associativity(kit: Any, values: Any, lists: Any) -> None:
    low, middle, high = values
    left = fold(fold(low, middle, lists=lists), high, lists=lists)
    right = fold(low, fold(middle, high, lists=lists), lists=lists)
    assert kit.exact(left) == kit.exact(right) == kit.exact(fold(low, middle, high, lists=lists))


@given(wild_layers(), st.integers(0, 3), st.booleans())
def test_identity_an_empty_layer_changes_nothing(kit: Any, layers: Any, at: Any, with_file: Any) -> None:
    empty = layer("empty", {}) if with_file else Layer("empty")
    one, other = merged(*layers), merged(*layers[:at], empty, *layers[at:])
    assert kit.exact(one.tree) == kit.exact(other.tree)
    assert one.diagnostics == other.diagnostics
    assert one.raw == other.raw


@given(tame_maps(), st.sampled_from(["replace", "unique"]))
def test_idempotence_a_layer_over_itself_changes_nothing(kit: Any, value: Any, lists: Any) -> None:
    assert kit.exact(fold(value, value, lists=lists)) == kit.exact(value)


@given(wild_layers(), st.randoms(use_true_random=False))
def test_determinism_the_order_of_a_layers_files_does_not_matter(kit: Any, layers: Any, random: Any) -> None:
    shuffled = [Layer(each.name, random.sample(each.documents, len(each.documents))) for each in layers]
    one, other = merged(*layers), merged(*shuffled)
    assert kit.exact(one.tree) == kit.exact(other.tree)
    assert one.diagnostics == other.diagnostics
    assert [one.trace(path) and one.trace(path).rule for path, _ in kit.leaves(one.tree)] == [
        other.trace(path) and other.trace(path).rule for path, _ in kit.leaves(other.tree)
    ]


@given(st.lists(tame_maps(), min_size=1, max_size=3))
def test_one_file_or_one_file_a_key_is_the_same(kit: Any, values: Any) -> None:
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
def test_markers_never_survive(kit: Any, layers: Any, types: Any, lists: Any) -> None:
    assert not kit.is_marked(merged(*layers, types=types, lists=lists).tree)


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
def test_the_shortcut_and_the_decisions_agree(kit: Any, values: Any, lists: Any) -> None:
    quick = [layer(f"l{number}", value) for number, value in enumerate(values)]
    slow = [layer(f"l{number}", value, marked=True) for number, value in enumerate(values)]
    assert kit.exact(merged(*quick, lists=lists).tree) == kit.exact(merged(*slow, lists=lists).tree)


@given(st.lists(wild_maps(), min_size=1, max_size=3), RULES)
def test_the_shortcut_and_the_decisions_agree_on_wild_maps_without_markers(kit: Any, values: Any, lists: Any) -> None:
    values = [unmark(value) for value in values]
    one = merged(*(layer(f"l{number}", value) for number, value in enumerate(values)), lists=lists)
    other = merged(*(layer(f"l{number}", value, marked=True) for number, value in enumerate(values)), lists=lists)
    assert kit.exact(one.tree) == kit.exact(other.tree)
    assert sorted(map(repr, one.diagnostics)) == sorted(map(repr, other.diagnostics))


@given(wild_layers(), RULES)
def test_trace_agrees_with_the_tree_on_every_path(kit: Any, layers: Any, lists: Any) -> None:
    made = merged(*layers, lists=lists)
    for path, value in kit.leaves(made.tree):
        if path:
            origin = made.trace(path).origin
            assert kit.exact(origin.value) == kit.exact(value)
    for path in every_path(made.tree):
        if path and made.trace(path) is not None:
            kind = type(value_at(made.tree, path))
            assert type(made.trace(path).origin.value) is kind


@given(wild_layers(), RULES)
def test_provenance_points_at_a_document_that_really_holds_the_value(kit: Any, layers: Any, lists: Any) -> None:
    made = merged(*layers, lists=lists)
    files = {document.file.path: document.data for each in layers for document in each.documents}
    for path, value in kit.leaves(made.tree):
        if not path:
            continue
        trace = made.trace(path)
        assert kit.exact(unmark(held(files[trace.origin.file], trace.origin.path))) == kit.exact(value)
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
def test_fate_agrees_with_trace(kit: Any, layers: Any) -> None:
    made = merged(*layers)
    origins: dict[Any, Any] = {}
    for path, _ in kit.leaves(made.tree):
        if path:
            origin = made.trace(path).origin
            origins.setdefault((origin.file, origin.path), set()).add(path)
            assert any(fate.wins and fate.path == path for fate in made.fate(origin.file, origin.path))
    for each in layers:
        for document in each.documents:
            for inside, value in kit.leaves(unmark_scalars(document.data)):
                for fate in made.fate(document.file.path, inside):
                    if fate.wins and inside and not isinstance(value, (Marked, dict, list)):
                        assert fate.path in origins[(document.file.path, inside)]
                    assert fate.wins == (fate.by is None)


@given(st.lists(tame_maps(), min_size=2, max_size=4))
def test_overridden_lists_every_override_of_every_leaf(kit: Any, values: Any) -> None:
    made = merged(*(layer(f"l{number}", value) for number, value in enumerate(values)))
    told: dict[Any, list[Any]] = {}
    for found in made.overridden():
        told.setdefault(found.path, []).append((found.winner.file, found.loser.file))
    for path in every_path(made.tree):
        trace = made.trace(path)
        if path and not isinstance(value_at(made.tree, path), dict) and all(isinstance(step, str) for step in path):
            chain = [trace.origin, *trace.overrides]
            assert told.get(path, []) == [(high.file, low.file) for high, low in pairwise(chain)][::-1]


@given(st.lists(wild_maps(), min_size=1, max_size=3), RULES)
@settings(max_examples=300)
def test_n_ways_at_once_is_two_at_a_time_from_the_lowest(kit: Any, values: Any, lists: Any) -> None:
    """The layers are folded from the lowest: a plain two-way merge, written apart, comes to the same tree."""
    made = merged(*(layer(f"l{number}", value, marked=True) for number, value in enumerate(values)), lists=lists)
    if not any(found.is_error and found.code != "CFG402" for found in made.diagnostics):
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


# ---- what the laws are told with


def two_way(low: Any, high: Any, lists: str) -> Any:
    """The upper value merged over the lower, which has no markers any more; `...` is nothing."""
    op, key = None, None
    while isinstance(high, Marked):
        if high.name != "raw" and op is None:
            op, key = high.name, high.key
        high = high.value
    if op == "unset":
        return ...
    if op == "replace" or low is ... or low is None or high is None:
        return by([], high, key, lists) if op == "by" and isinstance(high, list) else fresh(high, lists)
    if isinstance(low, dict) and isinstance(high, dict):
        made = {**low}
        for name, item in high.items():
            made[name] = two_way(low.get(name, ...), item, lists)
        return {name: item for name, item in made.items() if item is not ...}
    if isinstance(low, list) and isinstance(high, list):
        return JOIN[op or lists](low, high, key, lists)
    return low if isinstance(low, (dict, list)) or isinstance(high, (dict, list)) else high


def fresh(value: Any, lists: str) -> Any:
    if isinstance(value, dict):
        return two_way({}, value, lists)
    if isinstance(value, list):
        return [item for item in (two_way(..., item, lists) for item in value) if item is not ...]
    return value


def strict(value: Any) -> Any:
    """Equal for values of the same kinds, whatever the order of keys."""
    if isinstance(value, dict):
        return "map", frozenset((key, strict(item)) for key, item in value.items())
    if isinstance(value, list):
        return "list", tuple(map(strict, value))
    return ("secret", id(value)) if isinstance(value, Secret) else (type(value), repr(value))


def unique(low: Any, high: Any, _: Any, lists: Any) -> Any:
    made = list(low)
    for item in fresh(high, lists):
        if strict(item) not in map(strict, made):
            made.append(item)
    return made


def by(low: Any, high: Any, key: Any, lists: Any) -> Any:
    made = list(low)

    def identity(item: Any) -> Any:
        while isinstance(item, Marked):
            item = item.value
        named = isinstance(item, dict) and key in item
        return strict(unmark(item[key])) if named else strict(unmark(item)) if key == "." else object()

    for item in high:
        at = [index for index, other in enumerate(made) if identity(other) == identity(item)]
        merged = two_way(made[at[0]] if at else ..., item, lists)
        if at:
            made[at[0] : at[0] + 1] = [] if merged is ... else [merged]
        elif merged is not ...:
            made.append(merged)
    return made


JOIN = {
    "replace": lambda low, high, key, lists: fresh(high, lists),
    "append": lambda low, high, key, lists: low + fresh(high, lists),
    "prepend": lambda low, high, key, lists: fresh(high, lists) + low,
    "unique": unique,
    "by": by,
}


def snapshot(value: Any) -> Any:
    if isinstance(value, Marked):
        return "marked", id(value), snapshot(value.value)
    if isinstance(value, dict):
        return id(value), [(key, snapshot(item)) for key, item in value.items()]
    if isinstance(value, list):
        return id(value), [snapshot(item) for item in value]
    return type(value), repr(value)


def unmark(value: Any) -> Any:
    """The value without markers; what `!unset` marks is dropped."""
    while isinstance(value, Marked):
        value = value.value
    if isinstance(value, dict):
        return {key: unmark(item) for key, item in value.items() if not unset(item)}
    if isinstance(value, list):
        return [unmark(item) for item in value if not unset(item)]
    return value


def unset(value: Any) -> bool:
    return isinstance(value, Marked) and (value.name == "unset" or unset(value.value))


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


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def every_path(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(below for step, item in items for below in every_path(item, (*path, step)))]
