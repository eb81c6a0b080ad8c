"""The program that the tests run, and a project with a history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.system.conftest import age_key, cfgc, seal

__all__ = ["age_key", "cfgc", "seal"]

FILES = {
    "cfgc.yaml": """\
version: 1
project: shop
environments: {test: {extends: base}, prod: {extends: base, labels: {tier: prod}}}
components: ["managers/*"]
""",
    "environments/base/managers/web.yaml": "owner: team-web\nreplicas: 1\nport: 80\n",
    "environments/base/managers/db.yaml": "port: 5432\n",
    "environments/prod/managers/web.yaml": "replicas: 3\n",
    "schemas/managers/_each.schema.yaml": (
        "type: object\nproperties:\n  owner: {type: string}\n  replicas: {type: integer, maximum: 9}\n"
        "  port: {type: integer}\n"
    ),
    "policies/replicas.yaml": """\
policies:
  - name: two-replicas
    match: {labels: {tier: prod}}
    assert: has(config.replicas) && config.replicas > 1
    message: "`{component}` runs alone"
    help: set two
waivers:
  - {policy: two-replicas, component: managers.db, owner: team-db, reason: "DB-7", until: "2026-03-01"}
""",
    "CODEOWNERS": "/environments/base/managers/db.yaml @db\n",
}

Commit = Callable[[str, Mapping[str, str]], None]


@pytest.fixture
def commit(git: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commit:
    """Commits files into the project's repository, on a day."""
    git(tmp_path, "init", "-q", "-b", "main")

    def write(day: str, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_DATE", f"{day}T12:00:00Z")
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", f"what happened on {day}")

    return write


@pytest.fixture
def shop(commit: Commit, tmp_path: Path) -> Path:
    """A valid project, committed on the second of January."""
    commit("2026-01-02", FILES)
    return tmp_path
