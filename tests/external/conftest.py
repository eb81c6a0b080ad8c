"""Real repositories, one a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Git = Callable[..., str]
Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def repository(project: Write, git: Git) -> Path:
    """One commit on `main` with `e/a.yaml`, `e/f/b.yaml` and `top.yaml`."""
    root = project({"e/a.yaml": "a: 1\n", "e/f/b.yaml": "b: 2\n", "top.yaml": "t: 3\n"})
    git(root, "init", "-q", "-b", "main")
    commit(git, root)
    return root


def commit(git: Git, root: Path, message: str = "x") -> str:
    """Commit everything there is; the full id."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()
