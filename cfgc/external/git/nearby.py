"""A commit as a source of files, of which some are known from a comparison with a commit nearby."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from cfgc.external.git.contents import content_of
from cfgc.external.git.objects import Objects
from cfgc.external.git.sources import Revision
from cfgc.external.git.stored import Node
from cfgc.external.source import refuse_pointer
from cfgc.model.layers import Entry


class Nearby:
    """The project's files in a commit, as `Revision` gives them; no tree is read for those that are known."""

    def __init__(
        self, commit: str, known: Mapping[str, Node], objects: Objects, open_all: Callable[[], Revision]
    ) -> None:
        """`known` has files with the ids of their blobs, `open_all` gives the rest."""
        self._commit = commit
        self._known = known
        self._objects = objects
        self._open_all = open_all

    def describe(self) -> str:
        return self._commit

    def content_id(self, path: str) -> str:
        oid = self._oid(path)
        return self._all.content_id(path) if oid is None else oid

    def read(self, path: str) -> bytes:
        oid = self._oid(path)
        if oid is None:
            return self._all.read(path)
        return refuse_pointer(path, content_of(path, self._objects.get([oid])[0]))

    def exists(self, path: str) -> bool:
        return self._oid(path) is not None or self._all.exists(path)

    def list(self, folder: str) -> list[Entry]:
        return self._all.list(folder)

    def _oid(self, path: str) -> str | None:
        found = self._known.get(path)
        return found.oid if found is not None and found.kind == "file" else None

    @cached_property
    def _all(self) -> Revision:
        return self._open_all()
