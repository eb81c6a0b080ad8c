"""Locks, CI, hooks and import contracts do what CONTRIBUTING.md says of them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PIN = re.compile(r"^([a-z0-9-]+)==([^ ]+)")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return {found[1]: found[2] for line in lines if (found := PIN.match(line))}


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[>=<; \[]", text)[0].lower() for text in requirements}


@pytest.mark.parametrize("name", ["runtime", "test", "check"])
def test_a_lock_file_pins_by_hash_and_names_no_address(name: str) -> None:
    """Issue 2, section 5: hash-pinned lock files without index addresses."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    requirements = re.split(r"\n(?=[a-z0-9])", text.split("make lock\n", 1)[1].strip())
    assert len(requirements) == len(pins(name)) > 10
    assert all("--hash=sha256:" in requirement for requirement in requirements)
    assert "://" not in text
    assert "--index" not in text


def test_the_npm_lock_pins_by_hash_and_names_no_registry() -> None:
    text = (ROOT / "requirements/npm/package-lock.json").read_text()
    assert '"integrity": "sha512-' in text
    assert "resolved" not in text


def test_the_locks_hold_every_declared_dependency_and_agree_with_each_other() -> None:
    groups = PROJECT["dependency-groups"]
    runtime, test, check = pins("runtime"), pins("test"), pins("check")
    assert named(PROJECT["project"]["dependencies"] + groups["build"]) <= set(runtime)
    assert named(groups["test"]) <= set(test)
    assert named(groups["check"]) <= set(check)
    assert runtime.items() <= test.items() <= check.items(), "`make lock` writes all three"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "lint-imports"), "--no-cache", "--no-logo", "--config", str(ROOT / "pyproject.toml")]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env={"PYTHONPATH": str(folder)})


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("model/span.py", "import cfgc.diagnostics.diagnostic", "Imports run downward only"),
        ("stages/merge/span.py", "import cfgc.stages.read", "Stages never import each other"),
        ("stages/merge/span.py", "import click", "Only the command line knows click"),
        ("stages/merge/span.py", "import subprocess", "Only the doors start a process"),
        ("attic.py", "", "Imports run downward only"),
    ],
)
def test_an_import_that_breaks_a_contract_is_found(tmp_path: Path, module: str, line: str, contract: str) -> None:
    """STYLE 2: a new room must be placed before it can be built, and imports run downward only."""
    subprocess.run(["cp", "-r", ROOT / "cfgc", tmp_path / "cfgc"], check=True)
    (tmp_path / "cfgc" / module).write_text(line + "\n")
    found = lint_imports(tmp_path)
    assert found.returncode == 1
    assert re.search(contract + r".* BROKEN", found.stdout)
