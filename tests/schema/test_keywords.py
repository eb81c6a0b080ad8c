"""Every keyword of 2020-12 that can refuse a value: what fits, what does not, and the words for it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from cfgc.stages.check.schema.keywords import ASSERTING, BELOW, IN_PLACE
from tests.schema.desk import found, root
from tests.schema.test_engines import verdicts


class Case(NamedTuple):
    """A schema, a value that fits, a value that does not, and the finding about it."""

    schema: dict[str, Any]
    fits: Any
    not_: Any
    says: str


AN_A = {"properties": {"a": {"type": "string"}}}
CASES = [
    Case({"type": "string"}, "x", 5, "`.` must be a string, not the number `5`"),
    Case({"type": "integer"}, 3.0, 3.5, "`.` must be an integer, not the number `3.5`"),
    Case({"type": "integer"}, 1, True, "`.` must be an integer, not `true`"),
    Case({"type": ["string", "null"]}, None, [], "`.` must be a string or `null`, not a list"),
    Case({"enum": ["a", "b", 1]}, 1.0, "c", "`.` must be `a`, `b` or `1`, not the string `c`"),
    Case({"enum": [1]}, 1, True, "`.` must be `1`, not `true`"),
    Case({"const": {"a": [1]}}, {"a": [1.0]}, {"a": [True]}, '`.` is not `{"a": [1]}`'),
    Case({"minimum": 3}, 3, 2.9, "`.` must be at least `3`, not the number `2.9`"),
    Case({"maximum": 3}, 3, 4, "`.` must be at most `3`, not the number `4`"),
    Case({"exclusiveMinimum": 3}, 4, 3, "`.` must be more than `3`, not the number `3`"),
    Case({"exclusiveMaximum": 3}, 2, 3, "`.` must be less than `3`, not the number `3`"),
    Case({"multipleOf": 0.1}, 0.3, 0.35, "`.` must be a multiple of `0.1`, not the number `0.35`"),
    Case({"multipleOf": 7}, 7 * 10**30, 10**30, f"`.` must be a multiple of `7`, not the number `{10**30}`"),
    Case({"minLength": 2}, "äö", "ä", "`.` must have at least 2 characters, not 1"),
    Case({"maxLength": 1}, "\U0001f600", "ab", "`.` must have at most 1 character, not 2"),
    Case({"pattern": "^a+$"}, "aa", "ab", "`.` is the string `ab`, which does not match the pattern `^a+$`"),
    Case({"format": "ipv4"}, "10.0.0.1", "10.0.0", '`.` must be an IPv4 address, not the string `"10.0.0"`'),
    Case({"format": "port"}, 80, 0, "`.` must be a port from 1 to 65535, not the number `0`"),
    Case({"minItems": 1}, [0], [], "`.` must have at least 1 item, not 0"),
    Case({"maxItems": 1}, [0], [0, 1], "`.` must have at most 1 item, not 2"),
    Case({"uniqueItems": True}, [1, True, "1"], [{"a": 1}, {"a": 1.0}], "`[1]` repeats item [0] of its list"),
    Case({"items": {"type": "string"}}, ["a"], ["a", 1], "`[1]` must be a string, not the number `1`"),
    Case({"prefixItems": [{"type": "string"}]}, ["a", 1], [1], "`[0]` must be a string, not the number `1`"),
    Case({"prefixItems": [True], "items": False}, [1], [1, 2], "`[1]` is not a key that the schema allows"),
    Case({"contains": {"const": 1}}, [0, 1], [0], "`.` holds 0 items that fit `contains`, and at least 1 must"),
    Case(
        {"contains": {"const": 1}, "minContains": 2, "maxContains": 2},
        [1, 1],
        [1, 1, 1],
        "`.` holds 3 items that fit `contains`, and at most 2 may",
    ),
    Case({"contains": {"const": 1}, "minContains": 0}, [], None, ""),
    Case({"minProperties": 1}, {"a": 1}, {}, "`.` must have at least 1 key, not 0"),
    Case({"maxProperties": 1}, {"a": 1}, {"a": 1, "b": 2}, "`.` must have at most 1 key, not 2"),
    Case({"required": ["a"]}, {"a": None}, {"b": 1}, "`.` lacks `a`, which its schema requires"),
    Case({"dependentRequired": {"a": ["b"]}}, {"b": 1}, {"a": 1}, "`.` lacks `b`, which it needs beside `a`"),
    Case(AN_A, {"a": "x"}, {"a": 1}, "`a` must be a string, not the number `1`"),
    Case({"properties": {"a": False}}, {}, {"a": 1}, "`a` is not a key that the schema allows"),
    Case(
        {"patternProperties": {"^x": {"type": "string"}}},
        {"y": 1},
        {"x": 1},
        "`x` must be a string, not the number `1`",
    ),
    Case({**AN_A, "additionalProperties": False}, {"a": "x"}, {"b": 1}, "`b` is not a key that the schema allows"),
    Case(
        {"additionalProperties": {"type": "string"}}, {"a": "x"}, {"a": 1}, "`a` must be a string, not the number `1`"
    ),
    Case(
        {"propertyNames": {"pattern": "^[a-z]+$"}},
        {"a": 1},
        {"A": 1},
        "the name of `A` does not fit: it is the string `A`, which does not match the pattern `^[a-z]+$`",
    ),
    Case({"dependentSchemas": {"a": {"required": ["b"]}}}, {}, {"a": 1}, "`.` lacks `b`, which its schema requires"),
    Case({"allOf": [{"minimum": 1}, {"maximum": 2}]}, 2, 3, "`.` must be at most `2`, not the number `3`"),
    Case({"anyOf": [{"type": "string"}, {"minimum": 2}]}, 2, 1, "`.` must be at least `2`, not the number `1`"),
    Case(
        {"oneOf": [{"type": "string"}, {"type": "null"}]}, None, 1, "`.` must be a string or `null`, not the number `1`"
    ),
    Case(
        {"oneOf": [{"minimum": 1}, {"maximum": 2}, {"const": 9}]},
        0,
        1,
        "`.` must fit exactly one alternative of `oneOf`, and fits 2 of them",
    ),
    Case({"not": {"required": ["a"]}}, {}, {"a": 1}, "`.` must not have `a`"),
    Case({"not": {"required": ["a", "b"]}}, {"a": 1}, {"a": 1, "b": 2}, "`.` must not have `a` and `b` together"),
    Case({"not": {"const": "*"}}, "a", "*", '`.` must not be `"*"`'),
    Case({"not": {"enum": ["a", 1]}}, "b", 1, "`.` must not be `a` or `1`"),
    Case({"not": {"type": ["string", "null"]}}, 1, None, "`.` must not be a string or `null`"),
    Case({"not": {"minimum": 3}}, 1, 3, "`.` must not satisfy the schema behind `not`, and does"),
    Case(
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
        {},
        {"a": 1},
        "`.` lacks `b`, which its schema requires",
    ),
    Case(
        {"if": {"required": ["a"]}, "else": {"required": ["b"]}},
        {"a": 1},
        {},
        "`.` lacks `b`, which its schema requires",
    ),
    Case({"type": "object", "then": False, "else": False}, {}, None, ""),
    Case({"$ref": "#/$defs/x", "$defs": {"x": {"type": "null"}}}, None, 1, "`.` must be `null`, not the number `1`"),
    Case(
        {"allOf": [AN_A], "unevaluatedProperties": False},
        {"a": "x"},
        {"b": 1},
        "`b` is not a key that the schema allows",
    ),
    Case(
        {"anyOf": [AN_A, {"required": ["z"]}], "unevaluatedProperties": False},
        {"a": "x"},
        {"a": "x", "z": 1},
        "",
    ),
    Case({"prefixItems": [True], "unevaluatedItems": False}, [1], [1, 2], "`[1]` is an item too many"),
    Case(
        {"contains": {"type": "string"}, "unevaluatedItems": {"type": "null"}},
        ["a", None],
        ["a", 1],
        "`[1]` must be `null`, not the number `1`",
    ),
    Case({"default": {"a": "b"}, "required": ["a"]}, {"a": 1}, {}, "`.` lacks `a`, which its schema requires"),
    Case({"readOnly": True, "deprecated": True, "contentMediaType": "application/json"}, "{", None, ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: next(iter(case.schema)))
def test_both_engines_on_every_keyword(case: Case) -> None:
    assert verdicts(case.schema, case.fits) == (True, True)
    if case.says:
        assert verdicts(case.schema, case.not_) == (False, False)


@pytest.mark.parametrize("case", [case for case in CASES if case.says], ids=lambda case: next(iter(case.schema)))
def test_the_words_for_every_keyword(case: Case) -> None:
    assert [each.message for each in found(case.schema, case.not_)] == [case.says]


def test_every_keyword_has_a_case() -> None:
    shown = {keyword for case in CASES if case.says for keyword in _keywords(case.schema)}
    assert (ASSERTING | IN_PLACE.keys() | BELOW.keys() | {"$ref"}) - shown == set()


def _keywords(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        return schema.keys() | {keyword for value in schema.values() for keyword in _keywords(value)}
    return {keyword for item in schema for keyword in _keywords(item)} if isinstance(schema, list) else set()


def test_default_is_never_filled_in() -> None:
    """SPEC section 7: `default` is documentation."""
    tree: dict[str, Any] = {}
    root({"properties": {"a": {"default": 1}}}).check(tree, [])
    assert tree == {}
