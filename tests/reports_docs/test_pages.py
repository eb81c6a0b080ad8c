"""Issue 5, section 3: pages from schemas and layers. `shop/` is a whole project with all that is made of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cfgc.pipeline.compile import compile_environment
from cfgc.pipeline.wanted import Wanted
from cfgc.reports.docs.files import files as made_files
from cfgc.reports.docs.model import UNSET
from cfgc.reports.docs.template import template
from cfgc.reports.docs.views import json as json_view
from cfgc.reports.docs.views import markdown
from tests.reports_docs.projects import ESTATE, SHOP, docs_of, keys, session_of, with_schema

Project = Callable[[Mapping[str, str]], Path]


def made(folder: Path) -> dict[str, str]:
    """All files that `cfgc docs` writes for a project, and its JSON."""
    session = session_of(folder)
    components = [
        path for name in session.project.environments for path in compile_environment(session, Wanted(name)).components
    ]
    text, _ = template(session, components)
    docs = docs_of(folder)
    return {**made_files(docs, text), "docs.json": json_view.render(docs)}


def expected() -> dict[str, str]:
    folder = SHOP / "expected"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_section_3_the_shop_is_documented_as_shown() -> None:
    """`cfgc -C shop/input docs --out shop/expected` writes these files; `--format json` prints `docs.json`."""
    assert made(SHOP / "input") == expected()


def test_two_runs_give_the_same_bytes() -> None:
    assert made(ESTATE) == made(ESTATE)


SCHEMA: dict[str, Any] = json.loads(
    files("cfgc.reports.docs.views").joinpath("docs.schema.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("folder", [SHOP / "input", ESTATE], ids=["shop", "estate"])
def test_the_json_satisfies_its_published_schema(folder: Path) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    data = json.loads(json_view.render(docs_of(folder)))
    assert [each.message for each in Draft202012Validator(SCHEMA).iter_errors(data)] == []


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ((), {"extra": 1}),
        (("environments", 0), {"layers": [""]}),
        (("components", 0), {"component": ""}),
        (("components", 0, "keys", 0), {"types": "string"}),
        (("components", 0, "keys", 0), {"values": []}),
        (("references", 0), {"count": 0}),
        (("files", 0), {"path": ""}),
    ],
)
def test_the_published_schema_refuses_other_shapes(where: tuple[str | int, ...], change: dict[str, Any]) -> None:
    data = json.loads(json_view.render(docs_of(SHOP / "input")))
    place = data
    for step in where:
        place = place[step]
    place.update(change)
    assert not Draft202012Validator(SCHEMA).is_valid(data)


@pytest.mark.parametrize(
    ("schema", "types", "constraints"),
    [
        ({"type": "string", "minLength": 1}, ("string",), ("at least 1 character",)),
        ({"type": ["integer", "null"], "minimum": 1, "maximum": 9}, ("integer", "null"), ("`1` to `9`",)),
        ({"type": "number", "exclusiveMinimum": 0}, ("number",), ("above `0`",)),
        ({"enum": ["a", 1]}, ("string", "integer"), ('one of `"a"`, `1`',)),
        ({"const": True}, ("boolean",), ("always `true`",)),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, ("list of integer",), ("at least 2 items",)),
        ({"type": "object", "additionalProperties": False}, ("map",), ("no other keys",)),
        ({"allOf": [{"type": "number"}, {"type": "integer", "maximum": 5}]}, ("integer",), ("at most `5`",)),
        ({"$ref": "#/$defs/size", "minLength": 2}, ("string",), ("at least 2 characters", "matches `^[0-9]`")),
        ({"type": "string", "format": "byte-size"}, ("string",), ("a size in bytes such as `512Mi` or `10GB`",)),
        ({"type": "string", "format": "iri"}, ("string",), ("format `iri`",)),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, (), ("exactly one of 2 forms",)),
        ({"type": "array", "x-cfgc-merge": "append"}, ("list",), ("lists are merged by `append`",)),
        (
            {"prefixItems": [{"type": "integer"}, {}, {"type": "string"}], "type": "array"},
            ("list of integer and then anything and then string",),
            (),
        ),
        ({"type": "array", "contains": {"const": "from"}}, ("list",), ('`"from"` among them',)),
        ({"type": "array", "contains": {"type": "string"}}, ("list",), ("an item of a certain form among them",)),
        ({"type": "string", "not": {"enum": ["a", "b"]}}, ("string",), ('never `"a"`, `"b"`',)),
        ({"type": "string", "not": {"pattern": "a"}}, ("string",), ("not of a certain form",)),
        ({"propertyNames": {"pattern": "^[a-z]+$"}}, (), ("keys match `^[a-z]+$`",)),
        ({"propertyNames": True, "not": False}, (), ("not of a certain form",)),
        ({"dependentRequired": {"user": ["password", "host"]}}, (), ("with `user` also `password`, `host`",)),
        ({"if": {"minProperties": 1}, "then": {"maxProperties": 2}}, (), ("more under a condition",)),
        ({"const": "`a`"}, ("string",), ('always `"\\u0060a\\u0060"`',)),
        ({"type": "string", "pattern": "^`"}, ("string",), ("matches `^\\x60`",)),
        ({"x-cfgc-across": "must-differ", "multipleOf": 5}, (), ("a multiple of `5`", "differs between environments")),
    ],
)
def test_types_and_constraints_are_said_in_words(
    project: Project, schema: dict[str, Any], types: tuple[str, ...], constraints: tuple[str, ...]
) -> None:
    """A key that no layer sets is documented from its schema alone."""
    size = {"size": {"type": "string", "pattern": "^[0-9]"}}
    folder = project(
        with_schema({"properties": {"it": schema, "other": {}}, "$defs": size}, base={"other": 1}, prod={})
    )
    found = keys(docs_of(folder))["it"]
    assert (found.types, found.constraints) == (types, constraints)
    assert (found.documented, found.values) == (True, {})


def test_required_default_deprecated_and_undocumented(project: Project) -> None:
    schema = {
        "required": ["port"],
        "properties": {"port": {"type": "integer", "default": 80}, "old": {"type": "string", "deprecated": True}},
    }
    found = keys(docs_of(project(with_schema(schema, base={"port": 1, "more": None}, prod={"port": 2}))))
    assert (found["port"].required, found["port"].default) == (True, 80)
    assert found["port"].values == {"prod": 2}
    assert (found["old"].required, found["old"].deprecated, found["old"].default) == (False, True, UNSET)
    assert (found["more"].documented, found["more"].types, found["more"].values) == (False, ("null",), {"prod": None})


def test_items_and_keys_of_any_name_have_rows(project: Project) -> None:
    item = {"type": "object", "properties": {"host": {"type": "string"}}}
    schema = {
        "properties": {
            "hosts": {"type": "array", "items": item},
            "limits": {"type": "object", "additionalProperties": {"type": "integer"}},
        }
    }
    web = {"hosts": [{"host": "a", "port": 1}], "limits": {}}
    found = keys(docs_of(project(with_schema(schema, base=web, prod={}))))
    assert list(found) == ["hosts", "hosts[].host", "hosts[].port", "limits.*"]
    assert found["hosts"].values == {"prod": [{"host": "a", "port": 1}]}
    assert not found["hosts[].port"].documented


def test_what_an_alternative_or_a_condition_knows_is_in_a_schema(project: Project) -> None:
    """As `cfgc gaps` has it: a key that any alternative knows is known."""
    one = {"required": ["kind", "path"], "properties": {"kind": {"const": "file"}, "path": {"type": "string"}}}
    port = {"type": "integer", "description": "Where it listens.", "default": 80}
    other = {
        "required": ["kind"],
        "additionalProperties": False,
        "properties": {"kind": {"const": "net"}, "port": port},
    }
    schema = {
        "properties": {
            "store": {"type": "object", "oneOf": [one, {"$ref": "#/$defs/other"}]},
            "more": {"if": {"required": ["a"]}, "then": {"properties": {"b": {"type": "string"}}}},
            "items": {"type": "array", "items": {"anyOf": [one, other]}},
        },
        "$defs": {"other": other},
    }
    web = {"store": {"kind": "net", "port": 1, "late": 1}}
    found = keys(docs_of(project(with_schema(schema, base=web, prod={}))))
    assert list(found) == [
        "store", "store.kind", "store.port", "store.late", "store.path", "more", "more.b",
        "items", "items[].kind", "items[].path", "items[].port",
    ]  # fmt: skip
    assert {name: key.documented for name, key in found.items() if not key.documented} == {"store.late": False}
    kind = found["store.kind"]
    assert (kind.types, kind.required, kind.constraints) == (("string",), True, ('always `"file"` or always `"net"`',))
    assert found["store.path"].constraints == ("in some forms",)
    assert (found["store.port"].description, found["store.port"].default) == ("Where it listens.", 80)


def test_an_alternative_that_holds_itself_ends(project: Project) -> None:
    node = {"anyOf": [{"$ref": "#/$defs/node"}, {"properties": {"leaf": {"$ref": "#/$defs/node"}}}]}
    found = keys(
        docs_of(project(with_schema({"properties": {"first": node}, "$defs": {"node": node}}, base={}, prod={})))
    )
    assert 1 < len(found) < 12


def test_keys_of_a_pattern_have_a_row_where_no_layer_sets_any(project: Project) -> None:
    limits = {
        "patternProperties": {"^max_": {"type": "integer"}, "^min_": {"type": "number"}},
        "additionalProperties": {"type": "string"},
    }
    schema = {"properties": {"limits": limits}}
    docs = docs_of(project(with_schema(schema, base={"limits": {"max_rate": 1}}, prod={})))
    (web,) = (each for each in docs.components if each.name == "web")
    assert [(key.name, key.types, key.constraints) for key in web.keys] == [
        ("limits.max_rate", ("integer",), ()),
        ("limits.*", ("number",), ("every key that matches `^min_`",)),
        ("limits.*", ("string",), ()),
    ]


def test_a_map_that_need_not_be_there_says_so_where_its_keys_must(project: Project) -> None:
    inner = {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}}
    schema = {"required": ["one"], "properties": {"one": inner, "two": inner}}
    found = keys(docs_of(project(with_schema(schema, base={"one": {"url": "a"}}, prod={}))))
    assert {name: key.required for name, key in found.items()} == {"one.url": True, "two": False, "two.url": True}


def test_what_looks_like_a_secret_is_masked(project: Project) -> None:
    """Issue 5: no page shows a secret. `cfgc validate` warns of these; the pages don't spread them."""
    token = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    web = {"api_token": token, "url": "https://ann:kNary-pass@a.example", "list": [token], "copy": f"x {token}"}
    schema = {"properties": {"copy": {"enum": [f"x {token}"], "default": f"x {token}"}}}
    folder = project(with_schema(schema, base=web, prod={}))
    found = keys(docs_of(folder))
    assert {name: key.values["prod"] for name, key in found.items()} == {
        "api_token": "********", "url": "********", "list": ["********"], "copy": "********",
    }  # fmt: skip
    assert not [
        name for name, text in made(folder).items() if "template" not in name and ("kNary" in text or token in text)
    ]


