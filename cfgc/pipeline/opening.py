"""From a folder to the content to compile: the working tree, Git's index, or a revision."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cfgc.model.layers import Source

if TYPE_CHECKING:
    from cfgc.diagnostics import Diagnostic


def project_root(folder: Path) -> Path:
    """The nearest folder with `cfgc.yaml` or `environments/`, from `folder` upwards; `folder` when there is none."""
    start = folder.resolve()
    for place in (start, *start.parents):
        if os.path.isfile(place / "cfgc.yaml") or os.path.isdir(place / "environments"):
            return place
    return start


def recovered(root: Path) -> list[Diagnostic]:
    """Finish or take back the move to another commit that a killed process left; what became of it, mostly nothing.

    Costs one question to the file system where nothing was left. Raises `Failed` when it cannot be done now.
    """
    if not _left_behind(root.resolve()):
        return []
    from cfgc.external.git.move import recover

    return recover(root)


def _left_behind(root: Path) -> bool:
    """Whether `.git/cfgc` is there; of a linked worktree `.git` is a file that names another folder."""
    for top in (root, *root.parents):
        try:
            os.lstat(f"{top}/.git/cfgc")
        except NotADirectoryError:
            return _left_in_worktree(top)
        except OSError:
            if os.path.lexists(f"{top}/.git"):
                return False
        else:
            return True
    return False


def _left_in_worktree(top: Path) -> bool:
    from cfgc.diagnostics import Failed
    from cfgc.external.git import locate

    try:
        return os.path.lexists(locate(top).git_dir / "cfgc")
    except Failed:
        return False


def open_source(root: Path, *, rev: str | None = None, staged: bool = False) -> Source:
    """The source below `root`; raises `Failed` for an unknown revision, and where there is no repository.

    A move that a killed process left is finished or taken back before.
    """
    recovered(root)
    if rev is not None or staged:
        from cfgc.external.git.sources import Index, Revision

        return Index(root) if rev is None else Revision(root, rev)
    from cfgc.external.files import WorkTree

    return WorkTree(root)
