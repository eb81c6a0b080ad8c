"""The analysis as text: one module a format, each with `render(analysis, shown) -> str`."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from cfgc.reports.gaps.analysis import Analysis

FORMATS = ("text", "json", "markdown", "html", "svg")


class Shown(NamedTuple):
    """How an analysis is shown: with each note, with `color` for a terminal, with a picture that lies beside it."""

    notes: bool = False
    color: bool = False
    picture: str = ""


def render(format_name: str, analysis: Analysis, shown: Shown) -> str:
    """The analysis in one of `FORMATS`; ends in a newline."""
    text: str = import_module(f"{__name__}.{format_name}").render(analysis, shown)
    return text
