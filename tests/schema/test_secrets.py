"""Secrets and runtime variables under schemas (SPEC sections 5 and 6, THREATS S05, S07, S08)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from cfgc.model.values import Kind, Secret
from tests.schema.desk import found, opened, revealed, said, sealed, variable
from tests.schema.generated import CASES, filled

LEAF = {"type": "string", "pattern": "^a", "minLength": 8, "description": "the password"}
ONE = {"properties": {"db": {"properties": {"password": LEAF}}}}


def at(leaf: Any) -> Any:
    return {"db": {"password": leaf, "user": "ann"}}


# sealed: presence and type, nothing else (S07)


def test_s07_a_sealed_secret_answers_no_probe() -> None:
    assert said(ONE, at(sealed())) == [
        "note not-evaluated-secret db.password: `pattern` and `minLength` of `db.password` are not evaluated (secret)"
    ]


AT_A_SECRET: list[tuple[Kind, str, Any]] = [
    *[("string", name, value) for name, value in (("pattern", "^a"), ("format", "uri"), ("minLength", 9))],
    *[("string", name, value) for name, value in (("maxLength", 1), ("const", "a"), ("enum", ["a"]), ("not", {}))],
    *[("string", name, [{"const": "a"}, {"const": "b"}]) for name in ("anyOf", "oneOf")],
    *[("integer", name, 3) for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")],
    ("integer", "const", 3),
    ("number", "maximum", 3),
    ("boolean", "const", True),
    ("boolean", "enum", [True]),
]


@pytest.mark.parametrize(("kind", "keyword", "value"), AT_A_SECRET)
@pytest.mark.parametrize("within", ["properties", "allOf", "$ref", "items"])
def test_section_6_each_keyword_at_a_secret_is_not_evaluated(kind: Kind, keyword: str, value: Any, within: str) -> None:
    """Neither a pass nor a failure, wherever the schema of the secret is written."""
    leaf: Any = {keyword: value}
    schemas: dict[str, Any] = {
        "properties": {"properties": {"a": leaf}},
        "allOf": {"allOf": [{"properties": {"a": {"allOf": [leaf]}}}]},
        "$ref": {"properties": {"a": {"$ref": "#/$defs/leaf"}}, "$defs": {"leaf": leaf}},
        "items": {"properties": {"a": {"items": leaf}}},
    }
    tree = {"a": [sealed(kind)]} if within == "items" else {"a": sealed(kind)}
    at_ = "a[0]" if within == "items" else "a"
    assert said(schemas[within], tree) == [
        f"note not-evaluated-secret {at_}: `{keyword}` of `{at_}` is not evaluated (secret)"
    ]


@pytest.mark.parametrize("way", ["then", "else"])
def test_section_6_an_if_at_a_secret_is_not_evaluated(way: str) -> None:
    schema = {"properties": {"a": {"if": {"minLength": 3}, way: False}}}
    assert said(schema, {"a": sealed()}) == ["note not-evaluated-secret a: `if` of `a` is not evaluated (secret)"]


def test_sealed_presence_is_checked() -> None:
    schema = {"properties": {"db": {"required": ["password", "token"]}}}
    assert said(schema, at(sealed())) == ["error schema-missing-key db: `db` lacks `token`, which its schema requires"]


@pytest.mark.parametrize(
    ("kind", "types", "verdict"),
    [
        ("string", "string", ""),
        ("string", ["integer", "string"], ""),
        ("integer", "integer", ""),
        ("integer", "number", ""),
        ("number", "number", ""),
        ("boolean", "boolean", ""),
        ("string", "integer", "error schema-type a: `a` must be an integer, not a secret that is a string"),
        ("integer", "string", "error schema-type a: `a` must be a string, not a secret that is an integer"),
        ("boolean", "object", "error schema-type a: `a` must be a map, not a secret that is a boolean"),
        ("number", "integer", "note not-evaluated-secret a: `type` of `a` is not evaluated (secret)"),
    ],
)
def test_sealed_type_is_checked(kind: Kind, types: Any, verdict: str) -> None:
    assert said({"properties": {"a": {"type": types}}}, {"a": sealed(kind)}) == ([verdict] if verdict else [])


@pytest.mark.parametrize(
    "keywords",
    [
        {"anyOf": [{"required": ["x"]}, {"required": ["user"]}]},
        {"oneOf": [True]},
        {"not": {"required": ["x"]}},
        {"if": {"required": ["user"]}, "then": {"required": ["x"]}},
        {"dependentRequired": {"user": ["x"]}},
        {"dependentSchemas": {"user": False}},
        {"const": {"user": "bob"}},
        {"enum": [1, 2]},
    ],
    ids=lambda keywords: next(iter(keywords)),
)
@pytest.mark.parametrize("depth", [0, 1])
def test_sealed_keywords_above_a_secret_are_not_evaluated(keywords: dict[str, Any], depth: int) -> None:
    """SPEC section 6: whatever they say of the rest, when their instance holds a secret at any depth."""
    schema = {"properties": {"db": keywords}} if depth else keywords
    path = "db" if depth else "."
    [name, *_] = keywords
    assert said(schema, at(sealed())) == [
        f"note not-evaluated-secret {path}: `{name}` of `{path}` is not evaluated (secret)"
    ]


@pytest.mark.parametrize(
    "keyword", [{"contains": {"const": 1}}, {"uniqueItems": True}], ids=["contains", "uniqueItems"]
)
def test_sealed_keywords_of_a_list_are_not_evaluated(keyword: dict[str, Any]) -> None:
    name = next(iter(keyword))
    assert said({"properties": {"l": keyword}}, {"l": [sealed(), 1, 1]}) == [
        f"note not-evaluated-secret l: `{name}` of `l` is not evaluated (secret)"
    ]


def test_sealed_findings_beside_a_secret_stay() -> None:
    schema = {"properties": {"db": {"properties": {"user": {"const": "bob"}, "password": LEAF}}}}
    assert said(schema, at(sealed())) == [
        "error schema-value db.user: `db.user` must be `bob`, not the string `ann`",
        "note not-evaluated-secret db.password: `pattern` and `minLength` of `db.password` are not evaluated (secret)",
    ]


# revealed: everything, and no word of the value or the pattern (S05)

KEYWORDS: list[tuple[dict[str, Any], Any, Kind]] = [
    ({"const": "CANARY-other"}, "CANARY-value", "string"),
    ({"enum": ["CANARY-one", "CANARY-two"]}, "CANARY-tow", "string"),
    ({"pattern": "^CANARY-other"}, "CANARY-value", "string"),
    ({"format": "uuid"}, "CANARY-value", "string"),
    ({"maxLength": 3}, "CANARY-value", "string"),
    ({"type": "integer"}, "CANARY-value", "string"),
    ({"maximum": 70000001}, 70000002, "integer"),
    ({"not": {"const": "CANARY-value"}}, "CANARY-value", "string"),
    ({"anyOf": [{"const": "CANARY-x"}, {"pattern": "CANARY-y"}]}, "CANARY-value", "string"),
    ({"oneOf": [{"type": "string"}, {"minLength": 1}]}, "CANARY-value", "string"),
    ({"if": {"const": "CANARY-value"}, "then": {"maxLength": 1}}, "CANARY-value", "string"),
]


@pytest.mark.parametrize(("schema", "value", "kind"), KEYWORDS, ids=lambda each: str(each)[:20])
def test_s05_a_revealed_secret_is_checked_and_never_shown(schema: dict[str, Any], value: Any, kind: Kind) -> None:
    whole = {"properties": {"db": {"properties": {"password": {"description": "CANARY-text", **schema}}}}}
    [finding] = found(whole, at(revealed(value, kind)))
    assert finding.is_error
    assert finding.message.startswith("`db.password` does not satisfy `")
    assert finding.quotable is False
    assert finding.related == ()
    assert "CANARY" not in repr(finding)
    assert "7000000" not in repr(finding)


@pytest.mark.parametrize(
    "above",
    [
        {"const": {"user": "CANARY-u"}},
        {"enum": [{"password": "CANARY-p"}]},
        {"not": {"properties": {"password": {"const": "CANARY-value"}}}},
        {"anyOf": [{"properties": {"password": {"const": "CANARY-x"}}}, {"required": ["x", "y"]}]},
    ],
    ids=lambda each: next(iter(each)),
)
def test_s05_keywords_above_a_revealed_secret_do_not_show_it(above: dict[str, Any]) -> None:
    findings = found({"properties": {"db": above}}, at(revealed("CANARY-value")))
    assert findings
    assert "CANARY" not in repr(findings)


def test_a_revealed_secret_that_fits_leaves_no_word() -> None:
    assert said(ONE, at(revealed("a long password"))) == []


def test_words_beside_a_revealed_secret_are_as_always() -> None:
    schema = {"properties": {"db": {"additionalProperties": False, "properties": {"password": {}, "usr": {}}}}}
    assert said(schema, at(revealed("x"))) == [
        "error schema-unknown-key db.user: `db.user` is not a key that the schema allows"
    ]


def test_an_if_that_reads_a_secret_is_not_quoted() -> None:
    schema = {"if": {"properties": {"p": {"const": "CANARY"}}}, "then": {"required": ["x"]}}
    [finding] = found(schema, {"p": revealed("CANARY")})
    assert finding.message == "`.` lacks `x`, which its schema requires"
    assert finding.notes == ()


@settings(max_examples=150)
@given(CASES)
def test_s05_no_schema_makes_a_revealed_secret_visible(case: tuple[Any, Any]) -> None:
    schema, value = case
    loaded, _ = opened({"config.schema.json": schema})
    findings = loaded.check(filled(value, lambda: revealed("CANARY-value")), [])
    assert "CANARY" not in repr(findings)


# one tree may hold both


def test_only_what_is_revealed_is_evaluated() -> None:
    schema = {"additionalProperties": {"maxLength": 3}}
    assert said(schema, {"a": revealed("abcd"), "b": sealed(), "c": variable()}) == [
        "error schema-secret a: `a` does not satisfy `maxLength` of its schema",
        "note not-evaluated-secret b: `maxLength` of `b` is not evaluated (secret)",
        "note not-evaluated-runtime c: `maxLength` of `c` is not evaluated (runtime)",
    ]


# runtime variables (SPEC section 5)


@pytest.mark.parametrize("types", ["string", "integer", "number", "boolean", "null", ["array", "integer"]])
def test_a_variable_alone_passes_any_scalar_type(types: Any) -> None:
    assert said({"properties": {"a": {"type": types}}}, {"a": variable()}) == []


@pytest.mark.parametrize("types", ["object", "array", ["object", "array"]])
def test_a_variable_alone_is_no_map_and_no_list(types: Any) -> None:
    [line] = said({"properties": {"a": {"type": types}}}, {"a": variable()})
    assert line.endswith("not a runtime variable, which is a scalar")


def test_inside_text_a_variable_makes_a_string() -> None:
    assert said({"properties": {"a": {"type": "string"}}}, {"a": variable("x")}) == []
    assert said({"properties": {"a": {"type": "integer"}}}, {"a": variable("x")}) == [
        "error schema-type a: `a` must be an integer, not a text with a runtime variable"
    ]


def test_all_other_keywords_on_a_variable_are_not_evaluated() -> None:
    schema = {"properties": {"a": {"type": "string", "format": "uri", "enum": ["x"], "anyOf": [True]}}}
    assert said(schema, {"a": variable()}) == [
        "note not-evaluated-runtime a: `format`, `enum` and `anyOf` of `a` are not evaluated (runtime)"
    ]


def test_a_variable_deep_below_leaves_alternatives_open_only_where_they_read_it() -> None:
    branch = {"anyOf": [{"properties": {"url": {"format": "uri"}}, "required": ["mode"]}, {"required": ["url", "x"]}]}
    assert said(branch, {"url": variable(), "mode": "a"}) == [
        "note not-evaluated-runtime .: `anyOf` of `.` is not evaluated (runtime)"
    ]
    fits = {"anyOf": [{"required": ["mode"]}, {"properties": {"url": {"format": "uri"}}}]}
    assert said(fits, {"url": variable(), "mode": "a"}) == []
    [line] = said({"anyOf": [{"required": ["x"]}]}, {"url": variable()})
    assert line.startswith("error schema-missing-key")


def test_one_note_for_a_value_whatever_says_so() -> None:
    schema = {
        "properties": {"a": {"$ref": "#/$defs/t", "allOf": [{"$ref": "#/$defs/t"}]}},
        "$defs": {"t": {"minLength": 1}},
    }
    assert said(schema, {"a": sealed()}) == [
        "note not-evaluated-secret a: `minLength` of `a` is not evaluated (secret)"
    ]


# S08


def test_s08_names_of_keys_pass_the_printable_filter() -> None:
    [finding] = found({"additionalProperties": False}, {"a\u202eb\x1b[31m": 1})
    assert "\u202e" not in finding.message + finding.help
    assert "\x1b" not in finding.message + finding.help
    assert "\\u202e" in finding.message


def test_a_secret_reaches_the_engines_as_a_plain_value_only_here() -> None:
    """The door is one module; the others meet `Secret`s, which refuse every operation."""
    from pathlib import Path

    import cfgc.stages.check.schema as room

    folder = Path(room.__file__).parent
    doors = [path.name for path in sorted(folder.rglob("*.py")) if "model.reveal" in path.read_text()]
    assert doors == ["plain.py"]
    with pytest.raises(TypeError):
        bool(Secret("x", "string") == "x")
