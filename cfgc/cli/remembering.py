"""What a render that went well, and had nothing to say, leaves for the next one (docs/decisions/0018)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cfgc.cli.again import INPUTS, Before, Entry, Group, Here, Last, vouching
from cfgc.cli.options import Where
from cfgc.cli.surroundings import above, code
from cfgc.cli.written import up_to_date
from cfgc.external.files import WorkTree
from cfgc.external.git.state import head_files
from cfgc.external.machine_key import machine_key, private_key
from cfgc.external.memory import Memory
from cfgc.external.signatures import Signature, pack, replaced, signature_at, signatures_at, young
from cfgc.external.source import hidden
from cfgc.model.manifest import MANIFEST_NAME, Manifest, Revision
from cfgc.pipeline.partial import entangled
from cfgc.pipeline.session import FOLDERS, Session
from cfgc.stages.write.folder import parents

if TYPE_CHECKING:
    from cfgc.pipeline.render import Rendering
    from cfgc.pipeline.wanted import Wanted
    from cfgc.stages.write import Outcome


_PARTS = b"parts"
_LARGE = 1_000
"""Layer files from which on it pays to know which of them are about a component."""


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
        self._needs: set[tuple[str, str]] = set()
        self._part: Session | None = None
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
            self._seen.update((path, signature_at(os.path.join(session.root, path))) for path in inputs)
            self._part = self._part_of(entry, inputs)
            if self._part:
                files = [path for path in inputs if not os.path.isdir(session.root / path)]
                found = partial.render_part(self._part, wanted, last, files, sealed=sealed)
            else:
                since = partial.Since(frozenset(map(os.fsdecode, entry.groups[INPUTS].paths())), frozenset(inputs))
                found = partial.render_changed(session, wanted, last, since, sealed=sealed)
        if found is None:
            self._known, self._part, self._sets, self._seen = None, None, {}, {}
        return found

    def _part_of(self, entry: Entry, changed: Sequence[str]) -> Session | None:
        """A session over few layer files, where it is known which they are, and no name came or went."""
        key = private_key(self._place.keys) if entry.parts else None
        memory = _memory_of_parts(self._place, key) if key else None
        stored = memory.load(memory.name(self._place.facts)) if memory else None
        if memory is None or stored is None or memory.code(_PARTS, stored).hex() != entry.parts:
            return None
        from cfgc.pipeline.untouched import loaded, part_of

        root = Path(entry.root)
        folders = {path for path in changed if os.path.isdir(root / path)}
        files = [path for path in changed if path not in folders]
        return part_of(root, loaded(stored), files) if files and _same_names(entry, folders) else None

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
        session = self._part or session
        self._entangled[rendering.compiled.environment.name] = entangled(session, rendering.compiled)
        if self._known is None and _is_large(session):
            from cfgc.pipeline.checked import needs_of

            self._needs |= needs_of(rendering.compiled)

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
                parts = self._parts(session, _memory_of_parts(self._place, key))
                self._save(session.root, self._place.memory(key), parts)

    def _parts(self, session: Session, memory: Memory) -> str:
        """Keep which file is about which component, where the next render profits; what vouches for that."""
        if self._known is not None:
            return self._known.entry.parts if self._part else ""
        if not _is_large(session):
            return ""
        from cfgc.pipeline.checked import known_by_name
        from cfgc.pipeline.untouched import dumped

        try:
            known = dumped(known_by_name(session, list(self._sets), self._needs))
        except ValueError:
            return ""
        memory.save(memory.name(self._place.facts), known)
        return memory.code(_PARTS, known).hex()

    def _save(self, root: Path, memory: Memory, parts: str) -> None:
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
        entry = Entry((folder, os.path.realpath(folder)), str(root), parts, self._sets, groups, contents)
        memory.save(memory.name(self._place.facts), entry.pack())

    def _young(self, written: Mapping[str, Mapping[str, Signature]]) -> Iterator[str]:
        for known, since in ((self._seen, self._began), *((found, self._looked) for found in written.values())):
            yield from (path for path, found in known.items() if any(found) and young(found, since))

    def _is_new(self, path: str, top: str) -> bool:
        """Whether a path was looked at by this render, or lies in a set that it wrote."""
        places = tuple(f"{self._top}/{name}".removeprefix(top) for name in self._written)
        return path in self._seen or path in places or path.startswith(tuple(f"{place}/" for place in places))

    def _look_at_inputs(self, session: Session) -> bool:
        source = (self._part or session).source
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


def _memory_of_parts(place: Here, key: bytes) -> Memory:
    return place._replace(entries=f"{os.path.dirname(place.entries)}/parts").memory(key)


def _is_large(session: Session) -> bool:
    return sum(map(len, session.project.files.values())) >= _LARGE


def _same_names(entry: Entry, folders: Iterable[str]) -> bool:
    """Whether folders hold what was remembered to be in them, whatever was written there meanwhile."""
    places = {folder: set[str]() for folder in folders}
    for path in map(os.fsdecode, entry.groups[INPUTS].paths() if places else ()):
        above, _, name = path.rpartition("/")
        if above in places:
            places[above].add(name)
    return all(
        names == {name for name in os.listdir(os.path.join(entry.root, folder)) if not hidden(name)}
        for folder, names in places.items()
    )


def _inside(manifest: Manifest) -> Iterator[str]:
    """Every path inside of a set: nothing else is in one."""
    files = [entry.path for entry in manifest.artifacts]
    folders = {path.rpartition("/")[0] for path in files}
    yield from (MANIFEST_NAME, *files)
    yield from {above for folder in folders if folder for above in (folder, *parents(folder))}
