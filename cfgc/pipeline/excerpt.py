"""Some of the files that are staged, as a source: what has to be looked at where only a few have changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from cfgc.external.files import WorkTree
from cfgc.external.source import LARGEST, absent, hidden, refuse_pointer, steps, unusable
from cfgc.external.staging import id_of, mode_of
from cfgc.model.layers import Entry, Source

_REGULAR = ("100644", "100755")
_LAYERS, _UNREAD = "environments", "README.md"
_AS_IT_IS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Excerpt:
    """The files of some names, and folders that are there whatever they hold.

    A file is read from the working tree where its content has the id that is staged; else Git is asked.
    """

    def __init__(self, root: Path, files: Mapping[str, bytes], folders: Sequence[str]) -> None:
        self._root = root
        self._ids = {path: id_of(file) for path, file in files.items()}
        self._folders = {above for path in self._ids for above in above_of(path)} | {*folders}
        self._entries = sorted([*self._ids, *(f"{folder}/{_UNREAD}" for folder in folders)])
        self._git: Source | None = None

    def describe(self) -> str:
        return "index"

    def exists(self, path: str) -> bool:
        return path in self._ids or path in self._folders

    def content_id(self, path: str) -> str:
        return self._ids.get(path, "")

    def list(self, folder: str) -> list[Entry]:
        """What stands for all that a folder holds beside these files is a text that nobody reads."""
        below = f"{folder}/"
        return [
            Entry(path, "file", self.content_id(path))
            for path in self._entries
            if (path == folder or path.startswith(below)) and not any(map(hidden, path[len(folder) :].split("/")))
        ]

    def read(self, path: str) -> bytes:
        """Raises `Failed` for a Git LFS pointer, and for content that this clone lacks."""
        if path not in self._ids:
            raise unusable(path, "folder") if path in self._folders else absent(path)
        content = self._present(path)
        return self._staged(path) if content is None else refuse_pointer(path, content)

    def _present(self, path: str) -> bytes | None:
        """The content of the working tree's file, if it is what is staged."""
        from cfgc.external.git import blob_id

        try:
            with open(os.open(self._root.joinpath(*steps(path)), _AS_IT_IS), "rb") as file:
                plain = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
                content = file.read(LARGEST + 1) if plain else b""
        except OSError:
            return None
        return content if len(content) <= LARGEST and blob_id(content) == self._ids[path] else None

    def _staged(self, path: str) -> bytes:
        if self._git is None:
            from cfgc.external.git.sources import Index

            self._git = Index(self._root)
        return self._git.read(path)


class Part(WorkTree):
    """A working tree of whose layer files only some are listed, since the names of all are known."""

    def __init__(self, root: Path, files: Collection[str], folders: Sequence[str]) -> None:
        super().__init__(root)
        self._listed = [Entry(path, "file") for path in sorted({*files, *(f"{each}/{_UNREAD}" for each in folders)})]

    def list(self, folder: str) -> list[Entry]:
        return self._listed if folder == _LAYERS else super().list(folder)


def is_regular(file: bytes) -> bool:
    """Whether a staged file is one that can be read."""
    return mode_of(file) in _REGULAR


def above_of(path: str) -> list[str]:
    """The folders around a path, from the outermost."""
    names = path.split("/")[:-1]
    return ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]
