"""The functions a policy can call: one module a library, one table of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from cfgc.stages.check.policy.cel.library import (
    conversions,
    core,
    lists,
    maths,
    network,
    operators,
    optionals,
    quantity,
    semver,
    sets,
    strings,
    times,
    urls,
)
from cfgc.stages.check.policy.cel.library.core import check_pattern
from cfgc.stages.check.policy.cel.library.function import Function

_LIBRARIES: Final = (
    operators,
    core,
    conversions,
    strings,
    lists,
    sets,
    maths,
    optionals,
    times,
    urls,
    network,
    quantity,
    semver,
)


def _table(functions: Iterable[Function]) -> dict[str, Function]:
    """Functions by name; libraries may give one name overloads for different types."""
    table: dict[str, Function] = {}
    for function in functions:
        known = table.get(function.name)
        if known is None:
            table[function.name] = function
            continue
        if known.overloads.keys() & function.overloads.keys() or known.framed != function.framed:
            raise ValueError(f"two libraries define `{function.name}` for the same types")
        style = known.style if known.style == function.style else "both"
        table[function.name] = known._replace(overloads={**known.overloads, **function.overloads}, style=style)
    return table


FUNCTIONS: Final[Mapping[str, Function]] = _table(function for library in _LIBRARIES for function in library.FUNCTIONS)

__all__ = ["FUNCTIONS", "Function", "check_pattern"]
