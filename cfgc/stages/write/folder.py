"""The output folder, held by a file descriptor: every name below is opened relative to it and no link is followed.

Names that belong to cfgc beside `ENV`: `.ENV.next` (a set being staged), `.ENV.previous` (the set before),
`.ENV.set-N` (generations, only where folders cannot be exchanged), `.ENV.state`, `.cfgc.lock`.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from types import TracebackType

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_RENAME_EXCHANGE = 2
_FOLDER_MODE = 0o755


class Folder:
    """One folder, open. All methods take single names and raise `OSError` with the name in it."""

    def __init__(self, descriptor: int, path: str) -> None:
        self.descriptor = descriptor
        self.path = path

    @classmethod
    def open(cls, path: str, *, create: bool = False) -> Folder:
        """The folder at `path`; its last component may be no link."""
        if create:
            os.makedirs(path, mode=_FOLDER_MODE, exist_ok=True)
        return cls(os.open(path, _FOLDER), path)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        os.close(self.descriptor)

    def inside(self, name: str) -> Folder:
        """The folder `name` in this one."""
        return Folder(os.open(name, _FOLDER, dir_fd=self.descriptor), f"{self.path}/{name}")

    def make(self, name: str) -> Folder:
        """A new folder, mode 0755 whatever the umask."""
        os.mkdir(name, mode=_FOLDER_MODE, dir_fd=self.descriptor)
        made = self.inside(name)
        os.fchmod(made.descriptor, _FOLDER_MODE)
        return made

    def write_new(self, name: str, content: bytes, mode: int) -> None:
        """A new file with exactly this mode from its first byte."""
        descriptor = os.open(name, _NEW_FILE, mode, dir_fd=self.descriptor)
        try:
            os.fchmod(descriptor, mode)
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
        finally:
            os.close(descriptor)

    def replace_file(self, name: str, content: bytes, mode: int) -> None:
        """Write beside, then rename."""
        beside = f"{name}.new"
        self.remove(beside)
        self.write_new(beside, content, mode)
        os.rename(beside, name, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def read(self, name: str) -> bytes | None:
        """A regular file's content; none when there is no such file or it is something else."""
        try:
            descriptor = os.open(name, _READ, dir_fd=self.descriptor)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
                return None
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return None
        with open(descriptor, "rb") as file:
            return file.read()

    def mode(self, name: str) -> int | None:
        """The permission bits of a name; none when it does not exist."""
        try:
            return stat.S_IMODE(os.stat(name, dir_fd=self.descriptor, follow_symlinks=False).st_mode)
        except FileNotFoundError:
            return None

    def kind(self, name: str) -> str | None:
        """`folder`, `link`, `other`, or none."""
        try:
            mode = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return None
        return "folder" if stat.S_ISDIR(mode) else "link" if stat.S_ISLNK(mode) else "other"

    def names(self) -> list[str]:
        """What the folder holds, sorted."""
        return sorted(os.listdir(self.descriptor))

    def remove(self, name: str) -> None:
        """Remove a file or a whole folder, if there is one; never through a link."""
        kind = self.kind(name)
        if kind == "folder":
            self._remove_folder(name)
        elif kind is not None:
            os.unlink(name, dir_fd=self.descriptor)

    def _remove_folder(self, name: str) -> None:
        try:
            os.rmdir(name, dir_fd=self.descriptor)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            import shutil

            shutil.rmtree(name, dir_fd=self.descriptor)

    def rename(self, old: str, new: str) -> None:
        os.rename(old, new, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def exchange(self, one: str, other: str) -> None:
        """Exchange two names in one system call; raises `OSError` with ENOSYS where the system has none."""
        _exchange(self.descriptor, one, other)

    def link_to(self, target: str, name: str) -> None:
        """Make `name` a symbolic link to `target`, replacing one in a single rename."""
        beside = f"{name}.new"
        self.remove(beside)
        os.symlink(target, beside, dir_fd=self.descriptor)
        self.rename(beside, name)


def files_below(folder: Folder, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Every path below a folder, relative to it, with whether it is a regular file; folders only when empty."""
    names = folder.names()
    if not names and prefix:
        yield prefix.rstrip("/"), False
    for name in names:
        mode = os.stat(name, dir_fd=folder.descriptor, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            with folder.inside(name) as inner:
                yield from files_below(inner, f"{prefix}{name}/")
        else:
            yield prefix + name, stat.S_ISREG(mode)


def is_folder(folder: Folder, path: str) -> bool:
    """Whether a path that `files_below` gave is an empty folder, and not a link or anything else."""
    return stat.S_ISDIR(os.stat(path, dir_fd=folder.descriptor, follow_symlinks=False).st_mode)


def parents(path: str) -> set[str]:
    """The folders on the way to a path: `a/b/c` -> `a`, `a/b`."""
    parts = path.split("/")
    return {"/".join(parts[:depth]) for depth in range(1, len(parts))}


def _exchange(descriptor: int, one: str, other: str) -> None:
    import ctypes
    import sys

    library = ctypes.CDLL(None, use_errno=True)
    call = getattr(library, "renameatx_np" if sys.platform == "darwin" else "renameat2", None)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if call(descriptor, os.fsencode(one), descriptor, os.fsencode(other), _RENAME_EXCHANGE) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), one)


CANNOT_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})
"""What systems and file systems without an exchange answer."""
