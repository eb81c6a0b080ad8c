"""The hooks look at what is staged, need no key, and refuse what must not be committed (issue 2, section 5)."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PAYMENTS = "environments/prod/services/payments.yaml"


@pytest.fixture
def clone(tmp_path: Path, git: Callable[..., str]) -> Path:
    """A clone of this repository, with the environment that `make` would set up."""
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(ROOT), str(folder))
    (folder / ".venv").symlink_to(BIN.parent, target_is_directory=True)
    return folder


def pre_commit(folder: Path, hook: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "pre-commit"), "run", hook, "--all-files"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def stage(folder: Path, git: Callable[..., str], name: str, text: str) -> None:
    (folder / name).write_text(text)
    git(folder, "add", name)


def test_a_clean_clone_passes(clone: Path) -> None:
    for hook in ("cfgc-secrets", "cfgc-validate"):
        done = pre_commit(clone, hook)
        assert done.returncode == 0, done.stdout


def test_a_staged_secret_in_plain_text_is_refused_and_not_shown(clone: Path, git: Callable[..., str]) -> None:
    stage(clone, git, PAYMENTS, "api_key: planted-0123456789\n")
    (clone / PAYMENTS).write_text("{}\n")  # what counts is what is staged
    done = pre_commit(clone, "cfgc-secrets")
    assert done.returncode == 1
    assert f"{PAYMENTS}:1" in done.stdout
    assert "planted-0123456789" not in done.stdout


def test_a_staged_mistake_is_refused(clone: Path, git: Callable[..., str]) -> None:
    file = "environments/prod/orchestrator.yaml"
    stage(clone, git, file, (clone / file).read_text().replace("concurrency: 64", "concurrency: many"))
    done = pre_commit(clone, "cfgc-validate")
    assert done.returncode == 1
    assert f"{file}:1" in done.stdout


def test_the_hooks_for_others_run_in_a_project_of_theirs(tmp_path: Path, git: Callable[..., str]) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["cfgc-secrets", "cfgc-validate"]
    valid = subprocess.run([str(BIN / "pre-commit"), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")])
    assert valid.returncode == 0
    git(tmp_path, "init", "-q")
    subprocess.run([str(BIN / "cfgc"), "init", "."], cwd=tmp_path, check=True, capture_output=True)
    git(tmp_path, "add", ".")
    for hook in hooks:
        path = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
        done = subprocess.run(shlex.split(hook["entry"]), cwd=tmp_path, capture_output=True, text=True, env=path)
        assert done.returncode == 0, done.stdout + done.stderr
