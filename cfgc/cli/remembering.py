"""What a render that went well, and had nothing to say, leaves for the next one (docs/decisions/0018)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cfgc.cli.again import Before, Entry, Last, vouching
from cfgc.cli.options import Where
from cfgc.cli.written import up_to_date
from cfgc.external.files import WorkTree
from cfgc.external.git.state import head_files
from cfgc.external.machine_key import machine_key, private_key
from cfgc.external.memory import Memory
from cfgc.external.signatures import Signature, pack, signature_at, unpack, young
from cfgc.model.manifest import Revision
from cfgc.pipeline.partial import entangled
from cfgc.pipeline.session import FOLDERS, Session

if TYPE_CHECKING:
    from cfgc.pipeline.render import Rendering
    from cfgc.pipeline.wanted import Wanted
    from cfgc.stages.write import Outcome


class Remembering:
    """What is known of the last render with the same words, and what is collected of this one to be kept."""

    def __init__(self, before: Before, where: Where) -> None:
        self._place = before.place
        self._known = before.known
        self._where = where
        self._began = time.time_ns()
        self._seen: dict[str, Signature] = {}
        self._written: dict[str, Signature] = {}
        self._looked = 0
        self._places: list[str] = []
        self._entangled: dict[str, list[str]] = {}
        self._sets: dict[str, Last] = dict(before.known.entry.sets) if before.known else {}

    def changed(self, session: Session, wanted: Sequence[Wanted], *, sealed: bool) -> list[Rendering] | None:
        """What has to be rendered since only that has changed; none where all of it has to be."""
        if self._known is None:
            return None
        from cfgc.pipeline import partial

        entry, changed = self._known
        self._seen.update((path, signature_at(path)) for path in changed)
        top = f"{session.root}/"
        since = partial.Since(
            {path.removeprefix(top) for path in entry.paths}, {path.removeprefix(top) for path in changed}
        )
        last = {
            name: partial.Last(Revision(each.revision, each.clean), each.entangled) for name, each in entry.sets.items()
        }
        found = partial.render_changed(session, wanted, last, since, sealed=sealed)
        if found is None:
            self._known, self._sets, self._seen = None, {}, {}
        return found

    def said(self) -> dict[str, str]:
        """What is said of the sets that stand as they were."""
        return {name: last.said for name, last in self._known.entry.sets.items()} if self._known else {}

    def look(self, folder: str, outcomes: Iterable[Outcome]) -> None:
        """Look at what was written. Nobody else may write meanwhile."""
        self._looked = time.time_ns()
        top = os.path.abspath(folder)
        self._written[top] = signature_at(top)
        for outcome in outcomes:
            name, source = outcome.manifest.environment, outcome.manifest.source
            place = f"{top}/{name}"
            self._places.append(place)
            self._written[place] = signature_at(place)
            self._written.update((path, signature_at(path)) for path in _below(place))
            said = "" if self._where.quiet else f"{up_to_date(outcome, folder)}\n"
            entangled = self._sets[name].entangled if name in self._sets else []
            self._sets[name] = Last(source.id, source.clean, entangled, said)

    def note(self, session: Session, rendering: Rendering) -> None:
        """Look at what an environment's components depended on, while its compilation is there to be asked."""
        self._entangled[rendering.compiled.environment.name] = entangled(session, rendering.compiled)

    def keep(self, session: Session) -> None:
        """Remember the render, where everything it depended on is a file."""
        if not self._look_at_inputs(session):
            return
        for name, found in self._entangled.items():
            last = self._sets[name]
            self._sets[name] = last._replace(entangled=sorted({*last.entangled, *found}))
        with suppress(OSError, OverflowError):
            machine_key(self._place.keys)
            key = private_key(self._place.keys)
            if key is not None:
                self._save(self._place.memory(key))

    def _save(self, memory: Memory) -> None:
        found = {**self._seen, **self._written}
        contents = {path: vouching(memory, path) for path in self._young()}
        if self._known:
            entry = self._known.entry
            replaced = tuple(f"{place}/" for place in self._places)
            old = zip(entry.paths, unpack(entry.signatures), strict=True)
            kept = {path: one for path, one in old if path not in found and not path.startswith(replaced)}
            found.update(kept)
            contents.update((path, code) for path, code in entry.contents.items() if path in kept)
        folder = str(self._where.folder)
        entry = Entry((folder, os.path.realpath(folder)), self._sets, list(found), pack(found.values()), contents)
        memory.save(memory.name(self._place.facts), entry.pack())

    def _young(self) -> Iterator[str]:
        for known, since in ((self._seen, self._began), (self._written, self._looked)):
            yield from (path for path, found in known.items() if any(found) and young(found, since))

    def _look_at_inputs(self, session: Session) -> bool:
        source = session.source
        if not isinstance(source, WorkTree):
            return False
        self._seen.update((f"{session.root}/{path}".rstrip("/"), found) for path, found in source.seen().items())
        return self._known is not None or self._look_around(session)

    def _look_around(self, session: Session) -> bool:
        """What decides about the source and the code, beside what was read."""
        git = head_files(session.root)
        if git is None:
            return False
        if git.repository:  # whether a commit is clean depends on what no environment reads, too
            for folder in FOLDERS:
                for entry in session.source.list(folder):
                    self._add(f"{session.root}/{entry.path}")
        for path in (*git.paths, *_above(self._where.folder, session.root), *_code()):
            self._add(path)
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
