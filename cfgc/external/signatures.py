"""Whether files and folders are as they were, told without opening them.

A signature is a path's change time, inode and size. The change time moves with every change of content, mode, owner or
links, and no program can set it. A folder's moves when a name in it comes or goes. So equal signatures mean equal
content, but for changes within one tick of the file system's clock: what is that young, `young` tells.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import TypeAlias

Signature: TypeAlias = "tuple[int, ...]"

_SIZE = 3 * array("Q").itemsize
_ABSENT = (0, 0, 0)
_FINE_TICK = 20_000_000
"""Nanoseconds: twice the slowest tick of a kernel whose file times have fractions of seconds."""
_COARSE_TICK = 2_000_000_000
"""The same for file systems that count whole seconds."""

signature = attrgetter("st_ctime_ns", "st_ino", "st_size")


def signature_at(path: str) -> Signature:
    """The signature of one path itself, of a link not followed; zeros where nothing stands."""
    try:
        found: Signature = signature(os.lstat(path))
    except (OSError, ValueError):
        return _ABSENT
    return found


def pack(signatures: Iterable[Signature]) -> bytes:
    """Signatures as bytes of equal length each; raises `OverflowError` for times before 1970."""
    return array("Q", chain.from_iterable(signatures)).tobytes()


def unpack(packed: bytes) -> list[Signature]:
    """The signatures that `pack` made bytes of."""
    words = iter(array("Q", packed))
    return list(zip(words, words, words, strict=True))


def differing(paths: Sequence[str], known: bytes) -> list[int]:
    """The positions of the paths whose signature is not the one that `known` holds for it."""
    now = _now(paths)
    return [] if now == known else [at for at in range(len(paths)) if _at(known, at) != _at(now, at)]


def young(found: tuple[int, ...], since: int) -> bool:
    """Whether a change after the moment `since` (nanoseconds since 1970) may have left this signature as it is."""
    changed = found[0]
    return changed > since - (_FINE_TICK if changed % 1_000_000_000 else _COARSE_TICK)


def _now(paths: Sequence[str]) -> bytes:
    try:
        return pack(map(signature, map(os.lstat, paths)))
    except OSError:
        return pack(map(signature_at, paths))


def _at(packed: bytes, position: int) -> bytes:
    return packed[position * _SIZE : (position + 1) * _SIZE]
