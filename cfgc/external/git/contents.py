"""The contents of files that Git holds, some read ahead: who reads one layer file soon reads the next."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import PurePosixPath

from cfgc.diagnostics import Failed, report
from cfgc.external.git.objects import AHEAD, GitObject, Objects
from cfgc.external.source import refuse_pointer, too_large
from cfgc.model.layers import Entry
from cfgc.model.location import start_of


class Contents:
    """Blobs by path and id. Listed files are fetched in the order of their paths, those of one suffix together."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._listed: dict[str, str] = {}
        self._order: list[str] = []
        self._asked: set[str] = set()
        self._waiting: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def expect(self, entries: Iterable[Entry]) -> None:
        """Note files that may be read soon."""
        self._listed.update((entry.path, entry.oid) for entry in entries if entry.kind == "file")
        self._order.clear()

    def read(self, path: str, oid: str) -> bytes:
        """The blob of a path.

        Raises `Failed` if the clone lacks it or it is a Git LFS pointer, `OSError` if it is too large.
        """
        with self._lock:
            content = self._waiting.pop(path, None)
            if content is None:
                content = self._fetch(path, oid)
        return refuse_pointer(path, content)

    def _fetch(self, path: str, oid: str) -> bytes:
        following = self._following(path)
        self._asked.update((path, *following))
        first, *others = self._objects.get([oid, *(self._listed[other] for other in following)])
        for other, found in zip(following, others, strict=False):
            if found is not None and found.content is not None:
                self._waiting[other] = found.content
        return content_of(path, first)

    def _following(self, path: str) -> list[str]:
        self._order = self._order or sorted(self._listed)
        suffix = PurePosixPath(path).suffix
        start = bisect_right(self._order, path)
        near = self._order[start : start + AHEAD - 1]
        return [other for other in near if other.endswith(suffix) and other not in self._asked]


def content_of(path: str, found: GitObject | None) -> bytes:
    """The bytes of a blob; raises `Failed` if this clone lacks it, `OSError` if it is too large."""
    if found is None or found.type != "blob":
        raise Failed(report("missing-object", at=start_of(path), file=path))
    if found.content is None:
        raise too_large(path)
    return found.content
