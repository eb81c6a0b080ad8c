"""What a render that went well, and had nothing to say, leaves for the next one (docs/decisions/0016)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cfgc.cli.again import Entry, Here, vouching
from cfgc.cli.options import Where
from cfgc.cli.written import up_to_date
from cfgc.external.files import WorkTree
from cfgc.external.git.state import head_files
from cfgc.external.machine_key import machine_key, private_key
from cfgc.external.memory import Memory
from cfgc.external.signatures import Signature, pack, signature_at, young
from cfgc.pipeline.session import FOLDERS, Session

if TYPE_CHECKING:
    from cfgc.stages.write import Outcome


class Remembering:
    """Collects what a render depended on, and keeps it."""

    def __init__(self, place: Here, where: Where) -> None:
        self._place = place
        self._where = where
        self._began = time.time_ns()
        self._seen: dict[str, Signature] = {}
        self._written: dict[str, Signature] = {}
        self._looked = 0
        self._said = ""

    def look(self, folder: str, outcomes: Iterable[Outcome]) -> None:
        """Look at what was written. Nobody else may write meanwhile."""
        self._looked = time.time_ns()
        top = os.path.abspath(folder)
        self._written[top] = signature_at(top)
        for outcome in outcomes:
            place = f"{top}/{outcome.manifest.environment}"
            self._written[place] = signature_at(place)
            self._written.update((path, signature_at(path)) for path in _below(place))
            self._said += "" if self._where.quiet else f"{up_to_date(outcome, folder)}\n"

    def keep(self, session: Session) -> None:
        """Remember the render, where everything it depended on is a file."""
        if not self._written or not self._look_at_inputs(session):
            return
        with suppress(OSError, OverflowError):
            machine_key(self._place.keys)
            key = private_key(self._place.keys)
            if key is not None:
                self._save(self._place.memory(key))

    def _save(self, memory: Memory) -> None:
        everything = {**self._seen, **self._written}
        contents = {
            path: vouching(memory, path)
            for known, since in ((self._seen, self._began), (self._written, self._looked))
            for path, found in known.items()
            if any(found) and young(found, since)
        }
        folder = str(self._where.folder)
        entry = Entry(
            (folder, os.path.realpath(folder)), self._said, list(everything), pack(everything.values()), contents
        )
        memory.save(memory.name(self._place.facts), entry.pack())

    def _look_at_inputs(self, session: Session) -> bool:
        source = session.source
        if not isinstance(source, WorkTree):
            return False
        git = head_files(session.root)
        if git is None:
            return False
        if git.repository:  # whether a commit is clean depends on what no environment reads, too
            for folder in FOLDERS:
                for entry in source.list(folder):
                    self._add(f"{session.root}/{entry.path}")
        for path in (*git.paths, *_above(self._where.folder, session.root), *_code()):
            self._add(path)
        self._seen.update((f"{session.root}/{path}".rstrip("/"), found) for path, found in source.seen().items())
        return True

    def _add(self, path: str) -> None:
        self._seen.setdefault(path, signature_at(path))


def _below(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        for entry in found:
            yield entry.path
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path)


def _above(folder: Path, root: Path) -> Iterator[str]:
    """What would make a folder nearer than `root` the project."""
    start = folder.resolve()
    for place in (start, *start.parents):
        if place == root:
            return
        yield from (f"{place}/cfgc.yaml", f"{place}/environments")


def _code() -> Iterator[str]:
    """The code that has run: an installation is known by its folder, cfgc also by its modules."""
    yield from (path for path in sys.path if os.path.isdir(path))
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "cfgc" and (file := getattr(module, "__file__", None)):
            yield file
