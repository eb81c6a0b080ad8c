"""The script that a team writes first, over the very files of the fleet: `scripts/plain.py`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bench.peers.layers import configs

NAME = "plain script"
AT_LEAST = 3.0
_SCRIPT = Path(__file__).parent / "scripts" / "plain.py"


def commands(folder: Path, overlays: Sequence[str]) -> list[list[str]] | None:
    return [[sys.executable, str(_SCRIPT), str(folder / "project"), str(folder / "out"), *overlays]]


def prepare(project: Path, folder: Path) -> None:
    (folder / "project").symlink_to(project)


def values(folder: Path, _number: int, overlay: str) -> dict[str, object]:
    return configs(folder / "out" / overlay)
