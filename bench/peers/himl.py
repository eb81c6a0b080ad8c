"""`himl` over the same files: `base` is its top folder, each overlay a folder below, each component a key."""

from __future__ import annotations

from pathlib import Path

import yaml


def prepare(project: Path, folder: Path) -> None:
    """Write `folder` with the files of `base`, and `folder/OVERLAY` with those of each overlay."""
    for layer in sorted((project / "environments").iterdir()):
        target = folder if layer.name == "base" else folder / layer.name
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted((layer / "managers").iterdir()):
            body = "".join(f"  {line}\n" for line in file.read_text().splitlines())
            (target / file.name).write_text(f"{file.stem}:\n{body}")


def values(output: str) -> dict[str, object]:
    """Component name -> merged values, from what himl printed."""
    return dict(yaml.load(output, yaml.CSafeLoader))
