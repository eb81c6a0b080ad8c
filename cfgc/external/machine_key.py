"""The key that stays on this machine: what is authenticated with it can have been written by this user here alone."""

from __future__ import annotations

import os
import stat

_BYTES = 32


def machine_key(folder: str) -> bytes:
    """The key in a folder: read, or made with mode 0600. Raises `OSError`."""
    place = f"{folder}/key"
    return _read(place) or _make(place)


def private_key(folder: str) -> bytes | None:
    """The key in a folder if it is there and nobody else could have written or read it."""
    try:
        status = os.lstat(f"{folder}/key")
        ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
        return _read(f"{folder}/key") if ours else None
    except OSError:
        return None


def _read(place: str) -> bytes | None:
    try:
        with open(place, "rb") as file:
            key = file.read(_BYTES + 1)
    except FileNotFoundError:
        return None
    return key if len(key) == _BYTES else None


def _make(place: str) -> bytes:
    os.makedirs(os.path.dirname(place), exist_ok=True, mode=0o700)
    beside = f"{place}.{os.getpid()}"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(os.urandom(_BYTES))
    os.rename(beside, place)
    return _read(place) or b""
