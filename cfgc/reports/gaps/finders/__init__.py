"""The finders, one theme a file: each looks at the estate and gives gaps, and what it could not tell."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from cfgc.reports.gaps.estate import Estate
from cfgc.reports.gaps.gap import Gap, Unclear

# `checks` is first: it learns which values must not be shown
FINDERS = ("checks", "presence", "across", "base", "model", "usage", "variables", "rotation", "waivers")


def find(estate: Estate) -> Iterator[Gap | Unclear]:
    """Everything that the finders find, in no order that matters."""
    for name in FINDERS:
        yield from import_module(f"{__name__}.{name}").find(estate)
