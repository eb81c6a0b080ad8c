"""`show` and `why`: values, where they come from and what becomes of them (SPEC section 10)."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.system.conftest import Cfgc


def test_show_prints_the_tree_itself(cfgc: Cfgc, shop: Path) -> None:
    web = cfgc(shop, "show", "prod", "managers.web", "--format", "json").data
    assert web["replicas"] == 3
    assert web["banner"] == "main behind https://web.example.com"
    assert yaml.safe_load(cfgc(shop, "show", "prod").out)["managers"]["web"] == web


def test_show_of_a_scalar_and_of_a_list_item(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 3\nhosts: [a, {name: b}]\n")
    assert cfgc(shop, "show", "prod", "managers.web.replicas", "--format", "json").out == "3\n"
    assert cfgc(shop, "show", "prod", "managers.web.hosts[1]", "--format", "json").data == {"name": "b"}


def test_show_dotenv_is_what_render_writes(cfgc: Cfgc, shop: Path) -> None:
    assert cfgc(shop, "show", "prod", "managers.db", "--format", "dotenv").out == "NAME=main\nPORT=5432\n"


def test_why_value_has_the_documented_shape(cfgc: Cfgc, shop: Path) -> None:
    found = cfgc(shop, "why", "prod", "managers.web.replicas", "--format", "json").data
    assert found == {
        "environment": "prod",
        "path": "managers.web.replicas",
        "value": 3,
        "secret": False,
        "origin": {"layer": "prod", "file": "environments/prod/managers/web.yaml", "line": 1, "column": 11},
        "overrides": [
            {"layer": "base", "file": "environments/base/managers/web.yaml", "line": 2, "column": 11, "value": 1}
        ],
        "via": [],
        "children": [],
        "rule": "overlay wins",
    }


def test_why_follows_references(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("database: ${managers.db.name}\n")
    found = cfgc(shop, "why", "prod", "managers.web.database", "--format", "json").data
    assert found["value"] == "main"
    assert (found["origin"]["file"], found["origin"]["line"]) == ("environments/base/managers/db.yaml", 1)
    assert [(step["path"], step["line"]) for step in found["via"]] == [("managers.web.database", 1)]


def test_why_layer_line_wins_or_is_shadowed(cfgc: Cfgc, shop: Path) -> None:
    found = cfgc(shop, "why", str(shop / "environments/base/managers/web.yaml") + ":2", "--format", "json").data
    assert [(fate["environment"], fate["wins"]) for fate in found] == [("test", True), ("prod", False)]
    assert found[1]["by"]["file"] == "environments/prod/managers/web.yaml"


def test_why_layer_line_names_who_refers_to_it(cfgc: Cfgc, shop: Path) -> None:
    found = cfgc(shop, "why", str(shop / "environments/base/managers/db.yaml") + ":1", "--format", "json").data
    assert found[0]["referred_by"][0]["path"] == "managers.web.banner"


def test_why_rendered_line_of_an_emitter(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "render", "prod", "--out", str(shop / "dist"))
    found = cfgc(shop, "why", str(shop / "dist/prod/web/.env") + ":2", "--format", "json").data
    assert found["template"] is None
    assert [(source["path"], source["file"], source["line"]) for source in found["sources"]] == [
        ("managers.web.replicas", "environments/prod/managers/web.yaml", 1)
    ]


def test_why_rendered_line_of_a_template(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "render", "prod", "--out", str(shop / "dist"))
    found = cfgc(shop, "why", str(shop / "dist/prod/web/web.conf") + ":1", "--format", "json").data
    assert (found["template"]["file"], found["template"]["line"]) == ("templates/web.conf.j2", 1)
    assert "managers.web.url" in [source["path"] for source in found["sources"]]
