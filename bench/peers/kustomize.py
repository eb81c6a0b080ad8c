"""`kubectl kustomize` over the same files, each wrapped as a resource, each overlay a patch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from bench.machine import program
from bench.peers.layers import files, indented, layers

NAME = "kubectl kustomize"
AT_LEAST = 5.0


def commands(folder: Path, overlays: Sequence[str]) -> list[list[str]] | None:
    kubectl = program("kubectl")
    return None if kubectl is None else [[kubectl, "kustomize", str(folder / overlay)] for overlay in overlays]


def prepare(project: Path, folder: Path) -> None:
    """Write `folder/base` and one `folder/OVERLAY` with the fleet's files as resources and patches."""
    for layer in layers(project):
        names = [_wrap(file, folder / layer) for file in files(project, layer)]
        top = (
            {"resources": names}
            if layer == "base"
            else {"resources": ["../base"], "patches": [{"path": name} for name in names]}
        )
        (folder / layer / "kustomization.yaml").write_text(yaml.safe_dump(top))


def _wrap(file: Path, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    head = f"apiVersion: fleet.example.com/v1\nkind: Component\nmetadata:\n  name: {file.stem}\nspec:\n"
    (folder / file.name).write_text(head + indented(file.read_text()))
    return file.name


def values(folder: Path, number: int, _overlay: str) -> dict[str, object]:
    """Component name -> merged values, from what kustomize printed."""
    documents = yaml.load_all((folder / f"printed.{number}").read_text(), yaml.CSafeLoader)
    return {document["metadata"]["name"]: document["spec"] for document in documents}
