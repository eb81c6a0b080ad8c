"""Edits as a unified difference of files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from cfgc.edit.change import FileEdit
from cfgc.model.text import printable

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NO_NEWLINE = "\n\\ No newline at end of file\n"


def unified(edits: Sequence[FileEdit]) -> str:
    """What `git apply` takes, but for characters that are not safe on a terminal."""
    return "".join(part for edit in edits for part in _of(edit))


def _of(edit: FileEdit) -> Iterator[str]:
    old, new = ([] if raw is None else _LINE.findall(raw.decode()) for raw in (edit.old, edit.new))
    before = "/dev/null" if edit.old is None else f"a/{edit.path}"
    after = "/dev/null" if edit.new is None else f"b/{edit.path}"
    for line in difflib.unified_diff(old, new, before, after):
        shown = printable(line.replace("\r\n", "\n"))
        yield shown if shown.endswith("\n") else shown + _NO_NEWLINE
