"""The variables that code reads against those that its component is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cfgc.diagnostics import Severity
from cfgc.model.keypath import KeyPath, show
from cfgc.model.location import Location
from cfgc.reports.gaps.estate import Estate, names
from cfgc.reports.gaps.gap import Gap, gap
from cfgc.reports.gaps.supply import Supply, supplied


class _About(NamedTuple):
    verdict: str
    component: KeyPath
    variable: str


def find(estate: Estate) -> Iterator[Gap]:
    """A gap for each component and variable, with the environments to blame; nothing without the code's reads."""
    blamed: dict[_About, list[str]] = {}
    places: dict[_About, Location | None] = {}
    optional: set[_About] = set()
    for name, one in estate.compiled.items():
        for supply in supplied(estate, one):
            for about in _wrong(supply):
                blamed.setdefault(about, []).append(name)
                if about.variable in supply.read:
                    places.setdefault(about, supply.read[about.variable].location)
                    optional |= {about} if supply.read[about.variable].optional else set()
                else:
                    places.setdefault(about, estate.place(name, supply.given[about.variable]))
    for about, environments in blamed.items():
        yield _gap(about, tuple(environments), places[about], optional=about in optional)


def _wrong(supply: Supply) -> Iterator[_About]:
    for variable in supply.read:
        if variable not in supply.given and variable not in supply.runtime:
            yield _About("variable-not-provided", supply.component, variable)
    for variable in supply.given:
        if variable not in supply.read:
            yield _About("variable-unused", supply.component, variable)


def _gap(about: _About, environments: tuple[str, ...], place: Location | None, *, optional: bool) -> Gap:
    component = show(about.component)
    where = f"`{component}` in {names(environments)}"
    if about.verdict == "variable-unused":
        message = f"`{about.variable}` is given to {where}, and its code does not read it"
    else:
        message = f"the code reads `{about.variable}`, and nothing gives it to {where}"
    more = {"severity": Severity.NOTE} if optional else {}
    return gap(
        about.verdict, about.variable, message, component=component, environments=environments, location=place, **more
    )
