"""The working tree as a source of files (THREATS F01 to F03, F14).

Every folder and every file is opened relative to its parent folder's descriptor and never through a symbolic link, so
that what is read lies below the root whatever is swapped in at the same time. Only regular files are read.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from cfgc.diagnostics import Diagnostic, report
from cfgc.external.signatures import Signature, signature, signature_at
from cfgc.external.source import (
    LARGEST,
    Kind,
    absent,
    check_depth,
    hidden,
    in_order,
    refuse_pointer,
    steps,
    too_large,
    unlistable,
    unusable,
)
from cfgc.model.layers import Entry
from cfgc.model.location import start_of

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a FIFO without a writer must not hang
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_DIRECTORY
_OPEN_FOLDERS = 64


class WorkTree:
    """The files below a folder as they are now. `cfgc.model.layers.Source` says what the methods do."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: dict[str, int] = {}
        self._lock = threading.Lock()
        self._seen: dict[str, Signature] = {}
        weakref.finalize(self, _close, self._folders)

    def describe(self) -> str:
        return "working tree"

    def content_id(self, _path: str) -> str:
        return ""

    def exists(self, path: str) -> bool:
        with self._lock:
            try:
                return self._kind(path) in ("file", "folder")
            except OSError:
                self._seen.setdefault(path, signature_at(f"{self._root}/{path}"))
                return False

    def changed(self) -> list[Diagnostic]:
        """What has changed since it was read or listed (THREATS Gi7): findings, none for a tree that stood still."""
        return [
            report("changed-while-reading", at=start_of(path), file=path or ".")
            for path, then in sorted(self._seen.items())
            if then != signature_at(f"{self._root}/{path}")
        ]

    def seen(self) -> dict[str, Signature]:
        """Path -> signature of all that was read, listed or looked for, as it was then; zeros for what is absent."""
        return dict(self._seen)

    def list(self, folder: str) -> list[Entry]:
        """Raises `Failed` where a folder can't be read."""
        with self._lock:
            try:
                return in_order(folder, self._list(folder))
            except OSError as error:
                raise unlistable(error.filename or folder, error.strerror or "it is gone") from None

    def read(self, path: str) -> bytes:
        """Raises `Failed` for a Git LFS pointer."""
        return refuse_pointer(path, self.raw(path))

    def measure(self, path: str) -> tuple[Kind | Literal["folder"], int]:
        """What stands at a path, and its size in bytes. Raises `OSError`."""
        with self._lock:
            try:
                folder, name = self._parent(path)
                status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            except OSError as error:
                raise self._why_not(path, error) from None
        return _kind_of(status.st_mode), status.st_size

    def raw(self, path: str) -> bytes:
        """The content whatever it is, a Git LFS pointer too."""
        with self._lock:
            try:
                folder, name = self._parent(path)
                file = os.open(name, _FILE, dir_fd=folder)
            except OSError as error:
                raise self._why_not(path, error) from None
        try:
            return self._content(path, file)
        finally:
            os.close(file)

    def _content(self, path: str, file: int) -> bytes:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise unusable(path, _kind_of(status.st_mode))
        if status.st_size > LARGEST:
            raise too_large(path)
        content = os.read(file, status.st_size + 1)
        if len(content) > status.st_size:
            raise OSError(errno.EBUSY, "is being written to", path)
        self._seen[path] = signature(status)
        return content

    def _list(self, folder: str) -> Iterator[Entry]:
        path = ""
        try:
            for name in ["", *steps(folder)]:
                path = _join(path, name)
                kind = self._kind(path)
                if kind != "folder":
                    self._seen.setdefault(path, signature_at(f"{self._root}/{path}"))
                    if kind != "file" or path == folder:
                        yield Entry(path, kind)
                    return
        except FileNotFoundError:
            self._seen.setdefault(path, signature_at(f"{self._root}/{path}"))
            return
        yield from self._walk(folder)

    def walk(self, skip: Callable[[str], bool]) -> tuple[Entry, ...]:
        """Every entry at any depth in byte order, without what has a name to `skip`. Raises `Failed`."""
        with self._lock:
            try:
                return tuple(in_order("", self._walk("", skip)))
            except OSError as error:
                raise unlistable(error.filename or "", error.strerror or "it is gone") from None

    def _walk(self, folder: str, skip: Callable[[str], bool] = hidden) -> Iterator[Entry]:
        descriptor = self._folder(folder)
        self._seen[folder] = signature(os.fstat(descriptor))
        folders = []
        with os.scandir(descriptor) as found:
            for entry in found:
                if skip(entry.name):
                    continue
                path = _join(folder, entry.name)
                if entry.is_file(follow_symlinks=False):
                    yield Entry(path, "file")
                elif entry.is_symlink():
                    yield Entry(path, "symlink")
                elif not entry.is_dir(follow_symlinks=False):
                    yield Entry(path, "other")
                elif _is_repository(entry.name, descriptor):
                    yield Entry(path, "submodule")
                else:
                    folders.append(path)
        for path in folders:
            check_depth(path)
            yield from self._walk(path, skip)

    def _kind(self, path: str) -> Kind | Literal["folder"]:
        folder, name = self._parent(path)
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        kind = _kind_of(mode)
        return "submodule" if kind == "folder" and name != "." and _is_repository(name, folder) else kind

    def _parent(self, path: str) -> tuple[int, str]:
        """The descriptor of the folder that a path stands in, and its name there."""
        *parents, name = steps(path) or ["."]
        return self._folder("/".join(parents)), name

    def _folder(self, path: str) -> int:
        """The descriptor of a folder. Some stay open; when there are too many, all are closed."""
        known = self._folders.get(path)
        if known is not None:
            return known
        if not path:
            opened = os.open(self._root, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        else:
            parent, name = self._parent(path)
            if _is_repository(name, parent):
                raise unusable(path, "submodule")
            try:
                opened = os.open(name, _FOLDER, dir_fd=parent)
            except OSError as error:
                error.filename = path
                raise
        if len(self._folders) >= _OPEN_FOLDERS:
            _close(self._folders)
        self._folders[path] = opened
        return opened

    def _why_not(self, path: str, error: OSError) -> OSError:
        """The reason in the words that every source uses, where it lies in the first name that is no folder."""
        at = ""
        try:
            for name in steps(path):
                at = _join(at, name)
                kind = self._kind(at)
                if kind not in ("folder", "file"):
                    return unusable(at, kind)
        except OSError as deeper:
            error = deeper
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return absent(path)
        return OSError(error.errno, error.strerror, path)


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _kind_of(mode: int) -> Kind | Literal["folder"]:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "symlink" if stat.S_ISLNK(mode) else "other"


def _is_repository(name: str, folder: int) -> bool:
    try:
        os.stat(f"{name}/.git", dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True


def _close(folders: dict[str, int]) -> None:
    for descriptor in folders.values():
        os.close(descriptor)
    folders.clear()
