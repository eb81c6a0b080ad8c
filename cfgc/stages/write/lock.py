"""One writer at a time: an advisory lock that the kernel releases with its holder (THREATS K01, K02)."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cfgc.diagnostics import Failed
from cfgc.stages.write.finding import about
from cfgc.stages.write.folder import Folder

LOCK_NAME = ".cfgc.lock"
_PAUSE = 0.05


@contextmanager
def locked(folder: Folder, wait: float) -> Iterator[None]:
    """Hold the folder's lock; raises `Failed` when another process keeps it for longer than `wait` seconds."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(LOCK_NAME, flags, 0o644, dir_fd=folder.descriptor)
    try:
        _acquire(descriptor, folder, wait)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, folder: Folder, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
                place = f"{folder.path}/{LOCK_NAME}"
                raise Failed(about("output-locked", place, folder=folder.path, holder=holder or "?")) from None
            time.sleep(_PAUSE)
        else:
            return
