"""An override that is itself overridden in every environment that reads its layer.

Why: it changes nothing anywhere, yet somebody will edit it and wonder.
Fix: remove the line.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import KeyPath, show
from cfgc.model.provenance import Contribution
from cfgc.stages.check.rules.estate import Estate

NAME = "dead-override"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each value that overrides another one and wins in no environment that reads its file."""
    overriding: dict[tuple[str, KeyPath], KeyPath] = {}
    beaten: dict[tuple[str, KeyPath], list[tuple[str, Contribution]]] = {}
    for view in estate.views:
        name = view.environment.name
        for found in view.overrides:
            winner, loser = found.winner, found.loser
            overriding[winner.file, winner.path] = found.path
            if winner.layer != loser.layer:
                beaten.setdefault((loser.file, loser.path), []).append((name, winner))
    readers = _readers(estate)
    for (file, inside), by in beaten.items():
        if (file, inside) in overriding and readers.get(file, 0) == len({name for name, _ in by}):
            yield report(
                NAME,
                at=estate.locator.value(file, inside),
                path=overriding[file, inside],
                related=[Label(estate.place(winner), f"overridden here in `{name}`") for name, winner in by],
                key=show(overriding[file, inside]),
            )


def _readers(estate: Estate) -> dict[str, int]:
    """In how many environments a file is read."""
    counts: dict[str, int] = {}
    for view in estate.views:
        for layer in view.layers:
            for document in layer.documents:
                if not document.file.each:
                    counts[document.file.path] = counts.get(document.file.path, 0) + 1
    return counts
