"""The report as text: one module a format, each with `render(report, color) -> str`."""

from __future__ import annotations

from importlib import import_module

from cfgc.reports.report.period import Report

FORMATS = ("text", "json", "markdown", "html")


def render(format_name: str, report: Report, *, color: bool = False) -> str:
    """The report in one of `FORMATS`, `color` being for a terminal; ends in a newline."""
    text: str = import_module(f"{__name__}.{format_name}").render(report, color=color)
    return text