def test_a_schema_that_holds_itself_ends(project: Project) -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}, "name": {"type": "string"}}}
    schema = {"properties": {"first": {"$ref": "#/$defs/node"}}, "$defs": {"node": node}}
    found = keys(docs_of(project(with_schema(schema, base={"first": {"next": {"name": "b"}}}, prod={}))))
    assert found["first.next.name"].values == {"prod": "b"}
    assert len(found) < 12


def test_what_a_schema_calls_a_secret_is_masked_in_plain_text_too(project: Project) -> None:
    """Plain text there is an error of `cfgc validate`; until it is cured, the pages don't spread it."""
    secret = {"type": "string", "x-cfgc-secret": True, "default": "kNary-1", "enum": ["kNary-2", "kNary-1"]}
    schema = {"properties": {"token": secret, "tokens": {"type": "array", "items": secret}}}
    folder = project(with_schema(schema, base={"token": "kNary-2", "tokens": ["kNary-2", ""]}, prod={}))
    found = keys(docs_of(folder))
    assert (found["token"].values, found["tokens"].values) == ({"prod": "********"}, {"prod": ["********", ""]})
    assert not [name for name, text in made(folder).items() if "kNary" in text]


def test_what_stands_below_a_secret_is_one(project: Project) -> None:
    """SPEC section 6: the nearest `x-cfgc-secret` at or above a value counts."""
    keys_of_it = {
        "user": {"type": "string", "x-cfgc-secret": False},
        "codes": {"type": "array", "default": ["kNary-3"]},
    }
    schema = {"properties": {"login": {"type": "object", "x-cfgc-secret": True, "properties": keys_of_it}}}
    login = {"user": "ann", "pass": "kNary-1", "codes": ["kNary-2"]}
    folder = project(with_schema(schema, base={"login": login}, prod={}))
    found = keys(docs_of(folder))
    assert {name: key.secret for name, key in found.items()} == {
        "login.user": False,
        "login.pass": True,
        "login.codes": True,
    }
    assert not [name for name, text in made(folder).items() if "kNary" in text]


