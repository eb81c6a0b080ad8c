"""What one run tells a later one of the same user on the same machine (THREATS X08).

An entry is a file under a name that only the holder of the key can tell, and begins with a code over that name and its
content. Whatever is not exactly what this user's key vouches for does not exist: a damaged entry, one of another key,
one that was put in the place of another. Entries are replaced in one step; the oldest go when there are too many.
"""

from __future__ import annotations

import os
from contextlib import suppress

_CODE = 32
_MOST_ENTRIES = 32
_LARGEST = 64 << 20
_MOST_BYTES = 128 << 20


class Memory:
    """The entries in a folder, under a key."""

    def __init__(self, folder: str, key: bytes) -> None:
        self._folder = folder
        self._key = key

    def name(self, facts: bytes) -> str:
        """The name of the entry about some facts."""
        return self.code(b"name", facts).hex()

    def load(self, name: str) -> bytes | None:
        """The content of an entry; none where there is none that the key vouches for."""
        try:
            with open(os.open(f"{self._folder}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
                stored = file.read(_LARGEST + 1)
        except OSError:
            return None
        code, content = stored[:_CODE], stored[_CODE:]
        return content if _same(code, self.code(name.encode(), content)) else None

    def save(self, name: str, content: bytes) -> None:
        """Keep an entry, if it can be kept: what cannot is found out anew."""
        if len(content) + _CODE > _LARGEST:
            return
        beside = f"{self._folder}/{name}.{os.getpid()}"
        with suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            with open(os.open(beside, flags, 0o600), "wb") as file:
                file.write(self.code(name.encode(), content))
                file.write(content)
            os.rename(beside, f"{self._folder}/{name}")
            self._tidy()

    def code(self, purpose: bytes, content: bytes) -> bytes:
        """What vouches for some content; different for each purpose."""
        try:
            from _blake2 import blake2b  # without OpenSSL, which `hashlib` loads for its other functions
        except ImportError:
            from hashlib import blake2b

        vouching = blake2b(len(purpose).to_bytes(8, "big"), key=self._key, digest_size=_CODE, person=b"cfgc memory")
        vouching.update(purpose)
        vouching.update(content)
        return vouching.digest()

    def _tidy(self) -> None:
        """Keep the youngest entries, as many as are allowed, and of what a killed process left nothing old."""
        with os.scandir(self._folder) as found:
            known = sorted(((entry.stat(follow_symlinks=False), entry.path) for entry in found), key=_age)
        room = _MOST_BYTES
        for number, (status, path) in enumerate(known):
            room -= status.st_size
            if number >= _MOST_ENTRIES or room < 0:
                os.unlink(path)


def _same(one: bytes, other: bytes) -> bool:
    """Whether two codes are equal, in a time that does not tell where they differ."""
    return len(one) == len(other) and not sum(left ^ right for left, right in zip(one, other, strict=True))


def _age(entry: tuple[os.stat_result, str]) -> int:
    return -entry[0].st_mtime_ns
