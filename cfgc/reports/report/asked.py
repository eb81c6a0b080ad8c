"""What a report is asked for, and what it reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.external.git.commits import History
from cfgc.history.sides import Side


class Asked(NamedTuple):
    """The environments (none: all), the day, after how many days a secret is old and a waiver's end is near.

    `exclude` are the paths that the inventory leaves out.
    """

    environments: tuple[str, ...]
    today: date
    rotate_after: int = 365
    notice: int = 30
    processes: int = 1
    exclude: tuple[str, ...] = ()


class Ground(NamedTuple):
    """One content of the project and the history around it; no history: there is none, or nobody asks for it."""

    root: Path
    side: Side
    history: History | None


def history_of(root: Path) -> History | None:
    """The history around a folder; none where there is no repository."""
    try:
        return History(root)
    except Failed:
        return None


def head_of(history: History | None, revision: str = "HEAD") -> str:
    """The full id of a commit; empty where there is no history, or no commit yet."""
    try:
        return history.commit_id(revision) if history else ""
    except Failed:
        if revision != "HEAD":
            raise
        return ""
