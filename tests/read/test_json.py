"""JSON files: RFC 8259 and the rules of SPEC section 3; `json` is the second reader of the tests."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.diagnostics import Failed
from cfgc.stages.read import json_fast, json_nodes, limits
from cfgc.stages.read.formats import exact
from cfgc.stages.read.keys import invisible
from cfgc.stages.read.text import decode

from .desk import findings_of, names_of, same, shown, value_of

keys = st.text(st.characters(categories=("L", "N", "P", "S")), max_size=5).filter(lambda key: not invisible(key))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(values, st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_what_json_writes_is_read_back(value: object, ascii_only: bool, indent: int | str | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert same(value_of(text, "json"), value)


@given(st.text(alphabet='{}[]",: \n\\ue1.-+tfn/', max_size=14) | st.text(max_size=6).map(lambda text: f'["{text}"]'))
def test_the_exact_reader_refuses_what_json_refuses(text: str) -> None:
    try:
        expected = json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError):
        expected = None
    try:
        parsed = exact(decode(text.encode(errors="replace"), "it"), "json")
    except Failed:
        return
    if not text.strip():
        return
    assert expected is not None or text.strip() == "null" or parsed.findings
    if not parsed.findings:
        assert same(parsed.data, json.loads(text))


@given(values)
def test_both_ways_to_read_json_agree(value: object) -> None:
    text = json.dumps(value)
    try:
        fast = json_fast.load(text, "it")
    except json_fast.NotOrdinary:
        return
    assert same(fast, exact(decode(text.encode(), "it"), "json").data)


def test_an_ordinary_schema_is_read_fast() -> None:
    text = json.dumps({"type": "object", "properties": {"port": {"type": "integer", "minimum": 1}}}, indent=2)
    assert json_fast.load(text, "it") == json.loads(text)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('{"a": 1,\n "a": 2}', ["2:2 duplicate-key (1:2 first here)"]),
        ('{"a": 1, "\\u0061": 2}', ["1:10 duplicate-key (1:2 first here)"]),
        ('{"a": NaN}', ["1:7 json-syntax"]),
        ("[Infinity]", ["1:2 json-syntax"]),
        ("[-Infinity]", ["1:2 json-syntax"]),
        ("[1e999]", ["1:2 number-out-of-range"]),
        (f"[{'1' * 1001}]", ["1:2 integer-too-long"]),
        ('{"a": 1} x', ["1:10 json-syntax"]),
        ("[1] [2]", ["1:5 json-syntax"]),
        ("[1,\n]", ["2:1 json-syntax"]),
        ('{"a": 1,}', ["1:9 json-syntax"]),
        ("{a: 1}", ["1:2 json-syntax"]),
        ("['a']", ["1:2 json-syntax"]),
        ('{"a" 1}', ["1:6 json-syntax"]),
        ("[1 2]", ["1:4 json-syntax (1:1 opened here)"]),
        ("[1", ["1:3 json-syntax (1:1 opened here)"]),
        ("[01]", ["1:2 json-syntax"]),
        ("[1.]", ["1:2 json-syntax"]),
        ("[+1]", ["1:2 json-syntax"]),
        ("[tru]", ["1:2 json-syntax"]),
        ("[truex]", ["1:2 json-syntax"]),
        ('["a', ["1:2 json-syntax"]),
        ('["a\nb"]', ["1:2 json-syntax"]),
        ('["\\x"]', ["1:2 json-syntax"]),
        ('["\\u12"]', ["1:2 json-syntax"]),
        ('["\\ud800"]', ["1:2 json-syntax"]),
        ('{"\\u202e": 1}', ["1:2 invisible-key"]),
        ("// c\n{}", ["1:1 json-syntax"]),
        ("\x01", ["1:1 control-character"]),
    ],
)
def test_a_mistake_in_json_is_located(text: str, places: list[str]) -> None:
    assert shown(findings_of(text, "json")) == places


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_deep_json_is_refused_at_its_place(opening: str) -> None:
    assert names_of(opening * 100_000, "json") == ["too-deep"]


@pytest.mark.parametrize("inside", ["x\n", "\\u00e9"], ids=["fast", "exact"])
def test_a_hundred_levels_are_read_by_both_ways_and_one_more_is_not(inside: str) -> None:
    leaf = f'"{inside.strip()}"'
    levels = limits.MAX_DEPTH - 1
    assert value_of("[" * levels + leaf + "]" * levels, "json")
    assert names_of("[" * (levels + 1) + leaf + "]" * (levels + 1), "json") == ["too-deep"]


@pytest.mark.parametrize("text", ["[1, 2]", '["\\n", 2]', '{"a": 1}', '{"\\u00e9": 1}'])
def test_both_ways_count_keys_values_and_containers(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    for module in (limits, json_nodes):
        monkeypatch.setattr(module, "MAX_NODES", 3)
    assert value_of(text, "json")
    assert names_of(f"[{text}]", "json") == ["too-many-nodes"]


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_a_blank_file_holds_nothing(text: str) -> None:
    assert value_of(text, "json") is None


def test_a_pair_of_halves_is_one_character() -> None:
    assert value_of('["\\ud83d\\ude00"]', "json") == ["😀"]


def test_a_byte_order_mark_is_dropped() -> None:
    assert value_of("\ufeff[1]", "json") == [1]
