"""Every environment overrides a value with the same one.

Why: the lower value is a lie, and a new environment gets it.
Fix: set the value in the lower layer and remove the overrides.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.provenance import Contribution
from cfgc.stages.check.rules.estate import Estate, Override
from cfgc.stages.check.rules.values import is_leaf, same

NAME = "same-in-every-environment"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding at each value that all environments, two at least, override with one and the same value."""
    last: list[dict[KeyPath, Override]] = [{found.path: found for found in view.overrides} for view in estate.views]
    if len(last) < 2:
        return
    for path, first in last[0].items():
        others = [overrides.get(path) for overrides in last[1:]]
        found = [first, *(other for other in others if other is not None)]
        if len(found) == len(last) and is_leaf(first.value) and _all_same(found):
            yield from _finding(estate, path, found)


def _all_same(found: list[Override]) -> bool:
    first = found[0]
    return all(same(first.value, other.value) for other in found) and not same(first.value, first.lower)


def _finding(estate: Estate, path: KeyPath, found: list[Override]) -> Iterator[Diagnostic]:
    winners: dict[tuple[str, KeyPath], Contribution] = {
        (each.winner.file, each.winner.path): each.winner for each in found
    }
    losers = {(each.loser.file, each.loser.path) for each in found}
    if len(winners) < 2 or len(losers) != 1 or any(each.winner.marker for each in found):
        return
    yield report(
        NAME,
        at=estate.place(found[0].loser),
        path=path,
        related=[Label(estate.place(winner), "the same value here") for winner in winners.values()],
        key=show(path),
    )
