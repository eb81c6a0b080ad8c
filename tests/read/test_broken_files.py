"""What a user reads about a broken file: each file of `broken/` beside the findings that it gets.

To add a case, drop a file and its `.txt`: a line `LINE:COLUMN CODE name: message` for each finding, then its other
places, notes and help.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cfgc.diagnostics import Diagnostic
from cfgc.stages.read import Reader
from cfgc.stages.read.formats import format_of
from tests.memory import Memory

from .desk import layer_file

FOLDER = Path(__file__).resolve().parent / "broken"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".txt")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_broken_file_and_what_is_said_of_it(path: Path) -> None:
    document, findings = Reader(Memory({path.name: path.read_bytes()})).read(
        layer_file(path.name, format_of(path.name))
    )
    assert document is None
    assert "".join(f"{line}\n" for found in findings for line in words(found)) == Path(f"{path}.txt").read_text(
        encoding="utf-8"
    )


def words(found: Diagnostic) -> Iterator[str]:
    assert found.location
    yield f"{found.location.line}:{found.location.column} {found.code} {found.name}: {found.message}"
    for other in found.related:
        yield f"  {other.location.line}:{other.location.column} {other.message}"
    yield from (f"  note: {note}" for note in found.notes)
    yield f"  help: {found.help}"
