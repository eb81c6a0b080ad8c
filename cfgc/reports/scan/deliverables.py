"""The two files of an inventory below `reports/`: written beside and renamed, or compared."""

from __future__ import annotations

from pathlib import Path

from cfgc.edit.change import FileEdit
from cfgc.edit.write import write as write_edits
from cfgc.external.files import WorkTree
from cfgc.reports.scan.inventory import Inventory
from cfgc.reports.scan.scan import WRITTEN
from cfgc.reports.scan.views import FORMATS, render


def write(root: Path, inventory: Inventory) -> tuple[str, ...]:
    """The files that changed, both or none. Raises `Failed`, for a symbolic link in the way too."""
    edits = [FileEdit(name, old, new) for name, old, new in _files(root, inventory) if old != new]
    write_edits(root, edits)
    return tuple(edit.path for edit in edits)


def stale(root: Path, inventory: Inventory) -> tuple[str, ...]:
    """The files that are not what `write` would make them."""
    return tuple(name for name, old, new in _files(root, inventory) if old != new)


def _files(root: Path, inventory: Inventory) -> list[tuple[str, bytes | None, bytes]]:
    """Name, what it holds, what it would hold."""
    tree = WorkTree(root)
    made = {
        name: render(format_name, inventory, "../").encode() for name, format_name in zip(WRITTEN, FORMATS, strict=True)
    }
    return [(name, _content(tree, name), new) for name, new in made.items()]


def _content(tree: WorkTree, name: str) -> bytes | None:
    try:
        return tree.raw(name)
    except OSError:
        return None  # where something else is in the way, writing says what
