"""Files that a report leaves below `reports/` or `docs/`: written whole, all or none, or only compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cfgc.edit.change import FileEdit
from cfgc.edit.write import write as write_edits
from cfgc.external.files import WorkTree


def stale(root: Path, made: Mapping[str, str]) -> tuple[str, ...]:
    """The files that do not hold what was made for them; paths are relative to the root."""
    return tuple(each.path for each in _edits(root, made))


def deliver(root: Path, made: Mapping[str, str]) -> tuple[str, ...]:
    """Write what was made; the files that changed. Raises `Failed`, for a symbolic link in the way too."""
    edits = _edits(root, made)
    write_edits(root, edits)
    return tuple(each.path for each in edits)


def _edits(root: Path, made: Mapping[str, str]) -> list[FileEdit]:
    tree = WorkTree(root)
    known = ((path, _content(tree, path), text.encode()) for path, text in made.items())
    return [FileEdit(path, old, new) for path, old, new in known if old != new]


def _content(tree: WorkTree, path: str) -> bytes | None:
    try:
        return tree.raw(path)
    except OSError:
        return None  # where something else is in the way, writing says what
