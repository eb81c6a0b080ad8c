"""`--rev`, `--staged` and the commit that a manifest names (SPEC section 10)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Git, commit
from tests.system.conftest import Cfgc


def test_rev_compiles_a_revision_and_touches_nothing(cfgc: Cfgc, shop: Path, git: Git) -> None:
    git(shop, "init", "-q")
    first = commit(git, shop, "one")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 7\n")
    commit(git, shop, "two")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: [")
    status = git(shop, "status", "--porcelain")
    assert cfgc(shop, "--rev", "HEAD", "show", "prod", "managers.web.replicas").out == "7\n"
    assert cfgc(shop, "show", "prod", "managers.web.replicas", "--rev", first).out == "3\n"
    assert git(shop, "status", "--porcelain") == status


def test_staged_compiles_the_index(cfgc: Cfgc, shop: Path, git: Git) -> None:
    git(shop, "init", "-q")
    commit(git, shop, "one")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 0\n")
    git(shop, "add", "-A")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 5\n")
    assert cfgc(shop, "validate").code == 0
    assert cfgc(shop, "validate", "--staged").code == 1


def test_manifest_names_the_revision_and_whether_it_was_clean(cfgc: Cfgc, shop: Path, git: Git) -> None:
    git(shop, "init", "-q")
    (shop / ".gitignore").write_text("/dist/\n")
    head = commit(git, shop, "one")

    def source() -> dict[str, object]:
        assert cfgc(shop, "render", "prod", "--out", str(shop / "dist")).code == 0
        data: dict[str, object] = json.loads((shop / "dist/prod/manifest.json").read_text())["source"]
        return data

    assert source() == {"revision": head, "clean": True}
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 4\n")
    assert source() == {"revision": head, "clean": False}


def test_files_are_rendered_without_git(cfgc: Cfgc, shop: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone in an image that has no Git: the manifest names no commit."""
    git(shop, "init", "-q")
    commit(git, shop, "one")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert cfgc(shop, "render", "prod").code == 0
    manifest = json.loads((shop / "dist/prod/manifest.json").read_text())
    assert manifest["source"] == {"revision": "", "clean": False}
    assert cfgc(shop, "--rev", "HEAD", "validate", "--format", "json").codes == ["CFG950"]
