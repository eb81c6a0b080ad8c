"""A render whose every input and output is as it was after the last one need not be done again (docs/decisions/0018).

What a render remembers under its own command line: the signatures of all that it read, looked for and wrote, and what a
render says that finds everything up to date. Nothing else: no value, no finding, no content. This module is imported
before any other room, so it imports none but the two doors that it needs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple

from cfgc import __version__
from cfgc.external.memory import Memory
from cfgc.external.signatures import Signature, differing, pack

_VARIABLES = ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "GNUPGHOME")
_PREFIXES = ("SOPS_", "XDG_", "CFGC_", "PYTHON")
_OF_NO_BYTE = "CFGC_TRACE"
_AT_ONCE = 1024
"""Paths that make one work."""
_WORTH = 10_000
"""Paths from which on workers pay."""
_BOOT = "/proc/sys/kernel/random/boot_id"


INPUTS = ""
"""The group of what was read, listed or looked for."""


class Last(NamedTuple):
    """What is remembered of one set: its source, the components that more depends on, and what is said of it."""

    revision: str
    clean: bool
    entangled: list[str]
    said: str


class Group(NamedTuple):
    """Paths, and their signatures in the same order. A path below the project's folder is relative to it."""

    names: bytes
    signatures: bytes

    @classmethod
    def of(cls, found: Mapping[str, Signature]) -> Group:
        """What is absent comes last: it is looked at by itself."""
        names = sorted(found, key=lambda name: not any(found[name]))
        return cls(b"\0".join(map(os.fsencode, names)), pack(found[name] for name in names))

    def paths(self) -> list[bytes]:
        return self.names.split(b"\0") if self.names else []


class Entry(NamedTuple):
    """What is remembered of a render.

    `folder` is the folder that the command line names, as it is written and as it really is, `root` the project's.
    `parts` vouches for the memory of which file is about which component, if there is one. `groups` are the `INPUTS`,
    and the sets by their environments. `contents` holds what vouches for the content of those paths that were too young
    for their signatures to be enough.
    """

    folder: tuple[str, str]
    root: str
    parts: str
    sets: dict[str, Last]
    groups: dict[str, Group]
    contents: dict[str, str]

    def pack(self) -> bytes:
        import json

        sizes = {name: [len(part) for part in group] for name, group in self.groups.items()}
        head = json.dumps([*self.folder, self.root, self.parts, self.sets, self.contents, sizes]).encode()
        parts = (part for group in self.groups.values() for part in group)
        return b"".join((len(head).to_bytes(4, "big"), head, *parts))

    @classmethod
    def unpack(cls, packed: bytes) -> Entry:
        """The entry that bytes hold, which this very version of cfgc has packed."""
        import json

        at = 4 + int.from_bytes(packed[:4], "big")
        written, real, root, parts, sets, contents, sizes = json.loads(packed[4:at])
        groups = {}
        for group, (names, signatures) in sizes.items():
            groups[group] = Group(packed[at : at + names], packed[at + names : at + names + signatures])
            at += names + signatures
        lasts = {name: Last(*last) for name, last in sets.items()}
        return cls((written, real), root, parts, lasts, groups, contents)


class Recollection(NamedTuple):
    """An entry, and which of its paths are no longer what they were, by the group that they are of."""

    entry: Entry
    changed: dict[str, list[str]]

    @property
    def said(self) -> str | None:
        """What this render says when nothing has changed since the last one; none when something has."""
        return None if any(self.changed.values()) else "".join(last.said for last in self.entry.sets.values())


class Here(NamedTuple):
    """A command line, where and by whom it is run: what an entry is found by."""

    facts: bytes
    keys: str
    entries: str

    def memory(self, key: bytes) -> Memory:
        return Memory(self.entries, key)


class Before(NamedTuple):
    """Where a render may be remembered, and what is remembered of it."""

    place: Here
    known: Recollection | None


