"""What a compilation is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple


class Wanted(NamedTuple):
    """One environment, as the command line asks for it.

    components          names or globs to narrow to; none for all
    overrides           texts of `--set`, in order
    override_variables  `CFGC_SET__...` of the process environment, when allowed
    variables           the process environment to fill runtime variables from (`--resolve-env`), or none
    today               for waivers and deprecations
    """

    environment: str
    components: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    override_variables: Mapping[str, str] = MappingProxyType({})
    variables: Mapping[str, str] | None = None
    today: date | None = None

    def but(self, **changes: Any) -> Wanted:
        """A copy with other fields."""
        return self._replace(**changes)
