"""`render --component` merges a part of the project; the resolver says what else is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cfgc.model.keypath import KeyPath, show, starts_with
from cfgc.model.values import Value
from cfgc.stages.resolve import Context, resolve

Run = Callable[..., Any]


def loaded(*prefixes: str) -> Callable[[KeyPath], bool]:
    """Whether a path stands in one of the parts that were merged."""
    return covered_by([tuple(prefix.split(".")) for prefix in prefixes])


def covered_by(scope: Iterable[KeyPath]) -> Callable[[KeyPath], bool]:
    return lambda path: any(starts_with(path, part) for part in scope)


def test_what_is_not_loaded_is_asked_for_and_is_no_finding(run: Run) -> None:
    resolved = run("{a: {x: '${b.y.z}', d: '${b.y:-default}', k: 1, o: '${.k}'}}", loaded=loaded("a"))
    assert resolved.diagnostics == []
    assert set(map(show, resolved.missing)) == {"b.y.z", "b.y"}
    assert resolved.tree["a"]["o"] == 1


def test_what_is_loaded_and_not_there_is_a_finding(run: Run) -> None:
    resolved = run("{a: {x: '${.nothing}'}}", loaded=loaded("a"))
    assert [found.name for found in resolved.diagnostics] == ["unknown-reference"]
    assert resolved.missing == ()


def test_what_is_loaded_and_not_there_is_a_finding_wherever_it_would_stand(run: Run) -> None:
    """Of `nowhere` nothing else was loaded; `nowhere.at.all` was, and is missing for certain."""
    resolved = run("{a: {x: '${nowhere.at.all}', d: '${nowhere.at.all:-y}'}}", loaded=loaded("a", "nowhere.at.all"))
    assert [found.name for found in resolved.diagnostics] == ["unknown-reference"]
    assert resolved.missing == ()
    assert resolved.tree["a"]["d"] == "y"


def test_a_map_of_which_only_a_part_is_loaded_is_asked_for(run: Run) -> None:
    resolved = run("{m: {web: {all: '${m}'}}}", loaded=loaded("m.web"))
    assert set(map(show, resolved.missing)) == {"m"}


def test_a_reference_that_leads_on_into_what_is_not_loaded(run: Run) -> None:
    resolved = run("{a: {x: '${shared.u}'}, shared: {u: '${m.db.url}'}}", loaded=loaded("a", "shared"))
    assert set(map(show, resolved.missing)) == {"m.db.url"}
    assert resolved.diagnostics == []


def test_an_include_of_what_is_not_loaded(run: Run) -> None:
    resolved = run("{a: {x: {<<: '${d}'}, y: '${.x.k}'}}", loaded=loaded("a"))
    assert set(map(show, resolved.missing)) == {"d"}
    assert resolved.diagnostics == []


def test_the_closure_is_a_short_loop_and_gives_what_the_whole_tree_gives(tree: Callable[[str], Value]) -> None:
    whole = tree(
        "{m: {web: {url: '${m.db.url}', x: '${s.x}'}, db: {url: 'h:${..net.port}'}, net: {port: '${p}'}, other: "
        "{x: '${nowhere}'}}, s: {x: 1}, p: 5}"
    )

    def part(scope: set[KeyPath]) -> Value:
        """Merges only the files that a scope needs: here a component or a top-level key each."""
        kept = {key: value for key, value in whole.items() if (key,) in scope}
        return kept | {"m": {key: value for key, value in whole["m"].items() if ("m", key) in scope}}

    scope: set[KeyPath] = {("m", "web")}
    resolved = resolve(part(scope), Context(loaded=covered_by(scope)))
    while resolved.missing:
        scope |= {path[:2] if path[0] == "m" else path[:1] for path in resolved.missing}
        resolved = resolve(part(scope), Context(loaded=covered_by(scope)))
    assert scope == {("m", "web"), ("m", "db"), ("m", "net"), ("s",), ("p",)}
    assert resolved.diagnostics == [], "the broken reference of another component is not looked at"
    assert resolved.tree["m"]["web"] == resolve(whole, Context()).tree["m"]["web"] == {"url": "h:5", "x": 1}
