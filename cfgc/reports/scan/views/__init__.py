"""An inventory as text: one module a format, each with `render(inventory) -> str`."""

from __future__ import annotations

from importlib import import_module

from cfgc.reports.scan.inventory import Inventory

FORMATS = ("markdown", "json")


def render(format_name: str, inventory: Inventory, top: str = "") -> str:
    """The inventory in one of `FORMATS`; ends in a newline. `top` leads to the scanned folder, for links."""
    text: str = import_module(f"cfgc.reports.scan.views.{format_name}").render(inventory, top)
    return text
