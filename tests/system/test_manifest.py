"""SPEC section 8: what a manifest says of its set, with the whole program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import cfgc as package
from cfgc.model.artifact import Required
from cfgc.model.manifest import Entry, Manifest, Revision
from tests.conftest import Git, commit
from tests.system.conftest import FILES, ROOT, Cfgc

SCHEMA: dict[str, Any] = json.loads(files("cfgc.stages.write").joinpath("manifest.schema.json").read_text("utf-8"))
ENVIRONMENT = "environments/prod/managers/web.yaml"


def problems(manifest: object) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(manifest)]


def manifest_of(shop: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((shop / "dist/prod/manifest.json").read_text())
    assert problems(data) == []
    return data


@pytest.fixture
def committed(shop: Path, git: Git) -> Path:
    (shop / ".gitignore").write_text("/dist/\n")
    git(shop, "init", "-q")
    commit(git, shop)
    return shop


def test_section_8_the_manifest_has_a_schema_that_speaks_of_all_it_holds() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    entry = Entry("web/.env", "managers.web", True, "sha256:" + "0" * 64, (Required("A", "managers.web.a", "A"),))
    made = Manifest("prod", "1", "2026.1", components={"managers.web": Revision()}, artifacts=(entry,)).as_data()
    assert problems(made) == []
    assert set(made) == set(SCHEMA["properties"]) == set(SCHEMA["required"])
    described = SCHEMA["$defs"]["artifact"]
    assert set(made["artifacts"][0]) == set(described["properties"]) == set(described["required"])
    needed = described["properties"]["requires_env"]["items"]
    assert set(made["artifacts"][0]["requires_env"][0]) == set(needed["properties"]) == set(needed["required"])


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"source": {"revision": "main", "clean": True}}, {"reproducible": False},
        {"overrides": ["x <--set>"]}, {"inputs": {"/etc/passwd": "0" * 40}}, {"inputs": {"a/../b": "0" * 40}},
        {"inputs": {"a": "short"}}, {"sealed": None},
    ],
)  # fmt: skip
def test_section_8_the_schema_of_the_manifest_refuses_another(change: Mapping[str, object]) -> None:
    made = Manifest("prod", "1", "2026.1").as_data()
    assert problems(made) == []
    assert problems({**made, **change}) != []


@pytest.mark.parametrize("environment", ["test", "staging", "prod", "prod-eu"])
def test_done_when_the_estates_manifests_validate(cfgc: Cfgc, tmp_path: Path, demo_key: Path, environment: str) -> None:
    """Issue 2, section 6: `dist/prod` holds each component's files and a manifest that validates."""
    assert cfgc(ROOT, "render", environment, "--out", str(tmp_path)).code == 0
    assert problems(json.loads((tmp_path / environment / "manifest.json").read_text())) == []


def test_section_8_it_says_versions_environment_and_each_input_with_its_content_id(
    cfgc: Cfgc, committed: Path, git: Git
) -> None:
    assert cfgc(committed, "render", "prod").code == 0
    data = manifest_of(committed)
    assert (data["cfgc"], data["environment"], data["semantics"]) == (package.__version__, "prod", "2026.1")
    assert data["inputs"] == {name: git(committed, "hash-object", name).strip() for name in FILES}


def test_section_8_it_says_path_mode_component_and_digest_of_each_artifact(cfgc: Cfgc, committed: Path) -> None:
    assert cfgc(committed, "render", "prod").code == 0
    data = manifest_of(committed)
    on_disk = [path for path in (committed / "dist/prod").rglob("*") if path.is_file() and path.name != "manifest.json"]
    assert {entry["path"]: (entry["mode"], entry["digest"], entry["secret"]) for entry in data["artifacts"]} == {
        path.relative_to(committed / "dist/prod").as_posix(): (
            f"{path.stat().st_mode & 0o777:04o}",
            f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
            False,
        )
        for path in on_disk
    }
    assert {entry["component"] for entry in data["artifacts"]} == {"managers.web", "managers.db"}


