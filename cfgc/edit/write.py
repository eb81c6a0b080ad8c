"""Edits onto the disk: all of them or none (THREATS F01 to F03).

Every folder is opened relative to its parent's descriptor and never through a symbolic link. A file is written beside
the old one, with its mode, and renamed over it; files that were written before another failed are put back.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from cfgc.diagnostics import Failed, report
from cfgc.edit.change import FileEdit
from cfgc.external.source import steps
from cfgc.model.location import start_of

_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_DIRECTORY
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MODE = 0o644


class _Staged(NamedTuple):
    """An edit whose new content lies beside its file; `mode` is that of the old file."""

    edit: FileEdit
    folder: int
    name: str
    beside: str
    mode: int


def write(root: Path, edits: Sequence[FileEdit]) -> None:
    """Make the edits below a folder. Raises `Failed`, and then no file is changed.

    So it is when a file is not what the edit was made from, or is no regular file of the project's own.
    """
    with _opened() as folders:
        staged: list[_Staged] = []
        done: list[_Staged] = []
        try:
            for edit in edits:
                with _explained(edit):
                    staged.append(_stage(root, edit, folders))
            for one in staged:
                with _explained(one.edit):
                    _exchange(one)
                done.append(one)
        except BaseException:
            for one in reversed(done):
                _put_back(one)
            raise
        finally:
            for one in staged:
                with suppress(OSError):
                    os.unlink(one.beside, dir_fd=one.folder)
    for edit in edits:
        if edit.new is None:
            _prune(root, edit.path)


def _stage(root: Path, edit: FileEdit, folders: list[int]) -> _Staged:
    *parents, name = steps(edit.path)
    folder = _descend(root, parents, folders, create=edit.new is not None)
    mode = _check(edit, folder, name)
    beside = f".{name}.cfgc-{os.getpid()}"
    if edit.new is not None:
        _content(folder, beside, edit.new, mode)
    return _Staged(edit, folder, name, beside, mode)


def _descend(root: Path, parents: Sequence[str], folders: list[int], *, create: bool) -> int:
    """The descriptor of a folder; it is made where it is missing."""
    folders.append(os.open(root, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY))
    for parent in parents:
        if create:
            with suppress(FileExistsError):
                os.mkdir(parent, dir_fd=folders[-1])
        folders.append(os.open(parent, _FOLDER, dir_fd=folders[-1]))
    return folders[-1]


def _check(edit: FileEdit, folder: int, name: str) -> int:
    """The mode of the file as it stands; raises `Failed` where it is not what was read."""
    try:
        file = os.open(name, _READ, dir_fd=folder)
    except FileNotFoundError:
        if edit.old is not None:
            raise _changed(edit) from None
        return _MODE
    try:
        status = os.fstat(file)
        if edit.old is None or not stat.S_ISREG(status.st_mode) or _read(file, status.st_size) != edit.old:
            raise _changed(edit)
        return stat.S_IMODE(status.st_mode)
    finally:
        os.close(file)


def _read(file: int, size: int) -> bytes:
    return os.read(file, size + 1)


def _content(folder: int, name: str, content: bytes, mode: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)  # left by a killed process of the same number
    with os.fdopen(os.open(name, _NEW, 0o600, dir_fd=folder), "wb") as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _exchange(one: _Staged) -> None:
    if one.edit.new is None:
        os.unlink(one.name, dir_fd=one.folder)
    else:
        os.rename(one.beside, one.name, src_dir_fd=one.folder, dst_dir_fd=one.folder)
    os.fsync(one.folder)


def _put_back(one: _Staged) -> None:
    with suppress(OSError):
        if one.edit.old is None:
            os.unlink(one.name, dir_fd=one.folder)
        else:
            _content(one.folder, one.beside, one.edit.old, one.mode)
            os.rename(one.beside, one.name, src_dir_fd=one.folder, dst_dir_fd=one.folder)


def _prune(root: Path, path: str) -> None:
    """Remove the folders that a file left empty, up to that of all layers."""
    for parent in list(Path(path).parents)[:-2]:
        try:
            with _opened() as folders:
                above = _descend(root, parent.parent.parts, folders, create=False)
                os.rmdir(parent.name, dir_fd=above)
        except OSError:
            return


@contextmanager
def _opened() -> Iterator[list[int]]:
    folders: list[int] = []
    try:
        yield folders
    finally:
        for folder in folders:
            os.close(folder)


@contextmanager
def _explained(edit: FileEdit) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = "a symbolic link or no folder is in the way" if _is_link(error) else error.strerror or "it failed"
        raise Failed(report("edit-not-written", at=start_of(edit.path), file=edit.path, reason=reason)) from None


def _is_link(error: OSError) -> bool:
    import errno

    return error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK)


def _changed(edit: FileEdit) -> Failed:
    reason = "it is not what it was when it was read"
    return Failed(report("edit-not-written", at=start_of(edit.path), file=edit.path, reason=reason))
