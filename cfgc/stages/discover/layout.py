"""What every layout answers: which layers there are, and which files belong to them."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

from cfgc.diagnostics import Diagnostic
from cfgc.model.layers import LayerFile
from cfgc.stages.discover.names import Twins

ROOT = "environments"


class Assigned(NamedTuple):
    """The files of each layer, in byte order of their key paths, and what is wrong with the others."""

    files: dict[str, tuple[LayerFile, ...]]
    findings: list[Diagnostic]


class Layout(Protocol):
    """The files of a project, listed and not read."""

    def environments(self) -> list[str]:
        """The names that are environments where `cfgc.yaml` declares none; `base` among them."""

    def layers(self) -> list[str]:
        """The layers that there are, as far as names alone tell."""

    def holds(self, layer: str) -> bool:
        """Whether there is anything of this layer."""

    def assign(self, declared: AbstractSet[str], *, implied: bool) -> Assigned:
        """The files of the declared layers; `implied` says that `environments` gave them."""


def layer_twins(layers: Iterable[str]) -> list[Diagnostic]:
    """Findings for layers that some file systems would take for one."""
    twins = Twins()
    clashes = (twins.clash(layer, f"{ROOT}/{layer}") for layer in sorted(layers))
    return [clash for clash in clashes if clash]


def in_order(files: list[LayerFile]) -> tuple[LayerFile, ...]:
    """Files in byte order of their key paths, those of one key path in the order of their own."""
    return tuple(sorted(files, key=lambda file: (file.at, file.path)))