def test_section_8_the_digest_of_a_secret_artifact_is_that_of_its_sealed_form(
    cfgc: Cfgc, committed: Path, seal: Callable[[Path, str], None]
) -> None:
    seal(committed / "environments/prod/managers/db.sops.yaml", "password: hunter2\n")
    (committed / "cfgc.yaml").write_text(FILES["cfgc.yaml"].replace("format: dotenv", "format: json"))
    assert cfgc(committed, "render", "prod").code == 0
    revealed = {entry["path"]: entry for entry in manifest_of(committed)["artifacts"]}
    assert cfgc(committed, "render", "prod", "--sealed").code == 0
    data = manifest_of(committed)
    assert data["sealed"] is True
    assert {entry["path"]: entry for entry in data["artifacts"]} == revealed
    written = (committed / "dist/prod/db/config.yaml").read_bytes()
    assert b"ENC[AES256_GCM" in written
    assert revealed["db/config.yaml"]["digest"] == f"sha256:{hashlib.sha256(written).hexdigest()}"


def test_section_8_runtime_variables_are_listed_with_key_path_and_output_name(cfgc: Cfgc, committed: Path) -> None:
    (committed / ENVIRONMENT).write_text("replicas: 3\nurl: ${WEB_URL}\n")
    assert cfgc(committed, "render", "prod").code == 0
    needs = {entry["path"]: entry["requires_env"] for entry in manifest_of(committed)["artifacts"]}
    url = {"variable": "WEB_URL", "path": "managers.web.url"}
    banner = {"variable": "WEB_URL", "path": "managers.web.banner"}
    assert needs["web/.env"] == [{**url, "output": "URL"}, {**banner, "output": "BANNER"}]
    assert needs["web/config.yaml"] == [{**url, "output": "url"}, {**banner, "output": "banner"}]
    assert needs["web/web.conf"] == [{**url, "output": ""}]
    assert needs["db/.env"] == []
    assert "URL" not in (committed / "dist/prod/web/.env").read_text()
    assert 'url: "${WEB_URL}"' in (committed / "dist/prod/web/config.yaml").read_text()


def test_section_8_component_gives_each_component_its_own_revision(cfgc: Cfgc, committed: Path, git: Git) -> None:
    first = git(committed, "rev-parse", "HEAD").strip()
    assert cfgc(committed, "render", "prod").code == 0
    assert {one["revision"] for one in manifest_of(committed)["components"].values()} == {first}
    (committed / ENVIRONMENT).write_text("replicas: 4\n")
    second = commit(git, committed)
    assert cfgc(committed, "render", "prod", "--component", "web").code == 0
    data = manifest_of(committed)
    assert data["components"] == {
        "managers.db": {"revision": first, "clean": True},
        "managers.web": {"revision": second, "clean": True},
    }
    assert data["source"] == {"revision": second, "clean": True}


def test_section_8_two_components_of_one_last_segment_collide_and_dist_names_parts_them(
    cfgc: Cfgc, committed: Path
) -> None:
    (committed / "environments/base/services").mkdir()
    (committed / "environments/base/services/web.yaml").write_text("x: 1\n")
    settings = FILES["cfgc.yaml"].replace('["managers/*"]', '["managers/*", "services/*"]')
    settings = settings.replace("for: web", "for: managers/web")
    (committed / "cfgc.yaml").write_text(settings)
    (committed / "policies/owners.yaml").unlink()
    (committed / "policies").rmdir()
    done = cfgc(committed, "render", "prod")
    assert done.code == 1
    assert "CFG802" in done.err
    assert "dist_names: path" in done.err
    (committed / "cfgc.yaml").write_text(settings + "dist_names: path\n")
    assert cfgc(committed, "render", "prod").code == 0
    assert (committed / "dist/prod/services.web/.env").read_text() == "X=1\n"
    assert (committed / "dist/prod/managers.web/.env").exists()
