"""A check of what is staged looks at what has changed since it found nothing (docs/decisions/0020).

What is remembered under the check's own command line: which files were staged, by name and blob id, which of them were
looked at and what each is about, and what is said where nothing is found. No value and no content. This module is
imported before any other room, so it imports none but the doors that it needs.
"""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from cfgc.cli.again import Here, here, stored
from cfgc.external.signatures import differing
from cfgc.external.staging import changed_names, file_named, staged_files

COMMANDS = frozenset({"validate", "secrets"})
_NEVER = frozenset({"--no-cache", "--profile"})


class Checked(NamedTuple):
    """What is remembered of a check that found nothing.

    `folder` is the folder that the command line names, as it is written and as it really is; `top`, `git_dir` and
    `prefix` are the repository's; `watched` are the paths, beside what is staged, that must be as they were.
    """

    said: str
    folder: tuple[str, str]
    root: str
    top: str
    git_dir: str
    prefix: str
    watched: list[str]
    signatures: bytes
    known: dict[str, Any]
    components: bytes
    staged: bytes

    def pack(self) -> bytes:
        import json

        *facts, signatures, known, components, staged = self
        blobs = (signatures, components, staged)
        head = json.dumps([facts, known, [len(blob) for blob in blobs]]).encode()
        return b"".join((len(head).to_bytes(4, "big"), head, *blobs))

    @classmethod
    def unpack(cls, packed: bytes) -> Checked:
        """What bytes hold, which this very version of cfgc has packed."""
        import json

        at = 4 + int.from_bytes(packed[:4], "big")
        (said, folder, root, top, git_dir, prefix, watched), known, sizes = json.loads(packed[4:at])
        blobs = []
        for size in sizes:
            blobs.append(packed[at : at + size])
            at += size
        signatures, components, staged = blobs
        place = (root, top, git_dir, prefix)
        return cls(said, tuple(folder), *place, watched, signatures, known, components, staged)


def place_of(arguments: list[str]) -> Here | None:
    """Where a check of what is staged may be remembered; none for any other command line."""
    words = frozenset(arguments)
    if "--staged" not in words or words.isdisjoint(COMMANDS) or words & _NEVER or "CFGC_TRACE" in os.environ:
        return None
    colors = str(sys.stdout.isatty()), os.environ.get("NO_COLOR", ""), os.environ.get("TERM", "")
    found = here([*arguments, *colors])
    return found and found._replace(entries=f"{os.path.dirname(found.entries)}/staged")


def answer(place: Here) -> str | None:
    """What the check says, if it is known to find nothing; none where it has to be made."""
    found = stored(place)
    if found is None:
        return None
    memory, packed = found
    last = Checked.unpack(packed)
    try:
        now = staged_files(index_file(last.top, last.git_dir), last.prefix) if _same_place(last) else None
    except OSError:
        return None
    if now is None:
        return None
    changed = changed_names(last.staged, now)
    if not changed:
        return last.said
    if not _still_fine(last, changed, now):
        return None
    memory.save(memory.name(place.facts), last._replace(staged=b"".join(now)).pack())
    return last.said


def index_file(top: str, git_dir: str) -> str:
    """Git names another one relative to the folder that it runs hooks in, the top of the working tree."""
    given = os.environ.get("GIT_INDEX_FILE", "")
    return os.path.join(top, given) if given else f"{git_dir}/index"


def _same_place(last: Checked) -> bool:
    written, real = last.folder
    return (
        os.path.realpath(written) == real
        and (os.path.isfile(f"{last.root}/cfgc.yaml") or os.path.isdir(f"{last.root}/environments"))
        and os.path.lexists(f"{last.git_dir}/HEAD")
        and not differing(last.watched, last.signatures)
    )


def _still_fine(last: Checked, changed: list[bytes], now: list[bytes]) -> bool:
    """Whether there is nothing to say about the files that are staged otherwise either."""
    from pathlib import Path

    from cfgc.pipeline import untouched

    start = len(last.prefix) + bool(last.prefix)
    names = [os.fsdecode(name)[start:] for name in changed]
    known = untouched.Known(**last.known, components=last.components)
    found = untouched.touched(known, names)
    if found is None:
        return False
    if not found.files:
        return True
    above = f"{last.prefix}/" if last.prefix else ""
    files = {name: file_named(now, os.fsencode(f"{above}{name}")) for name in untouched.files_needed(known, found)}
    session = untouched.session_over(Path(last.root), known, files)
    if session is None:
        return False
    if known.names:
        from cfgc.pipeline.recheck import nothing_found

        return nothing_found(session, known, found)
    from cfgc.pipeline.plaintext import finds_nothing

    return finds_nothing(session, found.files)