def test_the_variable_is_what_the_file_says(project: Project) -> None:
    """SPEC section 8: `x-cfgc-env` and `prefix`; a value that a `dotenv` omits becomes no variable."""
    schema = {"properties": {"url": {"type": "string", "x-cfgc-env": "DB"}, "late": {"type": "string"}}}
    settings = """\
version: 1
environments: {prod: {extends: base}}
outputs: [{for: web, format: dotenv, to: .env, prefix: X_}, {for: web, format: json, to: c.json}]
"""
    files = with_schema(schema, base={"url": "u", "late": "${LATE}"}, prod={})
    found = keys(docs_of(project({**files, "cfgc.yaml": settings})))
    assert (found["url"].variables, found["url"].files) == (("X_DB",), ("web/.env", "web/c.json"))
    assert (found["late"].variables, found["late"].files) == ((), ("web/c.json",))


def test_a_component_of_one_environment_says_so(project: Project) -> None:
    folder = project(
        {"environments/base.yaml": "a: {x: 1}", "environments/prod.yaml": "b: {y: 1}", "environments/test.yaml": ""}
    )
    docs = docs_of(folder)
    (one,) = (each for each in docs.components if each.name == "b")
    page = markdown.page(one, docs, "../config.md")
    assert "Only in `prod`." in page
    assert "| Key | `prod` |" in page


def test_a_project_without_schemas_is_documented_from_its_layers(project: Project) -> None:
    found = keys(docs_of(project({"environments/base.yaml": "a: {x: 1}", "environments/prod.yaml": ""})), "a")
    assert (found["x"].types, found["x"].documented, found["x"].values) == (("integer",), False, {"prod": 1})
