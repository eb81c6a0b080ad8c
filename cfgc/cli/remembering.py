"""What a render that went well, and had nothing to say, leaves for the next one (docs/decisions/0018)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cfgc.cli.again import INPUTS, Before, Entry, Group, Last, vouching
from cfgc.cli.options import Where
from cfgc.cli.surroundings import above, code
from cfgc.cli.written import up_to_date
from cfgc.external.files import WorkTree
from cfgc.external.git.state import head_files
from cfgc.external.machine_key import machine_key, private_key
from cfgc.external.memory import Memory
from cfgc.external.signatures import Signature, pack, replaced, signature_at, signatures_at, young
from cfgc.model.manifest import MANIFEST_NAME, Manifest, Revision
from cfgc.pipeline.partial import entangled
from cfgc.pipeline.session import FOLDERS, Session
from cfgc.stages.write.folder import parents

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
        self._written: dict[str, dict[str, Signature]] = {}
        self._looked = 0
        self._top = ""
        self._entangled: dict[str, list[str]] = {}
        self._sets: dict[str, Last] = dict(before.known.entry.sets) if before.known else {}

    def changed(self, session: Session, wanted: Sequence[Wanted], *, sealed: bool) -> list[Rendering] | None:
        """What has to be rendered since only that has changed; none where all of it has to be."""
        if self._known is None:
            return None
        from cfgc.pipeline import partial

        entry, changed = self._known
        found, inputs = None, changed[INPUTS]
        if entry.root == str(session.root) and not any(some for name, some in changed.items() if name != INPUTS):
            last = {
                name: partial.Last(Revision(each.revision, each.clean), each.entangled)
                for name, each in entry.sets.items()
            }
            since = partial.Since(frozenset(map(os.fsdecode, entry.groups[INPUTS].paths())), frozenset(inputs))
            self._seen.update((path, signature_at(os.path.join(session.root, path))) for path in inputs)
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
        self._top = os.path.abspath(folder)
        for outcome in outcomes:
            name, source = outcome.manifest.environment, outcome.manifest.source
            place = f"{self._top}/{name}"
            self._written[name] = signatures_at([place, *(f"{place}/{path}" for path in _inside(outcome.manifest))])
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
                self._save(session.root, self._place.memory(key))

    def _save(self, root: Path, memory: Memory) -> None:
        top = f"{root}/"
        written = {
            name: {path.removeprefix(top): one for path, one in found.items()} for name, found in self._written.items()
        }
        contents = {path: vouching(memory, path, os.path.join(root, path)) for path in self._young(written)}
        groups = {name: Group.of(found) for name, found in written.items()}
        if self._known:
            kept = self._known.entry
            groups = {**kept.groups, **groups, INPUTS: _patched(kept.groups[INPUTS], self._seen)}
            contents |= {path: code for path, code in kept.contents.items() if not self._is_new(path, top)}
        else:
            groups[INPUTS] = Group.of(self._seen)
        folder = str(self._where.folder)
        entry = Entry((folder, os.path.realpath(folder)), str(root), self._sets, groups, contents)
        memory.save(memory.name(self._place.facts), entry.pack())

    def _young(self, written: Mapping[str, Mapping[str, Signature]]) -> Iterator[str]:
        for known, since in ((self._seen, self._began), *((found, self._looked) for found in written.values())):
            yield from (path for path, found in known.items() if any(found) and young(found, since))

    def _is_new(self, path: str, top: str) -> bool:
        """Whether a path was looked at by this render, or lies in a set that it wrote."""
        places = tuple(f"{self._top}/{name}".removeprefix(top) for name in self._written)
        return path in self._seen or path in places or path.startswith(tuple(f"{place}/" for place in places))

    def _look_at_inputs(self, session: Session) -> bool:
        source = session.source
        if not isinstance(source, WorkTree):
            return False
        self._seen.update((path or ".", found) for path, found in source.seen().items())
        if self._top:
            self._seen[self._top] = signature_at(self._top)
        return self._known is not None or self._look_around(session)

    def _look_around(self, session: Session) -> bool:
        """What decides about the source and the code, beside what was read."""
        git = head_files(session.root)
        if git is None:
            return False
        if git.repository:  # whether a commit is clean depends on what no environment reads, too
            for folder in FOLDERS:
                for entry in session.source.list(folder):
                    if entry.path not in self._seen:
                        self._seen[entry.path] = signature_at(f"{session.root}/{entry.path}")
        for path in (*git.paths, *above(self._where.folder, session.root), *code()):
            self._seen.setdefault(path, signature_at(path))
        return True


def _patched(group: Group, found: Mapping[str, Signature]) -> Group:
    """A group, some of its paths as they are now, and paths that it had not."""
    places = {path: at for at, path in enumerate(group.paths())}
    now = {os.fsencode(path): one for path, one in found.items()}
    signatures = replaced(group.signatures, {places[path]: one for path, one in now.items() if path in places})
    more = {path: one for path, one in now.items() if path not in places}
    return Group(b"\0".join((group.names, *more)), signatures + pack(more.values()))


def _inside(manifest: Manifest) -> Iterator[str]:
    """Every path inside of a set: nothing else is in one."""
    files = [entry.path for entry in manifest.artifacts]
    folders = {path.rpartition("/")[0] for path in files}
    yield from (MANIFEST_NAME, *files)
    yield from {above for folder in folders if folder for above in (folder, *parents(folder))}
