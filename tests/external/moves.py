"""Moves from one commit to another, and what a repository looks like before and after them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external import git as plumbing
from cfgc.external.git.desk import open_desk
from cfgc.external.git.move import head, move
from tests.conftest import Git


def go(root: Path, new: str) -> None:
    """Move to a commit, as a rollback does."""
    repository = plumbing.locate(root)
    with open_desk(repository, wait=0.1) as desk:
        move(desk, new, expected=head(repository)[1], reason="cfgc: test")


def refused(root: Path, new: str) -> list[Diagnostic]:
    """Why a move is refused; nothing has changed then."""
    before = snapshot(root)
    with pytest.raises(Failed) as caught:
        go(root, new)
    assert snapshot(root) == before
    return list(caught.value.diagnostics)


def outcome(root: Path, new: str) -> list[str]:
    """The codes of what was wrong with a move."""
    try:
        go(root, new)
    except Failed as failed:
        return [found.code for found in failed.diagnostics]
    return []


def snapshot(root: Path) -> dict[str, object]:
    """Every file of the working tree with its mode, the index, HEAD, and what lies on the desk."""
    files = [path for path in root.rglob("*") if ".git" not in path.parts and not path.is_dir()]
    git_dir = plumbing.locate(root).git_dir
    return {
        "files": {str(path): (os.readlink(path) if path.is_symlink() else path.read_bytes()) for path in files},
        "modes": {str(path): path.lstat().st_mode for path in files},
        "index": (git_dir / "index").read_bytes(),
        "head": (git_dir / "HEAD").read_bytes(),
        "commit": plumbing.head_commit(root),
        "locks": sorted(path.name for path in git_dir.iterdir() if path.name in ("cfgc", "index.lock")),
    }


def is_at(root: Path, git: Git, oid: str) -> bool:
    """Whether branch, index and files are those of a commit, and nothing is left over."""
    assert not (root / ".git/cfgc").exists()
    assert not (root / ".git/index.lock").exists()
    assert git(root, "fsck", "--strict").strip() == ""
    return git(root, "rev-parse", "HEAD").strip() == oid and git(root, "status", "--porcelain") == ""
