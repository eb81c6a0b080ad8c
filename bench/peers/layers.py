"""A plain project's files, as every peer finds them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml


def layers(project: Path) -> list[str]:
    """`base` first, then the overlays."""
    names = sorted(path.name for path in (project / "environments").iterdir())
    return ["base", *(name for name in names if name != "base")]


def files(project: Path, layer: str) -> Iterator[Path]:
    return iter(sorted((project / "environments" / layer / "managers").iterdir()))


def indented(text: str, depth: int = 1) -> str:
    return "".join(f"{'  ' * depth}{line}\n" for line in text.splitlines())


def configs(folder: Path, file: str = "config.yaml") -> dict[str, object]:
    """Component name -> values, from a folder for each component."""
    return {each.parent.name: yaml.load(each.read_text(), yaml.CSafeLoader) for each in folder.glob(f"*/{file}")}
