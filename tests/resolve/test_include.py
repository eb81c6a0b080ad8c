"""`<<: ${a.b}` (SPEC section 4, last row): after resolving it fills in, deeply, the keys that the map lacks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cfgc.model.values import INCLUDE, Value

Get = Callable[..., Value]

CASES = {
    "it fills in the keys that the map lacks": (
        "{m: {<<: '${d}', a: 1}, d: {a: 0, b: 2}}",
        {"a": 1, "b": 2},
    ),
    "it fills in deeply": (
        "{m: {<<: '${d}', s: {x: 1}}, d: {s: {x: 0, y: {z: 2}}}}",
        {"s": {"x": 1, "y": {"z": 2}}},
    ),
    "a key that is null is not lacking": (
        "{m: {<<: '${d}', a: null}, d: {a: 1}}",
        {"a": None},
    ),
    "lists are not joined": (
        "{m: {<<: '${d}', a: [1]}, d: {a: [2, 3]}}",
        {"a": [1]},
    ),
    "a scalar stands over a map": (
        "{m: {<<: '${d}', a: 1}, d: {a: {x: 1}}}",
        {"a": 1},
    ),
    "of several the first comes first": (
        "{m: {<<: ['${d}', '${e}'], a: 1}, d: {b: d}, e: {b: e, c: e}}",
        {"a": 1, "b": "d", "c": "e"},
    ),
    "what it brings is resolved": (
        "{m: {<<: '${d}'}, d: {u: 'http://${h}'}, h: x}",
        {"u": "http://x"},
    ),
    "an include of an include": (
        "{m: {<<: '${d}', a: 1}, d: {<<: '${e}', b: 2}, e: {a: 0, b: 0, c: 3}}",
        {"a": 1, "b": 2, "c": 3},
    ),
    "the inner include comes before the outer": (
        "{m: {<<: '${d}', k: {<<: '${e}', x: 1}}, d: {k: {y: outer, z: outer}}, e: {y: inner}}",
        {"k": {"x": 1, "y": "inner", "z": "outer"}},
    ),
    "it may come from inside the map": (
        "{m: {<<: '${.common}', common: {z: 1}, a: '${.z}'}}",
        {"common": {"z": 1}, "a": 1, "z": 1},
    ),
    "a relative reference counts from its map": (
        "{m: {<<: '${..d}'}, d: {a: 1}}",
        {"a": 1},
    ),
    "an own key may be a reference to a map, which is filled": (
        "{m: {<<: '${d}', s: '${e}'}, d: {s: {x: d, y: d}}, e: {x: e}}",
        {"s": {"x": "e", "y": "d"}},
    ),
    "its target may be a reference": (
        "{m: {<<: '${d}'}, d: '${e}', e: {a: 1}}",
        {"a": 1},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_include(case: str, value: Get) -> None:
    written, expected = CASES[case]
    assert value(written)["m"] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{m: {<<: '${d}'}, d: {a: 1}, at: '${m.a}'}", 1),
        ("{m: {<<: '${d}', s: {y: 1}}, d: {s: {x: 2}}, at: '${m.s.x}'}", 2),
        ("{m: {<<: '${d}', s: {y: 1}}, d: {s: {x: 2}}, at: '${m.s}'}", {"y": 1, "x": 2}),
        ("{m: {<<: ['${d}', '${e}']}, d: {s: {x: 1}}, e: {s: {y: 2}}, at: '${m.s.y}'}", 2),
        ("{m: {<<: '${d}'}, d: {<<: '${e}', s: {y: 1}}, e: {s: {x: 2}}, at: '${m.s.x}'}", 2),
        ("{m: {<<: '${d}', s: 1}, d: {s: {x: 2}}, at: '${m.s.x:-none}'}", None),
    ],
)
def test_references_see_what_an_include_brings(written: str, expected: Value, run: Callable[..., Value]) -> None:
    resolved = run(written)
    if expected is None:
        assert [found.name for found in resolved.diagnostics] == ["reference-into-scalar"]
    else:
        assert resolved.diagnostics == []
        assert resolved.tree["at"] == expected


def test_no_include_is_left_in_the_tree_even_when_it_fails(run: Callable[..., Value]) -> None:
    resolved = run("{m: {<<: '${nowhere}', a: 1}}")
    assert resolved.tree == {"m": {"a": 1}}
    assert [found.name for found in resolved.diagnostics] == ["unknown-reference"]


@pytest.mark.parametrize("target", ["1", "[x]", "text", "null", "'${HOST}'"])
def test_only_a_map_can_be_included(target: str, findings: Callable[..., list[str]]) -> None:
    what = {"1": "an integer", "[x]": "a list", "null": "null"}.get(target, "a string")
    assert findings(f"{{m: {{<<: '${{d}}'}}, d: {target}}}") == [
        f"invalid-include m.<<: `<<` includes {what}, not a map"
    ]


def test_two_maps_that_include_each_other_are_a_cycle(findings: Callable[..., list[str]]) -> None:
    assert findings("{a: {<<: '${b}'}, b: {<<: '${a}'}}") == [
        "reference-cycle a.<<: `a.<<` refers to itself: `a.<<` -> `b.<<` -> `a.<<`"
    ]


def test_maps_that_include_each_other_hang_nobody_who_looks_into_them(findings: Callable[..., list[str]]) -> None:
    found = findings("{a: {<<: '${b}'}, b: {<<: '${a}'}, at: '${a.x}'}")
    assert [each.split(":")[0] for each in found].count("reference-cycle a.<<") == 1


@pytest.mark.parametrize("value", ["text", 5, ["${d}", 5], [], {"x": 1}])
def test_what_only_a_program_could_include_is_refused(value: Value, run: Callable[..., Value]) -> None:
    resolved = run({"m": {INCLUDE: value, "a": 1}, "d": {}})
    assert resolved.tree["m"] == {"a": 1}
    assert [found.name for found in resolved.diagnostics] == ["invalid-include"]
