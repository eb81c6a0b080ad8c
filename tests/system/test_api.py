"""The public Python API: small, typed, sealed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import cfgc
from cfgc import Failed, Project, Severity, compile_environment
from tests.system.conftest import ROOT


def test_a_project_knows_its_environments(shop: Path) -> None:
    assert Project(shop).environments == ("test", "prod")


def test_compile_gives_values_findings_and_places(shop: Path) -> None:
    compiled = compile_environment(Project(shop), "prod")
    assert compiled.ok
    assert compiled.components == ("managers.db", "managers.web")
    assert compiled.get("managers.web.replicas") == 3
    assert str(compiled.origin("managers.web.replicas")) == "environments/prod/managers/web.yaml:1:11"
    assert compiled.tree["managers"]["web"]["banner"] == "main behind https://web.example.com"
    with pytest.raises(LookupError):
        compiled.get("managers.web.nothing")


def test_findings_are_values(shop: Path) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 0\n")
    found = Project(shop).validate("prod", today=date(2026, 1, 1))
    assert [(each.severity, each.path_text) for each in found] == [(Severity.ERROR, "managers.web.replicas")]
    assert not compile_environment(Project(shop), "prod").ok


def test_render_gives_artifacts_in_memory(shop: Path) -> None:
    made = {artifact.path: artifact for artifact in Project(shop).render("prod")}
    assert made["web/.env"].content.startswith(b"OWNER=team-web\nREPLICAS=3\n")
    assert not (shop / "dist").exists()


def test_failures_carry_diagnostics(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(Failed) as failed:
        compile_environment(Project(shop), "prdo")
    assert failed.value.diagnostics[0].name == "unknown-environment"
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 0\n")
    with pytest.raises(Failed):
        Project(shop).render("prod")
    (tmp_path / "empty").mkdir()
    with pytest.raises(Failed):
        Project(tmp_path / "empty")


def test_secrets_are_sealed_by_default(shop: Path, seal: Callable[[Path, str], None]) -> None:
    seal(shop / "environments/prod/managers/web.sops.yaml", "password: kNary-plain-text\n")
    project = Project(shop)
    compiled = compile_environment(project, "prod")
    assert compiled.get("managers.web.password") == "********"
    assert "kNary" not in repr(compiled.tree)
    sealed = {artifact.path: artifact for artifact in project.render("prod")}
    assert b"ENC[AES256_GCM" in sealed["web/config.yaml"].content
    opened = {artifact.path: artifact for artifact in project.render("prod", sealed=False)}
    assert b"kNary-plain-text" in opened["web/config.yaml"].content
    assert opened["web/config.yaml"].sealed == sealed["web/config.yaml"].content


def test_every_public_name_exists_and_importing_the_package_imports_no_library() -> None:
    assert all(getattr(cfgc, name) is not None for name in cfgc.__all__)
    with pytest.raises(AttributeError):
        cfgc.nothing_has_this_name  # noqa: B018
    script = "import sys, cfgc; print([m for m in ('click', 'yaml', 'jinja2', 'cfgc.pipeline') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
