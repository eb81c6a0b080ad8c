"""Findings to text: one module a format, each with `render(listing) -> str`."""

from __future__ import annotations

from importlib import import_module

from cfgc.diagnostics.renderers.listing import Finding, Listing, Quote

FORMATS = ("full", "concise", "json", "gitlab", "sarif", "junit")

__all__ = ["FORMATS", "Finding", "Listing", "Quote", "render"]


def render(format_name: str, listing: Listing) -> str:
    """The findings in one of `FORMATS`; the text ends in a newline, or is empty."""
    text: str = import_module(f"cfgc.diagnostics.renderers.{format_name}").render(listing)
    return text
