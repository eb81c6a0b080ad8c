"""Three texts -> one, line by line, by `git merge-file`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.external import process
from cfgc.external.git.repository import environment, explain

_NAMES = ("ours", "base", "theirs")


class Sides(NamedTuple):
    """The content of one file in the common ancestor, on our branch and on theirs."""

    base: bytes
    ours: bytes
    theirs: bytes


def merge_text(sides: Sides) -> tuple[bytes, bool]:
    """The merged text, and whether it is without a conflict; conflicts stand in it between Git's markers.

    Raises `Failed` when Git is not installed.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="cfgc-") as folder:
        for name, content in zip(_NAMES, (sides.ours, sides.base, sides.theirs), strict=True):
            Path(folder, name).write_bytes(content)
        labels = [word for name in _NAMES for word in ("-L", name)]
        command = ["git", "merge-file", "-p", "-q", *labels, *_NAMES]
        try:
            done = process.run(command, env=environment(), cwd=Path(folder))
        except process.ProgramError as error:
            raise Failed(explain(error, "merge-file")) from None
    return (done.stdout, done.code == 0) if 0 <= done.code < 128 else (whole_conflict(sides), False)


def conflicted(sides: Sides) -> bytes:
    """The text with its conflicts marked. Where line by line there is none, the whole files are one."""
    text, clean = merge_text(sides)
    return whole_conflict(sides) if clean else text


def whole_conflict(sides: Sides) -> bytes:
    """Both texts, one below the other, between Git's markers."""
    ours, theirs = (side if side.endswith(b"\n") else side + b"\n" for side in (sides.ours, sides.theirs))
    return b"<<<<<<< ours\n" + ours + b"=======\n" + theirs + b">>>>>>> theirs\n"
