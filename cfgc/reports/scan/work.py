"""Reading and examining many files, by all processors. What travels between processes is JSON-able data."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from cfgc.external.files import WorkTree
from cfgc.external.workers import side_by_side
from cfgc.reports.scan.examine import examine
from cfgc.reports.scan.inventory import Facts, Skipped
from cfgc.reports.scan.listing import Listing

LARGEST = 4 << 20
"""bytes; a larger file is named and not read"""
_AT_ONCE = 1024
_CHUNK = 64
_FEW = 128
"""so many files are read before a second process would have started"""
_OBJECTS = 200_000
_POINTER = b"version https://git-lfs.github.com/spec/"

Progress = Callable[[int, int], None]


def examine_all(
    tree: WorkTree, listing: Listing, processes: int, progress: Progress
) -> tuple[list[Facts], list[Skipped]]:
    """The facts of all candidates, and what was not read, in path order; `progress(done, all)` is told in turn."""
    with _seldom_collected():
        return _examined(tree, listing, processes, progress)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Python looks for rings of garbage after every 700 new objects; a file has thousands of leaves, and no rings."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _examined(
    tree: WorkTree, listing: Listing, processes: int, progress: Progress
) -> tuple[list[Facts], list[Skipped]]:
    paths = list(listing.candidates)
    facts: list[Facts] = []
    skipped: list[Skipped] = []
    for start in range(0, len(paths), _AT_ONCE):
        progress(start, len(paths))
        part = paths[start : start + _AT_ONCE]
        works = [partial(_look, tree, listing, part[at : at + _CHUNK]) for at in range(0, len(part), _CHUNK)]
        for answers in side_by_side(works, processes if len(part) > _FEW else 1):
            for path, reason, data in answers:
                if data is not None:
                    facts.append(Facts.from_data(data))
                elif reason:
                    skipped.append(Skipped(path, reason))
    progress(len(paths), len(paths))
    return facts, skipped


def shown_path(path: str) -> str:
    """A path as text that any stream takes: bytes that are not UTF-8 are written as escapes."""
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _look(tree: WorkTree, listing: Listing, paths: Sequence[str]) -> list[Any]:
    """Path, reason why it was not read, and facts, of each path."""
    return [(shown_path(path), *_one(tree, listing, path)) for path in paths]


def _one(tree: WorkTree, listing: Listing, path: str) -> tuple[str, list[Any] | None]:
    each = listing.candidates[path]
    try:
        reason = _refusal(tree, path)
        raw = b"" if reason else tree.raw(path)
    except FileNotFoundError:
        return "", None  # tracked and gone, or gone since it was listed
    except OSError as error:
        return "" if each.code else (error.strerror or "it cannot be read"), None
    if raw.startswith(_POINTER):
        reason = "is a pointer of Git LFS"
    if reason:
        return "" if each.code else reason, None
    facts = examine(shown_path(path), raw, each, listing.around)
    return "", facts.as_data() if facts else None


def _refusal(tree: WorkTree, path: str) -> str:
    """Why a path is not opened at all; empty for a file of ordinary size."""
    kind, size = tree.measure(path)
    if kind == "symlink":
        return "is a symbolic link, which is not followed"
    if kind != "file":
        return "is a folder" if kind == "folder" else "is no regular file"
    return f"is larger than {LARGEST >> 20} MiB: {size:,} bytes" if size > LARGEST else ""
