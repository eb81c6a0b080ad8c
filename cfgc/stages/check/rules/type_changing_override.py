"""An overlay that puts a value of another type over a scalar: text over a number, a number over a boolean.

Why: the program that reads the file expects one type; the mistake shows only in the environment that has it.
Fix: write the value in the type of the layer below, or change that one too.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.keypath import show
from cfgc.model.values import Secret, Value, kind_of
from cfgc.stages.check.rules.estate import Estate
from cfgc.stages.check.rules.values import SCALARS

NAME = "type-changing-override"


def check(estate: Estate) -> Iterator[Diagnostic]:
    """A finding for each scalar over a scalar of another type; integers and other numbers are one type."""
    for view in estate.views:
        for found in view.overrides:
            upper, lower = _type(found.value), _type(found.lower)
            if upper is None or lower is None or upper == lower:
                continue
            winner, loser = found.winner, found.loser
            yield report(
                NAME,
                at=estate.place(winner),
                label=f"{upper} here",
                path=found.path,
                environment=view.environment.name,
                related=[Label(estate.place(loser), f"{lower} here")],
                key=show(found.path),
                upper=upper,
                lower=lower,
            )


def _type(value: Value) -> str | None:
    """The type as people name it; none for text with a reference, whose type shows only later."""
    if isinstance(value, str) and "${" in value:
        return None
    if not isinstance(value, (*SCALARS, Secret)):
        return None
    kind = kind_of(value)
    return "number" if kind == "integer" else kind
