"""What holds for every source of files, be it the working tree, the index or a revision."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from itertools import islice
from typing import Literal, TypeAlias

from cfgc.diagnostics import Failed, report
from cfgc.model.layers import Entry
from cfgc.model.location import start_of

LARGEST = 64 << 20
"""No source reads a larger file, in bytes; what a stage accepts of a file is its own affair and less."""

Kind: TypeAlias = Literal["file", "symlink", "submodule", "other"]

MOST_ENTRIES = 1_000_000
DEEPEST = 100
"""What a listing may hold, and how deep its folders may nest: a few trees of Git's can stand for billions of files."""

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


def steps(path: str) -> list[str]:
    """The names along a project-relative path, none for the root.

    Raises `FileNotFoundError` for a path that would leave the project.
    """
    names = path.split("/") if path else []
    for name in names:
        if name in ("", ".", "..") or "\0" in name:
            raise absent(path)
    return names


def in_order(folder: str, entries: Iterable[Entry]) -> list[Entry]:
    """A listing in byte order; raises `Failed` where there is no end to it."""
    found = sorted(islice(entries, MOST_ENTRIES + 1), key=_path)
    check_size(folder, len(found))
    return found


def check_size(folder: str, count: int) -> None:
    """Raises `Failed` for a folder below which there are too many files, or too many folders."""
    if count > MOST_ENTRIES:
        raise unlistable(folder, f"it holds more than {MOST_ENTRIES} files or folders")


def check_depth(folder: str) -> None:
    """Raises `Failed` for a folder that lies too deep."""
    if folder.count("/") >= DEEPEST:
        raise unlistable(folder, f"folders nest more than {DEEPEST} deep")


def unlistable(folder: str, reason: str) -> Failed:
    return Failed(report("unreadable-folder", at=start_of(folder or "."), folder=folder or ".", reason=reason))


def _path(entry: Entry) -> str:
    return entry.path


def hidden(name: str) -> bool:
    """Whether a name is skipped by every listing (SPEC section 2)."""
    return name.startswith(".")


def absent(path: str) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, "no such file", path)


def unusable(path: str, kind: str) -> OSError:
    """Why something that is there has no content to read."""
    reasons = {"symlink": "is a symbolic link", "submodule": "is a Git submodule", "folder": "is a folder"}
    return OSError(errno.EINVAL, reasons.get(kind, "is no regular file"), path)


def too_large(path: str) -> OSError:
    return OSError(errno.EFBIG, f"is larger than {LARGEST >> 20} MiB", path)


def refuse_pointer(path: str, content: bytes) -> bytes:
    """The content as it is; raises `Failed` for the pointer that Git LFS leaves in a file's place (THREATS Gi6)."""
    if content.startswith(_LFS_POINTER):
        raise Failed(report("lfs-pointer", at=start_of(path), file=path))
    return content
