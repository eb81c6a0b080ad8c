"""From a folder to the content to compile: the working tree, Git's index, or a revision."""

from __future__ import annotations

from pathlib import Path

from cfgc.model.layers import Source


def project_root(folder: Path) -> Path:
    """The nearest folder with `cfgc.yaml` or `environments/`, from `folder` upwards; `folder` when there is none."""
    start = folder.resolve()
    for place in (start, *start.parents):
        if (place / "cfgc.yaml").is_file() or (place / "environments").is_dir():
            return place
    return start


def open_source(root: Path, *, rev: str | None = None, staged: bool = False) -> Source:
    """The source below `root`; raises `Failed` for an unknown revision, and where there is no repository."""
    if rev is not None or staged:
        from cfgc.external.git.sources import Index, Revision

        return Index(root) if rev is None else Revision(root, rev)
    from cfgc.external.files import WorkTree

    return WorkTree(root)
