"""The tracked files of a working tree: what each holds, and putting another content in its place.

No filter of Git's is run. A file counts as what Git has when its bytes are the blob's, when they are so once each CRLF
is read as LF, or when they are what the blob, a Git LFS pointer, stands for. Every folder on the way is opened by its
name in the one above and never through a symbolic link (THREATS F01, F02).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import NamedTuple

from cfgc.diagnostics import Failed, report
from cfgc.external.git.blobs import Blob
from cfgc.external.git.objects import Objects
from cfgc.external.git.repository import Repository
from cfgc.external.git.state import blob_id
from cfgc.external.source import LARGEST
from cfgc.model.location import start_of

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NOTHING = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
_CHUNK = 1 << 20
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\nsize (\d+)\n"
)


class Found(NamedTuple):
    """What stands at a path: its mode, and of a regular file or a link the size and the blob id."""

    mode: int
    size: int
    oid: str


class Checkout:
    """The working tree of a repository."""

    def __init__(self, repository: Repository) -> None:
        self._top = repository.top
        self._objects = Objects(repository)
        self._modes_count = repository.ask("config", "--type=bool", "--get", "core.fileMode").stdout != b"false\n"

    def holds(self, path: str, blob: Blob | None) -> bool:
        """Whether this file stands at a path; for none, whether nothing but a folder does."""
        found = self._look(path, 40 if blob is None else len(blob.oid))
        if blob is None:
            return found is None or stat.S_ISDIR(found.mode)
        if found is None:
            return False
        if blob.mode == "160000":
            return stat.S_ISDIR(found.mode)
        if blob.mode == "120000":
            return stat.S_ISLNK(found.mode) and found.oid == blob.oid
        return stat.S_ISREG(found.mode) and self._same_mode(found, blob) and self._same_content(path, found, blob)

    def is_free(self, path: str) -> bool:
        """Whether nothing at all stands at a path, and nothing but folders on the way to it."""
        at = self._top
        for name in path.split("/"):
            at = at / name
            try:
                mode = os.lstat(at).st_mode
            except FileNotFoundError:
                return True
            if not stat.S_ISDIR(mode):
                return False
        return False

    def content(self, path: str, blob: Blob) -> bytes:
        """A blob's content; raises `Failed` where the clone lacks it, where it is too large, or is a pointer."""
        (found,) = self._objects.get([blob.oid])
        if found is None or found.type != "blob":
            raise Failed(report("missing-object", at=start_of(path), file=path))
        if found.content is None:
            raise Failed(report("unsafe-path", at=start_of(path), file=path, reason=f"exceeds {LARGEST >> 20} MiB"))
        if _POINTER.match(found.content):
            raise Failed(report("lfs-pointer", at=start_of(path), file=path))
        return found.content

    def put(self, path: str, before: Blob | None, after: Blob | None, scratch: str) -> bool:
        """Replace one state of a path by another; true when it holds `after` now.

        What is neither is left alone. `scratch` is the name of the file that the content is first written to.
        """
        if self.holds(path, after):
            return after is not None or self._prune(path)
        if not self.holds(path, before):
            return False
        if after is None:
            return self._remove(path)
        content = self.content(path, after)
        if before is not None and self._has_crlf(path, before):
            content = content.replace(b"\n", b"\r\n")
        return self._write(path, content, after.mode, scratch, fresh=before is None)

    def clear(self, path: str, scratch: str) -> None:
        """Remove the scratch file beside a path, if a process that died left one."""
        with self._parent(path) as folder, contextlib.suppress(FileNotFoundError):
            if folder is not None:
                os.unlink(scratch, dir_fd=folder)

    def _look(self, path: str, width: int) -> Found | None:
        name = path.rpartition("/")[2]
        with self._parent(path) as folder:
            if folder is None:
                return None
            try:
                status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISLNK(status.st_mode):
                    target = os.fsencode(os.readlink(name, dir_fd=folder))
                    return Found(status.st_mode, len(target), blob_id(target, _algorithm(width)))
                if not stat.S_ISREG(status.st_mode):
                    return Found(status.st_mode, 0, "")
                return _digest(os.open(name, _FILE, dir_fd=folder), width)
            except FileNotFoundError:
                return None
            except PermissionError:
                return Found(status.st_mode, 0, "")

    def _same_mode(self, found: Found, blob: Blob) -> bool:
        return not self._modes_count or bool(found.mode & stat.S_IXUSR) == (blob.mode == "100755")

    def _same_content(self, path: str, found: Found, blob: Blob) -> bool:
        if found.oid == blob.oid or not found.oid:
            return found.oid == blob.oid
        return self._is_crlf_of(path, blob) or self._is_behind_pointer(path, found, blob)

    def _has_crlf(self, path: str, blob: Blob) -> bool:
        found = self._look(path, len(blob.oid))
        return found is not None and found.oid != blob.oid and self._is_crlf_of(path, blob)

    def _is_crlf_of(self, path: str, blob: Blob) -> bool:
        content = self._read(path)
        algorithm = _algorithm(len(blob.oid))
        return b"\r\n" in content and blob_id(content.replace(b"\r\n", b"\n"), algorithm) == blob.oid

    def _is_behind_pointer(self, path: str, found: Found, blob: Blob) -> bool:
        (pointer,) = self._objects.get([blob.oid])
        if pointer is None or pointer.content is None or not (meant := _POINTER.fullmatch(pointer.content)):
            return False
        with self._opened(path) as file:
            return int(meant[2]) == found.size and hashlib.file_digest(file, "sha256").hexdigest() == meant[1].decode()

    def _read(self, path: str) -> bytes:
        """The content of a regular file, nothing for one that is too large to be text."""
        with self._opened(path) as file:
            return file.read() if os.fstat(file.fileno()).st_size <= LARGEST else b""

    @contextmanager
    def _opened(self, path: str) -> Iterator[BufferedReader]:
        with self._parent(path) as folder:
            if folder is None:
                raise FileNotFoundError(errno.ENOENT, "is gone", path)
            with open(os.open(path.rpartition("/")[2], _FILE, dir_fd=folder), "rb") as file:
                yield file

    def _write(self, path: str, content: bytes, mode: str, scratch: str, *, fresh: bool) -> bool:
        """Write beside, then rename; a path that was free is only taken while it still is."""
        name = path.rpartition("/")[2]
        with self._parent(path, make=True) as folder:
            assert folder is not None
            permissions = 0o777 if mode == "100755" else 0o666
            with open(os.open(scratch, _NEW, permissions, dir_fd=folder), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                if fresh:
                    os.link(scratch, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
                    os.unlink(scratch, dir_fd=folder)
                else:
                    os.rename(scratch, name, src_dir_fd=folder, dst_dir_fd=folder)
            except (FileExistsError, IsADirectoryError):
                os.unlink(scratch, dir_fd=folder)
                return False
        return True

    def _remove(self, path: str) -> bool:
        with self._parent(path) as folder:
            os.unlink(path.rpartition("/")[2], dir_fd=folder)
        return self._prune(path)

    def _prune(self, path: str) -> bool:
        """Remove the folders on the way to a path that is gone, as far as they are empty."""
        above = path.rpartition("/")[0]
        while above:
            with self._parent(above) as folder:
                if folder is not None and not _rmdir(folder, above.rpartition("/")[2]):
                    return True
            above = above.rpartition("/")[0]
        return True

    @contextmanager
    def _parent(self, path: str, *, make: bool = False) -> Iterator[int | None]:
        """The descriptor of the folder that a path stands in; none where there is no such folder."""
        folder = os.open(self._top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in path.split("/")[:-1]:
                inner = _step(folder, name, make=make)
                os.close(folder)
                folder = inner
                if folder < 0:
                    break
            yield folder if folder >= 0 else None
        finally:
            if folder >= 0:
                os.close(folder)


def _step(folder: int, name: str, *, make: bool) -> int:
    """The descriptor of a folder's folder, -1 where there is none."""
    if make:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
    try:
        return os.open(name, _FOLDER, dir_fd=folder)
    except OSError as error:
        if error.errno not in _NOTHING or make:
            raise
        return -1


def _rmdir(folder: int, name: str) -> bool:
    """Remove an empty folder; false when it is not, true when there is none."""
    try:
        os.rmdir(name, dir_fd=folder)
    except OSError as error:
        return error.errno in _NOTHING
    return True


def _digest(descriptor: int, width: int) -> Found:
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        digest = hashlib.new(_algorithm(width), b"blob %d\0" % status.st_size, usedforsecurity=False)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        return Found(status.st_mode, status.st_size, digest.hexdigest())


def _algorithm(width: int) -> str:
    return "sha1" if width == 40 else "sha256"
