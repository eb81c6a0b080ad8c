"""An overlay that says again what the layer below already says.

Why: it hides from the reader what really differs, and it stays behind when the lower value changes.
Fix: remove the line from the overlay.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import show
from cfgc.stages.check.rules.estate import Estate
from cfgc.stages.check.rules.values import is_leaf, same

NAME = "redundant-override"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each override whose value equals the lower one, type and all."""
    for view in estate.views:
        for found in view.overrides:
            if not is_leaf(found.value) or not same(found.value, found.lower):
                continue
            winner, loser = found.winner, found.loser
            if winner.layer == loser.layer or winner.marker:
                continue
            yield report(
                NAME,
                at=estate.place(winner),
                path=found.path,
                environment=view.environment.name,
                related=[Label(estate.place(loser), "already set here")],
                key=show(found.path),
                layer=winner.layer,
                lower=loser.layer,
            )
