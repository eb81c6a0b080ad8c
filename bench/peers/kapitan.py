"""Kapitan over the same files: each file a class, each component of each overlay a target, one template for all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from bench.machine import program
from bench.peers.layers import files, indented, layers

NAME = "Kapitan"
AT_LEAST = 20.0
_TEMPLATE = "{{ inventory.parameters.config | yaml }}"


def commands(_folder: Path, _overlays: Sequence[str]) -> list[list[str]] | None:
    found = program("kapitan")
    return None if found is None else [[found, "compile", "--quiet"]]


def prepare(project: Path, folder: Path) -> None:
    """Write the inventory, with the names `LAYER/COMPONENT` of classes and `OVERLAY--COMPONENT` of targets."""
    classes, targets = folder / "inventory" / "classes", folder / "inventory" / "targets"
    targets.mkdir(parents=True)
    (folder / "templates").mkdir()
    (folder / "templates" / "config.yaml").write_text(_TEMPLATE)
    for layer in layers(project):
        (classes / layer).mkdir(parents=True)
        for file in files(project, layer):
            text = f"parameters:\n  config:\n{indented(file.read_text(), 2)}"
            (classes / layer / f"{file.stem}.yml").write_text(text)
            if layer != "base":
                (targets / f"{layer}--{file.stem}.yml").write_text(_target(layer, file.stem))


def _target(layer: str, component: str) -> str:
    entry = {"input_type": "jinja2", "input_paths": ["templates"], "output_path": "."}
    top = {"vars": {"target": f"{layer}--{component}"}, "compile": [entry]}
    classes = [f"base.{component}", f"{layer}.{component}"]
    return yaml.safe_dump({"classes": classes, "parameters": {"kapitan": top}}, sort_keys=False)


def values(folder: Path, _number: int, overlay: str) -> dict[str, object]:
    """Component name -> values, from what was compiled."""
    found = folder.glob(f"compiled/{overlay}--*/config.yaml")
    named = {each.parent.name.partition("--")[2]: each for each in found}
    return {name: yaml.load(file.read_text(), yaml.CSafeLoader) for name, file in named.items()}
