"""What is staged, read from Git's index file itself: without a process, and without an object for each name.

Only plain indexes are read: version 2, ids of 20 bytes, not split, not sparse, without a conflict or a file that is
only intended to be added. Of any other one nothing is said, and whoever asks has Git read it.

Source: gitformat-index(5).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

_HEADER, _CHECKSUM = 12, 20
_VERSION = b"DIRC\0\0\0\2"
_MODE, _FLAGS, _NAME = 24, 60, 62
"""Where these stand in an entry, in bytes; the id stands before the flags."""
_UNUSUAL = 0x70
"""Flags of entries that are in conflict, or extended."""
_FIXED = _NAME - _MODE
"""Bytes of a staged file before its name."""


def staged_files(index: str, folder: str) -> list[bytes] | None:
    """Each staged file below a folder (an empty one: all), in Git's order; none for an index of another kind.

    A file is its entry from the mode on: what was known of the working tree's file stands there too. Names are relative
    to the top of the working tree. Raises `OSError`.
    """
    with open(index, "rb") as file:
        raw = file.read()
    if not raw.startswith(_VERSION):
        return None
    try:
        found, end = _files(raw, int.from_bytes(raw[8:_HEADER], "big"))
    except (IndexError, ValueError):
        return None
    if not _all_optional(raw, end):
        return None
    above = f"{folder}/".encode("utf-8", "surrogateescape")
    return [each for each in found if each.startswith(above, _FIXED)] if folder else found


def changed_names(before: bytes, now: list[bytes]) -> list[bytes]:
    """The names of what is staged otherwise than `before`, which is what `staged_files` gave then, joined."""
    joined = b"".join(now)
    if joined == before:
        return []
    ends, count, shift = [0, *accumulate(map(len, now))], len(now), len(before) - len(joined)
    first, end = 0, count
    while first < end:
        middle = (first + end + 1) // 2
        same = before.startswith(joined[ends[first] : ends[middle]], ends[first])
        first, end = (middle, end) if same else (first, middle - 1)
    last, end = (
        count,
        max(first, next((at for at in range(first, count + 1) if ends[at] + shift >= ends[first]), count)),
    )
    while end < last:
        middle = (end + last) // 2
        same = before.startswith(joined[ends[middle] : ends[last]], ends[middle] + shift)
        end, last = (end, middle) if same else (middle + 1, last)
    then = set(map(_content, _split(before[ends[first] : ends[last] + shift])))
    return sorted({each[24:-1] for each in then.symmetric_difference(map(_content, now[first:last]))})


def file_named(files: list[bytes], name: bytes) -> bytes | None:
    """The staged file of a name."""
    at = bisect_left(files, name, key=name_of)
    return files[at] if at < len(files) and name_of(files[at]) == name else None


def name_of(file: bytes) -> bytes:
    """The name of a staged file."""
    return file[_FIXED:-1]


def mode_of(file: bytes) -> str:
    """The mode of a staged file, as Git writes it."""
    return f"{int.from_bytes(file[:4], 'big'):o}"


def id_of(file: bytes) -> str:
    """The blob id of a staged file."""
    return file[16:36].hex()


def _content(file: bytes) -> bytes:
    """What of a staged file the next commit will hold."""
    return file[:4] + file[16:36] + file[_FIXED:]


def _files(raw: bytes, count: int) -> tuple[list[bytes], int]:
    """The files of so many entries, and where these end. Raises `ValueError` or `IndexError` for another index."""
    at, found, find = _HEADER, [], raw.index
    for _ in range(count):
        if raw[at + 60] & _UNUSUAL:
            raise ValueError
        end = find(b"\0", at + 62)
        found.append(raw[at + 24 : end + 1])
        at += end - at + 8 & ~7
    if at > len(raw) - _CHECKSUM:
        raise ValueError
    return found, at


def _all_optional(raw: bytes, at: int) -> bool:
    """Whether what follows the entries can be done without: what can't has a name that begins with a small letter."""
    while at < len(raw) - _CHECKSUM:
        if not raw[at : at + 1].isupper():
            return False
        at += 8 + int.from_bytes(raw[at + 4 : at + 8], "big")
    return at == len(raw) - _CHECKSUM


def _split(files: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(files):
        end = files.index(b"\0", at + _FIXED) + 1
        yield files[at:end]
        at = end
