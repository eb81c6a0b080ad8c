"""`himl` over the same files: `base` is its top folder, each overlay a folder below, each component a key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from bench.machine import program
from bench.peers.layers import files, indented, layers

NAME = "himl"
AT_LEAST = 10.0


def commands(folder: Path, overlays: Sequence[str]) -> list[list[str]] | None:
    found = program("himl")
    words = ["--cwd", str(folder), "--print-data"]
    return None if found is None else [[found, *words, overlay] for overlay in overlays]


def prepare(project: Path, folder: Path) -> None:
    """Write `folder` with the files of `base`, and `folder/OVERLAY` with those of each overlay."""
    for layer in layers(project):
        target = folder if layer == "base" else folder / layer
        target.mkdir(parents=True, exist_ok=True)
        for file in files(project, layer):
            (target / file.name).write_text(f"{file.stem}:\n{indented(file.read_text())}")


def values(folder: Path, number: int, _overlay: str) -> dict[str, object]:
    """Component name -> merged values, from what himl printed."""
    return dict(yaml.load((folder / f"printed.{number}").read_text(), yaml.CSafeLoader))
