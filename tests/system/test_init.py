"""`init` and `schema`: what a project begins with, and what editors are given (SPEC section 10)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.system.conftest import Cfgc


def test_init_scaffolds_a_project_that_renders_at_once(cfgc: Cfgc, tmp_path: Path) -> None:
    assert cfgc(tmp_path, "init", "shop").code == 0
    assert cfgc(tmp_path / "shop", "validate", "--strict").code == 0
    assert cfgc(tmp_path / "shop", "render", "prod", "--out", str(tmp_path / "dist")).code == 0
    settings = json.loads((tmp_path / "shop/.vscode/settings.json").read_text())["yaml.schemas"]
    assert {(tmp_path / "shop" / name).is_file() for name in settings} == {True}
    assert cfgc(tmp_path, "init", "shop").code == 2


@pytest.mark.parametrize("name", ["123", "null", "a: b", '"', "-x", "x #y", "a\x1b[31mb", "名前"])
def test_init_takes_a_folder_of_any_name(cfgc: Cfgc, tmp_path: Path, name: str) -> None:
    """The name went into `cfgc.yaml` as it was, where `123` is a number and `a: b` a map."""
    done = cfgc(tmp_path, "init", "--", name)
    assert (done.code, "\x1b" in done.err) == (0, False)
    assert cfgc(tmp_path / name, "validate", "--strict").code == 0


@pytest.mark.parametrize(
    ("settings", "code", "says"),
    [
        ("[", 2, "is not JSON without comments"),
        ("[" * 100_000, 2, "is not JSON without comments"),
        ('{"yaml.schemas": 3}', 2, "is not JSON without comments"),
        (None, 2, "Is a directory"),
        ("", 0, "named in"),
        ('{"a": 1}', 0, "named in"),
    ],
)
def test_init_beside_settings_of_any_kind(
    cfgc: Cfgc, tmp_path: Path, settings: str | None, code: int, says: str
) -> None:
    place = tmp_path / ".vscode" / "settings.json"
    place.parent.mkdir()
    if settings is None:
        place.mkdir()
    else:
        place.write_text(settings)
    done = cfgc(tmp_path, "init")
    assert (done.code, says in done.err) == (code, True)


@pytest.mark.parametrize("way", [("init",), ("schema", "--write")])
def test_what_stands_in_the_way_of_a_written_file_is_a_finding(cfgc: Cfgc, shop: Path, way: tuple[str, ...]) -> None:
    """A folder that could not be made was a bug in cfgc."""
    (shop / ".vscode").write_text("")
    done = cfgc(shop, *way, *(["--force"] if way == ("init",) else []))
    assert done.code == 1
    assert "CFG901" in done.err


def test_the_editor_setting_names_places_in_any_layer_and_forgets_those_that_are_gone(
    cfgc: Cfgc, tmp_path: Path
) -> None:
    cfgc(tmp_path, "init")
    for name in ("base/web.yaml", "prod/services/old.yaml"):
        (tmp_path / "environments" / name).write_text("a: 1\n")
    (tmp_path / "environments/prod/services/web.yaml").write_text("hosts: !by:id.no [{id: 1}]\n")
    (tmp_path / ".vscode/settings.json").write_text('{"yaml.customTags": ["!Ref scalar", "!by:old sequence"]}')
    assert cfgc(tmp_path, "schema", "--write").code == 0
    tags = json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.customTags"]
    assert (tags[0], tags[-2:]) == ("!Ref scalar", ["!by:id.no sequence", "!by:name sequence"])
    assert {"!unset scalar", "!append sequence", "!raw mapping"} < set(tags)
    assert "!by:old sequence" not in tags
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.schemas"]
    assert settings == {
        "./.cfgc/schemas/services._each.schema.json": ["environments/**/services/_each.yaml"],
        "./.cfgc/schemas/services.old.schema.json": ["environments/**/services/old.yaml"],
        "./.cfgc/schemas/services.web.schema.json": ["environments/**/services/web.yaml"],
        # one glob would name the file above too
        "./.cfgc/schemas/web.schema.json": ["environments/base/web.yaml", "environments/prod/web.yaml"],
    }
    (tmp_path / "environments/prod/services/old.yaml").unlink()
    assert cfgc(tmp_path, "schema", "--write").code == 0
    assert "old" not in (tmp_path / ".vscode/settings.json").read_text()
    assert not (tmp_path / ".cfgc/schemas/services.old.schema.json").exists()


def test_schema_prints_what_editors_need(cfgc: Cfgc, shop: Path) -> None:
    whole = cfgc(shop, "schema").data
    assert whole["$schema"].endswith("2020-12/schema")
    part = cfgc(shop, "schema", str(shop / "environments/prod/managers/web.yaml")).data
    assert "replicas" in json.dumps(part)
    assert "required" not in part
