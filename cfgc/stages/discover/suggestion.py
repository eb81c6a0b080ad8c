"""What a misspelt name was meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from cfgc.model.text import closest


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The help for an unknown name, where one of the known names is near enough."""
    meant = closest(name, list(known))
    return f"did you mean `{meant}`?" if meant else None
