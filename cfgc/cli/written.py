"""The lines that tell what a render wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfgc.model.text import printable

if TYPE_CHECKING:
    from cfgc.stages.write import Outcome


def summary_of(outcome: Outcome, folder: str) -> str:
    """The line that tells what was written."""
    if not outcome.replaced:
        return up_to_date(outcome, folder)
    new, all_of_them = len(outcome.added) + len(outcome.changed), _count(len(outcome.manifest.artifacts))
    return f"{_place(outcome, folder)}: {all_of_them}, {new} written, {len(outcome.removed)} removed"


def up_to_date(outcome: Outcome, folder: str) -> str:
    """The line of a render that finds this set in place."""
    return f"{_place(outcome, folder)}: {_count(len(outcome.manifest.artifacts))}, all up to date"


def _place(outcome: Outcome, folder: str) -> str:
    return printable(f"{folder}/{outcome.manifest.environment}")


def _count(number: int) -> str:
    return f"{number} artifact{'' if number == 1 else 's'}"
