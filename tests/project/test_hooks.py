"""The hooks look at what is staged, need no key, and refuse what must not be committed (issue 2, section 5)."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

Git = Callable[..., str]

BIN = Path(sys.executable).parent
PAYMENTS = "environments/prod/services/payments.yaml"
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
WEB = "environments/prod/services/web.yaml"
SCHEMA = "schemas/services/_each.schema.json"


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
    hooks = HOOKS
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


@pytest.fixture
def theirs(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of somebody else, made by `cfgc init`, whose schema knows a secret; `pre-commit install` has run."""
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    root = tmp_path / "shop"
    subprocess.run(["cfgc", "init", str(root)], check=True, capture_output=True)
    schema = (root / SCHEMA).read_text()
    (root / SCHEMA).write_text(schema.replace('"properties": {', '"properties": {"token": {"x-cfgc-secret": true},', 1))
    git(root, "init", "-q")
    return root


def installed(root: Path, git: Git, *repositories: dict[str, Any]) -> None:
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": list(repositories)}))
    subprocess.run(["pre-commit", "install"], cwd=root, check=True, capture_output=True)
    git(root, "add", ".")


LOCAL = {"repo": "local", "hooks": [{**hook, "language": "system"} for hook in HOOKS]}


def commit(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`git commit`, which starts the hooks as for any user; what it says is in `stderr`."""
    return subprocess.run(["git", "commit", "-qm", "x", *options], cwd=root, capture_output=True, text=True)


BAD = {"cfgc-validate": (WEB, "replicas: many\n", "CFG621"), "cfgc-secrets": (WEB, "token: planted-01234\n", "CFG3")}


@pytest.mark.parametrize("hook", BAD)
def test_issue_3_section_5_a_bad_staged_file_is_refused_although_the_working_copy_is_fine(
    theirs: Path, git: Git, hook: str
) -> None:
    installed(theirs, git, LOCAL)
    assert commit(theirs).returncode == 0
    file, bad, code = BAD[hook]
    stage(theirs, git, file, bad)
    (theirs / file).write_text("replicas: 3\n")
    done = commit(theirs)
    assert done.returncode == 1
    said = done.stderr[done.stderr.index(f"hook id: {hook}") :]
    assert f"error[{code}" in said
    assert file in said
    assert "planted-01234" not in done.stderr
    assert (theirs / file).read_text() == "replicas: 3\n"
    assert git(theirs, "rev-list", "--count", "HEAD") == "1\n"


@pytest.mark.parametrize("hook", BAD)
def test_issue_3_section_5_a_good_staged_file_is_committed_although_the_working_copy_is_bad(
    theirs: Path, git: Git, hook: str
) -> None:
    installed(theirs, git, LOCAL)
    assert commit(theirs).returncode == 0
    file, bad, _ = BAD[hook]
    stage(theirs, git, file, "replicas: 5\n")
    (theirs / file).write_text(bad)
    done = commit(theirs)
    assert done.returncode == 0, done.stderr
    assert (theirs / file).read_text() == bad
    assert git(theirs, "show", f"HEAD:{file}") == "replicas: 5\n"


def test_a_commit_of_named_files_is_judged_by_its_own_index(theirs: Path, git: Git) -> None:
    """THREATS Gi4: `git commit FILE` has an index of its own, which Git names in `GIT_INDEX_FILE`."""
    installed(theirs, git, LOCAL)
    assert commit(theirs).returncode == 0
    stage(theirs, git, WEB, "replicas: many\n")
    (theirs / "environments/base/services/web.yaml").write_text("url: https://web.example.org\ndatabase: {url: a}\n")
    done = commit(theirs, "--", "environments/base/services/web.yaml")
    assert done.returncode == 0, done.stderr
    assert commit(theirs).returncode == 1


def test_pre_commit_installs_the_hooks_from_a_clone_of_this_repository(
    theirs: Path, tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hooks as others use them: `repo: ADDRESS`, built and installed by pre-commit into an environment of its own.

    No package index is asked: what cfgc needs is lent from the environment of the tests.
    """
    lent = tmp_path / "lent"
    lent.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "cfgc" not in entry.name:
            (lent / entry.name).symlink_to(entry)
    for name, value in {"PYTHONPATH": lent, "PIP_NO_INDEX": 1, "PIP_NO_DEPS": 1, "PIP_NO_BUILD_ISOLATION": 0}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("PATH", os.environ["PATH"].replace(f"{BIN}:", "", 1))
    hooks = [{"id": hook["id"]} for hook in HOOKS]
    head = git(ROOT, "rev-parse", "HEAD").strip()
    (theirs / ".pre-commit-config.yaml").write_text(
        yaml.safe_dump({"repos": [{"repo": str(ROOT), "rev": head, "hooks": hooks}]})
    )
    git(theirs, "add", ".")
    run = [str(BIN / "pre-commit"), "run"]
    done = subprocess.run(run, cwd=theirs, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == 2
    stage(theirs, git, WEB, "replicas: many\n")
    done = subprocess.run(run, cwd=theirs, capture_output=True, text=True)
    assert done.returncode == 1
    assert "error[CFG621]" in done.stdout
