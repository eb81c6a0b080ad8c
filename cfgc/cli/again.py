"""A render whose every input and output is as it was after the last one need not be done again (docs/decisions/0018).

What a render remembers under its own command line: the signatures of all that it read, looked for and wrote, and what a
render says that finds everything up to date. Nothing else: no value, no finding, no content. This module is imported
before any other room, so it imports none but the two doors that it needs.
"""

from __future__ import annotations

import os
import sys
import time
from typing import NamedTuple

from cfgc import __version__
from cfgc.external.memory import Memory
from cfgc.external.signatures import differing

_VARIABLES = ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "GNUPGHOME")
_PREFIXES = ("SOPS_", "XDG_", "CFGC_", "PYTHON")
_AT_ONCE = 1024
"""Paths that make one work."""
_WORTH = 10_000
"""Paths from which on workers pay."""
_BOOT = "/proc/sys/kernel/random/boot_id"


class Last(NamedTuple):
    """What is remembered of one set: its source, the components that more depends on, and what is said of it."""

    revision: str
    clean: bool
    entangled: list[str]
    said: str


class Entry(NamedTuple):
    """What is remembered of a render.

    `folder` is the folder that the command line names, as it is written and as it really is. `contents` holds what
    vouches for the content of those paths that were too young for their signatures to be enough.
    """

    folder: tuple[str, str]
    sets: dict[str, Last]
    paths: list[str]
    signatures: bytes
    contents: dict[str, str]

    def pack(self) -> bytes:
        import json

        facts = [*self.folder, self.sets, self.contents, len(self.signatures)]
        head = json.dumps(facts).encode()
        names = os.fsencode("\0".join(self.paths))
        return b"".join((len(head).to_bytes(4, "big"), head, self.signatures, names))

    @classmethod
    def unpack(cls, packed: bytes) -> Entry:
        """The entry that bytes hold, which this very version of cfgc has packed."""
        import json

        start = 4 + int.from_bytes(packed[:4], "big")
        written, real, sets, contents, size = json.loads(packed[4:start])
        paths = os.fsdecode(packed[start + size :]).split("\0")
        lasts = {name: Last(*last) for name, last in sets.items()}
        return cls((written, real), lasts, paths, packed[start : start + size], contents)


class Recollection(NamedTuple):
    """An entry, and which of its paths are no longer what they were."""

    entry: Entry
    changed: list[str]

    @property
    def said(self) -> str | None:
        """What this render says when nothing has changed since the last one; none when something has."""
        return None if self.changed else "".join(last.said for last in self.entry.sets.values())


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


def recall(place: Here) -> Recollection | None:
    """What is remembered of this very render; none where nothing is, or nothing that this user's key vouches for."""
    from cfgc.external.machine_key import private_key

    key = private_key(place.keys)
    if key is None:
        return None
    memory = place.memory(key)
    stored = memory.load(memory.name(place.facts))
    if stored is None:
        return None
    entry = Entry.unpack(stored)
    try:
        return (
            Recollection(entry, _changed(entry, memory))
            if os.path.realpath(entry.folder[0]) == entry.folder[1]
            else None
        )
    except (OSError, OverflowError):
        return None


def vouching(memory: Memory, path: str) -> str:
    """What vouches for the content of a file, or for the names in a folder."""
    if os.path.isdir(path):
        return memory.code(os.fsencode(path), os.fsencode("\0".join(sorted(os.listdir(path))))).hex()
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        return memory.code(os.fsencode(path), file.read()).hex()


def _facts(words: list[str]) -> bytes:
    variables = sorted(
        f"{name}={value}" for name, value in os.environ.items() if name in _VARIABLES or name.startswith(_PREFIXES)
    )
    words = [time.strftime("%Y-%m-%d"), str(len(words)), *words, *variables]
    return b"\0".join(map(os.fsencode, words))


def _changed(entry: Entry, memory: Memory) -> list[str]:
    found = [entry.paths[at] for at in _differing(entry.paths, entry.signatures)]
    known = set(found)
    return found + [
        path for path, code in entry.contents.items() if path not in known and vouching(memory, path) != code
    ]


def _differing(paths: list[str], known: bytes) -> list[int]:
    """The positions of changed paths, by slices; where there are many, every processor looks at some."""
    from functools import partial

    from cfgc.external.workers import processors, side_by_side

    width = len(known) // len(paths)
    works = [
        partial(differing, paths[at : at + _AT_ONCE], known[at * width : (at + _AT_ONCE) * width])
        for at in range(0, len(paths), _AT_ONCE)
    ]
    found = side_by_side(works, processors() if len(paths) >= _WORTH else 1)
    return [number * _AT_ONCE + at for number, some in enumerate(found) for at in some]
