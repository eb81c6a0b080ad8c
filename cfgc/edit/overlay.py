"""A source with some files replaced in memory: what the project would be after an edit."""

from __future__ import annotations

from collections.abc import Mapping

from cfgc.external.source import absent
from cfgc.model.layers import Entry, Source


class Overlay:
    """A source that lies over another. `files` maps a path to its new content, none for a file that is gone."""

    def __init__(self, below: Source, files: Mapping[str, bytes | None]) -> None:
        self._below = below
        self._files = files

    def describe(self) -> str:
        return self._below.describe()

    def exists(self, path: str) -> bool:
        if path in self._files:
            return self._files[path] is not None
        return any(_inside(name, path) for name in self._present()) or self._below.exists(path)

    def read(self, path: str) -> bytes:
        """Raises what the source below raises, and `FileNotFoundError` for a file that is gone."""
        if path not in self._files:
            return self._below.read(path)
        content = self._files[path]
        if content is None:
            raise absent(path)
        return content

    def content_id(self, path: str) -> str:
        """The id that the source below knows, for a file that is its own."""
        return "" if path in self._files else self._below.content_id(path)

    def list(self, folder: str) -> list[Entry]:
        """The entries below a folder, in byte order. Raises `Failed` where the source below does."""
        known = {entry.path: entry for entry in self._below.list(folder) if entry.path not in self._files}
        known |= {name: Entry(name, "file") for name in self._present() if _inside(name, folder)}
        return [known[name] for name in sorted(known)]

    def _present(self) -> set[str]:
        return {name for name, content in self._files.items() if content is not None}


def _inside(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")
