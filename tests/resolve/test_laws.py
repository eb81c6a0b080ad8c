"""Laws of the resolver."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cfgc.model.keypath import KeyPath, show
from cfgc.model.reveal import plain_value
from cfgc.model.values import INCLUDE, Secret, Unknown, Value, masked
from cfgc.stages.resolve import Context, resolve
from cfgc.stages.resolve.template import only_references

KEYS = st.sampled_from(["a", "b", "c", "d"])
TEXT = st.text(max_size=8).filter(lambda text: "${" not in text)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3), max_leaves=12
    ),
    max_size=4,
)
NAMES = st.sampled_from(["a", "b", "c", "d", ".a", "..b", "a.b", "b.c", "c.a.b", "a[0]", "d[1].a"])
WILD_REFERENCES = st.builds(
    lambda before, name, default, after: f"{before}${{{name}{default}}}{after}",
    st.sampled_from(["", "", "x"]),
    NAMES | st.sampled_from(["HOST", "env:port", "cfgc:environment"]),
    st.sampled_from(["", "", ":-", ":-x", ":-${b}", ":-${PORT}"]),
    st.sampled_from(["", "", "y"]),
)


def including(below: st.SearchStrategy[Value], names: st.SearchStrategy[str]) -> st.SearchStrategy[Value]:
    maps = st.dictionaries(KEYS, below, max_size=3)
    return maps | st.builds(lambda map_, name: {INCLUDE: f"${{{name}}}", **map_}, maps, names)


def values(references: st.SearchStrategy[str], maps: st.SearchStrategy[str]) -> st.SearchStrategy[Value]:
    return st.recursive(
        references | SCALARS, lambda below: st.lists(below, max_size=2) | including(below, maps), max_leaves=6
    )


WILD = st.dictionaries(KEYS, values(WILD_REFERENCES, NAMES), min_size=1, max_size=4)
"""Trees whose references may lead anywhere: nearly all of them have an error."""


@st.composite
def linked(draw: st.DrawFn) -> Value:
    """Trees whose references lead to what is there: keys are added one by one, each refers to those before it."""
    tree: dict[str, Any] = {"base": {"map": draw(TREES), "scalar": draw(st.integers() | TEXT), "list": [1, {"a": "b"}]}}
    for key in draw(st.permutations(["k1", "k2", "k3"])):
        known = resolve(tree, Context(environment="e", variables=VARIABLES))
        everything = [(path, value) for path, value in below(known.tree, ()) if path]
        texts = [show(path) for path, value in everything if isinstance(value, (str, int)) or not path]
        maps = st.sampled_from([show(path) for path, value in everything if isinstance(value, dict)])
        alone = st.sampled_from([show(path) for path, _ in everything]).map(lambda name: f"${{{name}}}")
        inside = st.sampled_from(texts).map(lambda name: f"<${{{name}}}-${{HOST:-${{{name}}}}}>")
        other = st.sampled_from(
            ["${HOST}", "${port:-${base.scalar}}", "${nowhere:-${base.list}}", "${cfgc:environment}$${"]
        )
        tree[key] = draw(values(alone | inside | other, maps))
    return {key: tree[key] for key in draw(st.permutations(list(tree)))}


def below(value: Value, path: KeyPath) -> list[tuple[KeyPath, Value]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(each for step, item in items for each in below(item, (*path, step)))]


VARIABLES = {"HOST": "h", "port": "p", "PORT": "q"}
LINKED = linked() | WILD


def shuffled(value: Value, seed: st.DataObject) -> Value:
    if isinstance(value, dict):
        keys = seed.draw(st.permutations(list(value)))
        return {key: shuffled(value[key], seed) for key in keys}
    return [shuffled(item, seed) for item in value] if isinstance(value, list) else value


def leaves(value: Value, path: KeyPath = ()) -> list[tuple[KeyPath, Value]]:
    if isinstance(value, dict) and value:
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [(path, value)]


def at(tree: Value, path: KeyPath) -> Value:
    for step in path:
        tree = tree[step]
    return tree


@given(TREES)
def test_a_tree_without_references_stays_the_very_same(tree: Value) -> None:
    resolved = resolve(tree, Context())
    assert resolved.tree is tree
    assert resolved.diagnostics == []


@given(LINKED, st.data())
@settings(max_examples=100)
def test_the_order_of_keys_does_not_matter(tree: Value, data: st.DataObject) -> None:
    one = resolve(tree, Context(environment="e"))
    other = resolve(shuffled(tree, data), Context(environment="e"))
    assert bool(one.diagnostics) == bool(other.diagnostics)
    if not one.diagnostics:
        assert masked(one.tree) == masked(other.tree)


@given(LINKED)
@settings(max_examples=100)
def test_resolving_twice_changes_nothing(tree: Value) -> None:
    once = resolve(tree, Context(environment="e", variables=VARIABLES))
    literal = any(isinstance(leaf, str) and "${" in leaf for _, leaf in leaves(once.tree))
    if not once.diagnostics and not literal:
        assert resolve(once.tree, Context()).tree is once.tree


@given(LINKED)
@settings(max_examples=100)
def test_with_all_variables_given_no_unknown_is_left(tree: Value) -> None:
    resolved = resolve(tree, Context(environment="e", variables=VARIABLES))
    if not resolved.diagnostics:
        assert not any(isinstance(leaf, Unknown) for _, leaf in leaves(resolved.tree))


@given(LINKED)
@settings(max_examples=100)
def test_no_input_makes_another_exception_and_no_reference_survives_without_a_finding(tree: Value) -> None:
    resolved = resolve(tree, Context(environment="e"))
    assert INCLUDE not in str(resolved.tree)
    for path, leaf in leaves(resolved.tree):
        if isinstance(leaf, Unknown) and not leaf.variables:
            assert resolved.diagnostics, show(path)


@given(LINKED)
@settings(max_examples=100)
def test_every_leaf_stands_where_follow_says(tree: Value) -> None:
    resolved = resolve(tree, Context(environment="e"))
    if resolved.diagnostics:
        return
    for path, leaf in leaves(resolved.tree):
        final, hops = resolved.follow(path)
        if not isinstance(leaf, Unknown):
            assert at(resolved.tree, final) == leaf
        assert bool(hops) or final == path
        assert at(tree, final) is not None or leaf is None


PLAIN = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).map(lambda text: f"canary<{text}>")


@given(LINKED, PLAIN, st.sampled_from(["a", "b"]))
@settings(max_examples=60)
def test_a_planted_secret_is_seen_only_through_reveal(tree: Value, plain: str, key: str) -> None:
    planted = {**tree, key: Secret("TOKEN", "string", plain), "text": f"x${{{key}}}y", "run": f"${{HOST}}${{{key}}}"}
    resolved = resolve(planted, Context(environment="e"))
    shown = [repr(resolved.tree), str(resolved.tree), f"{masked(resolved.tree)}", repr(resolved.diagnostics)]
    shown += [str(resolved.references), str(resolved.variables), repr(resolved.follow(("text",)))]
    assert not any("canary" in text for text in shown)
    assert plain_value(resolved.tree["text"]) == f"x{plain}y"


@given(st.text(alphabet='${}:-?.ab[]"=X \\', max_size=20))
@settings(max_examples=300)
def test_any_text_is_resolved_or_reported(text: str) -> None:
    resolved = resolve({"t": text, "a": {"b": 1}}, Context())
    got: Any = resolved.tree["t"]
    if not resolved.diagnostics and not isinstance(got, Unknown):
        assert "${" in text or got == text
    assert isinstance(only_references(text), bool)
