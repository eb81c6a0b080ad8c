"""jrsonnet (Rust) through rjsonnet: one program an overlay, which reads the same files and merges them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.machine import installed
from bench.peers.layers import files, layers

NAME = "jrsonnet"
_RUN = "import sys, rjsonnet; sys.stdout.write(rjsonnet.evaluate_file(sys.argv[1], preserve_order=True))"


def commands(folder: Path, overlays: Sequence[str]) -> list[list[str]] | None:
    if not installed("rjsonnet"):
        return None
    return [[sys.executable, "-c", _RUN, str(folder / f"{overlay}.jsonnet")] for overlay in overlays]


def prepare(project: Path, folder: Path) -> None:
    """Write one program for each overlay."""
    for layer in layers(project)[1:]:
        lines = [_merged(project, layer, file.name) for file in files(project, "base")]
        (folder / f"{layer}.jsonnet").write_text("{\n" + "".join(lines) + "}\n")


def _merged(project: Path, layer: str, name: str) -> str:
    low, high = (_read(project / "environments" / each / "managers" / name) for each in ("base", layer))
    return f"  {json.dumps(name.removesuffix('.yaml'))}: std.mergePatch({low}, {high}),\n"


def _read(file: Path) -> str:
    return f"std.parseYaml(importstr {json.dumps(str(file))})"


def values(folder: Path, number: int, _overlay: str) -> dict[str, object]:
    return dict(json.loads((folder / f"printed.{number}").read_text()))
