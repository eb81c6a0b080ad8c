"""Whether files and folders are as they were, told without opening them.

A signature is a path's change time, inode and size. The change time moves with every change of content, mode, owner or
links, and no program can set it. A folder's moves when a name in it comes or goes. So equal signatures mean equal
content, but for changes within one tick of the file system's clock: what is that young, `young` tells.
"""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import TypeAlias

Signature: TypeAlias = "tuple[int, ...]"

_SIZE = 2 * array("Q").itemsize
_ABSENT = (0, 0, 0)
_CLOCK_OF_FILES = 5
"""Linux's CLOCK_REALTIME_COARSE, which file times are taken from, and which `time` has no name for."""
_SLOWEST_TICK = 0.01
"""Seconds: of kernels whose file times have fractions of seconds."""
_WHOLE_SECONDS = 2_000_000_000
"""Nanoseconds: twice a tick of file systems that count whole seconds."""

signature = attrgetter("st_ctime_ns", "st_ino", "st_size")
_lasting = attrgetter("st_ctime_ns", "st_ino")


def signature_at(path: str | bytes) -> Signature:
    """The signature of one path itself, of a link not followed; zeros where nothing stands."""
    try:
        found: Signature = signature(os.lstat(path))
    except (OSError, ValueError):
        return _ABSENT
    return found


def signatures_at(paths: Sequence[str]) -> dict[str, Signature]:
    """The signatures of paths."""
    try:
        return dict(zip(paths, map(signature, map(os.lstat, paths)), strict=True))
    except OSError:
        return {path: signature_at(path) for path in paths}


def pack(signatures: Iterable[Signature]) -> bytes:
    """Signatures as bytes of equal length each; raises `OverflowError` for times before 1970.

    Without the size, which tells nothing more once a signature is old.
    """
    return array("Q", chain.from_iterable(found[:2] for found in signatures)).tobytes()


def replaced(packed: bytes, found: Mapping[int, Signature]) -> bytes:
    """Packed signatures with other ones at some positions."""
    words = array("Q", packed)
    for position, (changed, inode, *_) in found.items():
        words[2 * position], words[2 * position + 1] = changed, inode
    return words.tobytes()


def differing(paths: Sequence[str | bytes], known: bytes) -> list[int]:
    """The positions of the paths whose signature is not the one that `known` holds for it."""
    now = _now(paths)
    return [] if now == known else [at for at in range(len(paths)) if _at(known, at) != _at(now, at)]


def young(found: tuple[int, ...], since: int) -> bool:
    """Whether a change after the moment `since` (nanoseconds since 1970) may have left this signature as it is."""
    changed = found[0]
    return changed > since - (_two_ticks() if changed % 1_000_000_000 else _WHOLE_SECONDS)


@cache
def _two_ticks() -> int:
    """Twice the time in nanoseconds between two moments that the kernel tells apart in the times of files."""
    try:
        tick = time.clock_getres(_CLOCK_OF_FILES)
    except OSError:
        tick = _SLOWEST_TICK
    return int(2e9 * min(max(tick, 1e-3), _SLOWEST_TICK))


def _now(paths: Sequence[str | bytes]) -> bytes:
    try:
        return array("Q", chain.from_iterable(map(_lasting, map(os.lstat, paths)))).tobytes()
    except OSError:
        return pack(map(signature_at, paths))


def _at(packed: bytes, position: int) -> bytes:
    return packed[position * _SIZE : (position + 1) * _SIZE]
