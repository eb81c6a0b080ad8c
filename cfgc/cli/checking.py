"""What a check of what is staged leaves for the next one, where it found nothing (docs/decisions/0020)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import click

from cfgc.cli.again import Here
from cfgc.cli.app import BEFORE
from cfgc.cli.options import Where
from cfgc.cli.staged import Checked, index_file
from cfgc.cli.surroundings import above, around_index, code
from cfgc.external.git import locate
from cfgc.external.git.sources import Index
from cfgc.external.machine_key import machine_key, private_key
from cfgc.external.signatures import pack, signature_at, young
from cfgc.external.staging import id_of, name_of, staged_files
from cfgc.pipeline.session import Session
from cfgc.pipeline.untouched import Known

_WIDTH = 40
"""Letters of the blob ids that `staged_files` reads."""


def remember(where: Where, session: Session, said: str, knowing: Callable[[Sequence[str]], Known]) -> None:
    """Remember what a check says that found nothing in the index; `knowing` makes what there is to know of it."""
    place = click.get_current_context().meta.get(BEFORE)
    if not isinstance(place, Here) or not isinstance(session.source, Index):
        return
    with suppress(OSError, OverflowError, ValueError):
        machine_key(place.keys)
        checked, key = _checked(where, session, said, knowing([*session.source.asked])), private_key(place.keys)
        if key is not None and checked is not None:
            memory = place.memory(key)
            memory.save(memory.name(place.facts), checked.pack())


def _checked(where: Where, session: Session, said: str, known: Known) -> Checked | None:
    """What is to be remembered; none where files do not tell all of it, or where one of these may change unnoticed."""
    began, repository = time.time_ns(), locate(session.root)
    staged = _as_read(session.source, index_file(str(repository.top), str(repository.git_dir)), repository.prefix)
    watched = [*around_index(session.root, repository), *above(where.folder, session.root), *code()]
    signatures = [signature_at(path) for path in watched]
    if staged is None or any(any(each) and young(each, began) for each in signatures):
        return None
    return Checked(
        said=said,
        folder=(str(where.folder), os.path.realpath(where.folder)),
        root=str(session.root),
        top=str(repository.top),
        git_dir=str(repository.git_dir),
        prefix=repository.prefix,
        watched=watched,
        signatures=pack(signatures),
        known={name: value for name, value in known._asdict().items() if name != "components"},
        components=known.components,
        staged=staged,
    )


def _as_read(source: object, index: str, prefix: str) -> bytes | None:
    """What is staged, from the index file itself, if it is what Git read of it."""
    files = staged_files(index, prefix)
    if files is None or not isinstance(source, Index):
        return None
    start = len(prefix.encode("utf-8", "surrogateescape")) + bool(prefix)
    now = {name_of(file)[start:].decode("utf-8", "surrogateescape"): id_of(file) for file in files}
    return b"".join(files) if now == source.ids and all(len(each) == _WIDTH for each in now.values()) else None
