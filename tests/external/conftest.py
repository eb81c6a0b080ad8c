"""Real repositories, one a test; and how they fail."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cfgc.diagnostics import Diagnostic, Failed
from tests.conftest import Git, commit

Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def repository(project: Write, git: Git) -> Path:
    """One commit on `main` with `e/a.yaml`, `e/f/b.yaml` and `top.yaml`."""
    root = project({"e/a.yaml": "a: 1\n", "e/f/b.yaml": "b: 2\n", "top.yaml": "t: 3\n"})
    git(root, "init", "-q", "-b", "main")
    commit(git, root)
    return root


@pytest.fixture
def two(repository: Path, git: Git) -> tuple[str, str]:
    """Two commits that differ in every way a file can; the second is checked out."""
    old = git(repository, "rev-parse", "HEAD").strip()
    (repository / "e/a.yaml").write_text("a: 2\n")
    shutil.rmtree(repository / "e/f")
    (repository / "e/f").write_text("a file where a folder was\n")
    (repository / "new/deep").mkdir(parents=True)
    (repository / "new/deep/x y.yaml").write_text("x: 1\n")
    (repository / "top.yaml").chmod(0o755)
    return old, commit(git, repository, "second")


def finding(make: Callable[[], object]) -> Diagnostic:
    """The one finding that something fails with."""
    with pytest.raises(Failed) as caught:
        make()
    (found,) = caught.value.diagnostics
    return found
