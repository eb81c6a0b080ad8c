"""One module a format, each with `read(text, outline)`: lenient where consumers are, exact where a file is broken.

These readers tell what anybody's file holds; `cfgc.stages.read` is strict, because a project compiles what it reads.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from cfgc.reports.scan.outline import Broken, Full, Outline

_MODULES = {
    "yaml": "yaml",
    "json": "json",
    "jsonc": "json",
    "json5": "json",
    "toml": "toml",
    "ini": "ini",
    "properties": "properties",
    "dotenv": "dotenv",
    "hcl": "hcl",
    "xml": "xml",
    "dockerfile": "dockerfile",
    "pem": "pem",
}


def outline_of(text: str, format: str) -> Outline | None:
    """The outline of a text, its problem in it; none for a format that has no keys."""
    if format not in _MODULES:
        return None
    outline = Outline()
    read: Callable[[str, Outline], None] = import_module(f"cfgc.reports.scan.formats.{_MODULES[format]}").read
    try:
        read(text, outline)
    except Broken as broken:
        outline.problem = broken.problem
    except Full:
        outline.whole = False
    return outline
