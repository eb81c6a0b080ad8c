"""The documentation as files: made in memory, compared with what is there, written all or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from cfgc.diagnostics import Failed, report
from cfgc.edit.change import FileEdit
from cfgc.edit.write import write as write_edits
from cfgc.reports.docs.model import Docs
from cfgc.reports.docs.template.template import NAME
from cfgc.reports.docs.views import markdown

INDEX = "config.md"
PAGES = "config"


class Stale(NamedTuple):
    """A file that is not what it should be: its name below the folder, how it differs, and the edit that helps."""

    name: str
    difference: str
    edit: FileEdit


def files(docs: Docs, template: str) -> dict[str, str]:
    """Name below the folder -> text of every file."""
    back = f"../{INDEX}"
    pages = {f"{PAGES}/{markdown.page_name(each)}": markdown.page(each, docs, back) for each in docs.components}
    return {INDEX: markdown.index(docs, PAGES), NAME: template, **pages}


def stale(folder: Path, wanted: Mapping[str, str]) -> list[Stale]:
    """The files of a folder that differ, and the pages of components that are gone.

    Raises `Failed` for a file that cannot be read.
    """
    try:
        return [*_different(folder, wanted), *_superfluous(folder, wanted)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Failed(report("cannot-write", file=error.filename or folder, reason=reason, help="")) from None


def write(folder: Path, found: list[Stale]) -> None:
    """Bring the files of a folder up to date. Raises `Failed`, and then none is changed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Failed(report("cannot-write", file=folder, reason=reason, help="")) from None
    write_edits(folder, [each.edit for each in found])


def _different(folder: Path, wanted: Mapping[str, str]) -> Iterator[Stale]:
    for name, text in wanted.items():
        place, new = folder / name, text.encode("utf-8", "replace")
        old = place.read_bytes() if place.exists() else None
        if old != new:
            yield Stale(name, "it is missing" if old is None else "it differs", FileEdit(name, old, new))


def _superfluous(folder: Path, wanted: Mapping[str, str]) -> Iterator[Stale]:
    """Pages that an earlier run made; what somebody else put there is left alone."""
    for place in sorted((folder / PAGES).glob("*.md")):
        name = f"{PAGES}/{place.name}"
        if name not in wanted and place.is_file():
            old = place.read_bytes()
            if old.startswith(markdown.NOTICE.encode()):
                yield Stale(name, "what it describes is gone", FileEdit(name, old, None))
