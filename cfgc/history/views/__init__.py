"""A difference as text: one module a format, each with `render(difference, shown) -> str`."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from cfgc.history.difference import Difference

FORMATS = ("text", "json", "markdown", "html")


class Shown(NamedTuple):
    """How a difference is shown: with `artifacts` also their unified differences, with `color` for a terminal."""

    artifacts: bool = False
    color: bool = False


def render(format_name: str, difference: Difference, shown: Shown) -> str:
    """The difference in one of `FORMATS`; ends in a newline."""
    text: str = import_module(f"cfgc.history.views.{format_name}").render(difference, shown)
    return text