def here(arguments: list[str]) -> Here | None:
    """Where to look for an entry, and to keep one; none where the system does not tell when it was started.

    After a power loss a file may be damaged and look as it was.
    """
    home = os.path.expanduser("~")
    state, cache = (os.environ.get(f"XDG_{name}_HOME", "") for name in ("STATE", "CACHE"))
    state = state if os.path.isabs(state) else f"{home}/.local/state"
    cache = cache if os.path.isabs(cache) else f"{home}/.cache"
    try:
        with open(_BOOT, encoding="ascii") as file:
            boot = file.read()
        form = str(os.stat(__file__).st_mtime_ns)  # of what is packed here
        facts = _facts([__version__, form, sys.version, sys.executable, boot, os.getcwd(), *arguments])
    except (OSError, UnicodeError):
        return None
    return Here(facts, f"{state}/cfgc", f"{cache}/cfgc/renders") if os.path.isabs(state + cache) else None


def stored(place: Here) -> tuple[Memory, bytes] | None:
    """The memory, and the entry that it holds of a command line; none where this user's key vouches for none."""
    from cfgc.external.machine_key import private_key

    key = private_key(place.keys)
    if key is None:
        return None
    memory = place.memory(key)
    packed = memory.load(memory.name(place.facts))
    return None if packed is None else (memory, packed)


def recall(place: Here) -> Recollection | None:
    """What is remembered of this very render; none where nothing is, or nothing that this user's key vouches for."""
    found = stored(place)
    if found is None:
        return None
    memory, packed = found
    entry = Entry.unpack(packed)
    try:
        same = os.path.realpath(entry.folder[0]) == entry.folder[1]
        return Recollection(entry, _changed(entry, memory)) if same else None
    except (OSError, OverflowError):
        return None


def vouching(memory: Memory, name: str, path: str) -> str:
    """What vouches for the content of a file, or for the names in a folder, of that name in the entry."""
    if os.path.isdir(path):
        return memory.code(os.fsencode(name), os.fsencode("\0".join(sorted(os.listdir(path))))).hex()
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        return memory.code(os.fsencode(name), file.read()).hex()


def _facts(words: list[str]) -> bytes:
    variables = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if name in _VARIABLES or (name.startswith(_PREFIXES) and name != _OF_NO_BYTE)
    )
    words = [time.strftime("%Y-%m-%d"), str(len(words)), *words, *variables]
    return b"\0".join(map(os.fsencode, words))


def _changed(entry: Entry, memory: Memory) -> dict[str, list[str]]:
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.chdir(entry.root)  # a short path is a short way for the kernel
        found = _differing(entry.groups)
        known = {path for some in found.values() for path in some}
        odd = [
            path for path, code in entry.contents.items() if path not in known and vouching(memory, path, path) != code
        ]
    finally:
        os.fchdir(here)
        os.close(here)
    for path in odd:
        found[_group_of(entry, path)].append(path)
    return found


def _group_of(entry: Entry, path: str) -> str:
    return next(name for name, group in entry.groups.items() if os.fsencode(path) in group.paths())


def _differing(groups: Mapping[str, Group]) -> dict[str, list[str]]:
    """The changed paths of each group, by slices; where there are many, every processor looks at some."""
    from functools import partial

    from cfgc.external.workers import processors, side_by_side

    slices: list[tuple[str, list[bytes]]] = []
    works = []
    for name, group in groups.items():
        paths = group.paths()
        width = len(group.signatures) // len(paths) if paths else 0
        for at in range(0, len(paths), _AT_ONCE):
            some = paths[at : at + _AT_ONCE]
            slices.append((name, some))
            works.append(partial(differing, some, group.signatures[at * width : (at + _AT_ONCE) * width]))
    answers = side_by_side(works, processors() if len(works) * _AT_ONCE >= _WORTH else 1)
    found: dict[str, list[str]] = {name: [] for name in groups}
    for (name, some), positions in zip(slices, answers, strict=True):
        found[name] += [os.fsdecode(some[at]) for at in positions]
    return found
