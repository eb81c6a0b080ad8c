"""A source of files in memory, for stages that are given one."""

from __future__ import annotations

from collections.abc import Mapping
from errno import ENOENT

from cfgc.model.layers import Entry


class Memory:
    """Files by their project-relative paths; `links` are symbolic links, `opened` is what was read, in order."""

    def __init__(self, files: Mapping[str, str | bytes], links: tuple[str, ...] = ()) -> None:
        self.files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self.links = links
        self.opened: list[str] = []

    def list(self, folder: str) -> list[Entry]:
        entries = [Entry(path, "file") for path in self.files] + [Entry(path, "symlink") for path in self.links]
        return sorted(entry for entry in entries if not folder or entry.path.startswith(f"{folder}/"))

    def read(self, path: str) -> bytes:
        self.opened.append(path)
        if path not in self.files:
            raise FileNotFoundError(ENOENT, "no such file", path)
        return self.files[path]

    def exists(self, path: str) -> bool:
        return any(file == path or file.startswith(f"{path}/") for file in (*self.files, *self.links))

    def describe(self) -> str:
        return "working tree"

    def content_id(self, _path: str) -> str:
        return ""
