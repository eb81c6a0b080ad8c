"""What decides, beside a project's own files, which project a command line means and which code looks at it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfgc.external.git import Repository


def above(folder: Path, root: Path) -> Iterator[str]:
    """What would make a folder nearer than `root` the project."""
    start = folder.resolve()
    for place in (start, *start.parents):
        if place == root:
            return
        yield from (f"{place}/cfgc.yaml", f"{place}/environments")


def code() -> Iterator[str]:
    """The code that has run: an installation is known by its folder, cfgc also by its modules."""
    yield from (path for path in sys.path if os.path.isdir(path))
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "cfgc" and (file := getattr(module, "__file__", None)):
            yield file


def around_index(root: Path, repository: Repository) -> Iterator[str]:
    """What decides which repository a project is of, and how Git reads it; not which commit is checked out."""
    for place in (root, *root.parents):
        if place == repository.top:
            break
        yield f"{place}/.git"
    if not (repository.top / ".git").is_dir():
        yield f"{repository.top}/.git"
    yield f"{repository.top}/.git/cfgc"
    yield from (f"{repository.git_dir}/{name}" for name in ("cfgc", "commondir", "config.worktree"))
    yield f"{repository.common_dir}/config"
