"""Schemas for editors: the bundle, and what a layer file may hold (SPEC section 7)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cfgc.external.files import WorkTree
from cfgc.model.values import INCLUDE
from cfgc.stages.check.schema import Schemas, load
from cfgc.stages.read import Reader
from tests.schema.desk import schemas
from tests.schema.generated import VALUES, about

FILES: dict[str, Any] = {
    "config.schema.json": {
        "type": "object",
        "required": ["audit", "managers"],
        "additionalProperties": False,
        "properties": {
            "audit": {"$ref": "_shared.json#/$defs/duration"},
            "managers": {"additionalProperties": {"type": "object"}},
        },
    },
    "managers/_each.schema.json": {
        "required": ["port"],
        "properties": {
            "port": {"type": "integer", "format": "port", "x-cfgc-env": "PORT"},
            "mode": {"oneOf": [{"const": "a"}, {"const": "b"}]},
            "tls": {"dependentRequired": {"cert": ["key"]}, "not": {"required": ["plain"]}},
            "hosts": {
                "type": "array",
                "minItems": 1,
                "items": {"required": ["name"], "properties": {"name": {"type": "string"}}},
            },
        },
    },
    "managers/web.schema.json": {"properties": {"theme": {"enum": ["dark", "light"]}}, "required": ["theme"]},
    "_shared.json": {"$defs": {"duration": {"type": "string", "format": "duration-days"}}},
}
TREE: dict[str, Any] = {
    "audit": "30d",
    "managers": {
        "web": {"port": 80, "theme": "dark", "mode": "a", "hosts": [{"name": "x"}]},
        "api": {"port": 81, "tls": {"cert": "c", "key": "k"}},
    },
}


TREES: list[dict[str, Any]] = [{"a": {"b": 1}}, {"a": {"b": [1, "x"]}, "c": {}}]


def accepts(schema: Any, value: Any) -> bool:
    """What an editor says: its engine knows nothing of cfgc."""
    return jsonschema_rs.validator_for(schema).is_valid(value)


@pytest.fixture(scope="module")
def estate() -> Schemas:
    """The schemas of this repository."""
    source = WorkTree(Path(__file__).resolve().parents[2])
    reader = Reader(source)
    return load(source, reader.data, reader.locator)[0]


# the bundle


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (lambda tree: None, True),
        (lambda tree: tree.pop("audit"), False),
        (lambda tree: tree.update(extra=1), False),
        (lambda tree: tree["managers"]["api"].pop("port"), False),
        (lambda tree: tree["managers"]["web"].pop("theme"), False),
        (lambda tree: tree["managers"]["web"].update(theme="blue"), False),
        (lambda tree: tree["managers"].update(other=5), False),
        (lambda tree: tree["managers"].update(other={"port": 1}), True),
    ],
)
def test_the_bundle_says_of_a_tree_what_all_schemas_say(change: Any, fits: bool) -> None:
    loaded = schemas(FILES)
    tree = json.loads(json.dumps(TREE))
    change(tree)
    assert accepts(loaded.bundle(), tree) is fits
    assert (loaded.check(tree, []) == []) is fits


@settings(max_examples=60)
@given(st.sampled_from(TREES).flatmap(lambda v: st.tuples(about(v), about(v["a"]), st.just(v))))
def test_the_bundle_places_component_and_each_schemas(case: tuple[Any, Any, Any]) -> None:
    whole, part, value = case
    loaded = schemas({"config.schema.json": {"title": "x", **whole}, "_each.schema.json": {"title": "x", **part}})
    assert accepts_all_formats(loaded.bundle(), value) == (
        not [each for each in loaded.check(value, []) if each.is_error]
    )


def accepts_all_formats(schema: Any, value: Any) -> bool:
    from cfgc.stages.check.schema.formats.formats import OWN, satisfies

    formats = {name: lambda text, name=name: satisfies(name, text) for name in OWN}
    return jsonschema_rs.validator_for(schema, formats=formats, validate_formats=True).is_valid(value)


def test_the_bundle_stands_alone_and_keeps_what_editors_show(estate: Schemas) -> None:
    bundle = estate.bundle()
    text = json.dumps(bundle)
    assert jsonschema_rs.meta.is_valid(bundle)
    assert "x-cfgc-port" not in text
    assert all(ref.startswith("#/$defs/") for ref in _refs(bundle))
    assert "The platform's own services." in text


def _refs(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for item in value.values() for ref in _refs(item)]
    return [ref for item in value for ref in _refs(item)] if isinstance(value, list) else []


# schemas of layer files


@pytest.mark.parametrize(
    ("at", "each", "good", "bad"),
    [
        ((), False, [{}, {"managers": {"web": {"theme": "dark"}}}, {"audit": "${x.y}"}], [{"extra": 1}, {"audit": 5}]),
        (("managers",), False, [{"api": {"mode": "b"}}, {"web": None}], [{"api": 5}, {"web": {"theme": "blue"}}]),
        (
            ("managers", "web"),
            False,
            [
                {"port": 80},
                {"port": "${PORT}"},
                {"theme": "light"},
                {"tls": {"cert": "c"}},
                {"hosts": [{}]},
                {"mode": "a"},
            ],
            [{"port": "80"}, {"theme": "blue"}, {"hosts": 5}, {"mode": "c"}],
        ),
        (("managers",), True, [{"port": 80}, {"port": None}, {"port": "ENC[AES256_GCM,data:x]"}], [{"port": "x"}, 5]),
        (("nowhere",), False, [], [{"the root": "allows no such key"}]),
    ],
)
def test_a_layer_file_is_a_part_and_may_hold_references(at: Any, each: bool, good: list[Any], bad: list[Any]) -> None:
    schema = schemas(FILES).for_file(at, each=each)
    assert [value for value in good if not accepts(schema, value)] == []
    assert [value for value in bad if accepts(schema, value)] == []


class Always:
    """Makes every leaf a reference and leaves nothing out."""

    def random(self) -> float:
        return 0.0


@settings(max_examples=100)
@example(({"uniqueItems": True}, [[None], [True]], Always()))
@given(VALUES.flatmap(lambda value: st.tuples(about(value), st.just(value), st.randoms())))
def test_every_part_of_a_valid_tree_fits_the_schema_of_a_layer_file(case: tuple[Any, Any, Any]) -> None:
    schema, value, random = case
    loaded = schemas({"a.schema.json": {"title": "x", **schema}})
    if not loaded.check({"a": value}, []):
        assert accepts(loaded.for_file(()), {"a": _part(value, random)})


def _part(value: Any, random: Any) -> Any:
    """A part of a value: some keys left out, some leaves made references."""
    if isinstance(value, dict):
        return {key: _part(item, random) for key, item in value.items() if random.random() < 0.7}
    if isinstance(value, list):
        return [_part(item, random) for item in value]
    return "${some.where}" if random.random() < 0.3 else value


def test_layer_files_of_the_estate_fit_their_editor_schemas(estate: Schemas) -> None:
    """What editors say of this repository's own layer files: nothing."""
    folder = Path(__file__).resolve().parents[2]
    reader = Reader(WorkTree(folder))
    base = folder / "environments" / "base"
    wrong, seen = [], 0
    for path in sorted(base.rglob("*.yaml")):
        *at, stem = path.relative_to(base).with_suffix("").parts
        data, _ = reader.data(str(path.relative_to(folder)))
        if ".sops" not in path.name and data is not None:  # none: it has merge markers
            seen += 1
            schema = estate.for_file((*at, *([stem] if stem[0] != "_" else [])), each=stem == "_each")
            wrong += [path.name] if not accepts(schema, _as_written(data)) else []
    assert (wrong, seen > 15) == ([], True)


def _as_written(value: Any) -> Any:
    """The data as an editor reads it: `<<` is a key."""
    if isinstance(value, dict):
        return {"<<" if key == INCLUDE else key: _as_written(item) for key, item in value.items()}
    return [_as_written(item) for item in value] if isinstance(value, list) else value
