"""OmegaConf, as one uses it: load, merge, save. `scripts/merge_omegaconf.py`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bench.machine import installed
from bench.peers.layers import configs

NAME = "OmegaConf"
_SCRIPT = Path(__file__).parent / "scripts" / "merge_omegaconf.py"


def commands(folder: Path, overlays: Sequence[str]) -> list[list[str]] | None:
    if not installed("omegaconf"):
        return None
    return [[sys.executable, str(_SCRIPT), str(folder / "project"), str(folder / "out"), *overlays]]


def prepare(project: Path, folder: Path) -> None:
    (folder / "project").symlink_to(project)


def values(folder: Path, _number: int, overlay: str) -> dict[str, object]:
    return configs(folder / "out" / overlay)
