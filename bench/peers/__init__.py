"""The peers: each has its own form of the fleet, runs as a whole process, and gives its values back.

A peer's module has `NAME` and, where one is promised, `AT_LEAST`: how many times faster cfgc is. `commands(folder,
overlays)` is None where the peer is not installed. `prepare(project, folder)` writes the peer's own form; after a run
`values(folder, number, overlay)` gives component name -> values of the overlay of that number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from bench.measure import Contestant
from bench.peers import himl, jsonnet, kapitan, kustomize, omegaconf, plain

PEERS: tuple[ModuleType, ...] = (plain, jsonnet, kustomize, omegaconf, himl, kapitan)


@dataclass(frozen=True)
class Lineup:
    """The peers that take part, and the names of those that are not installed."""

    present: Sequence[tuple[ModuleType, Contestant]]
    missing: Sequence[str]


def line_up(project: Path, folder: Path, overlays: Sequence[str]) -> Lineup:
    """Every peer with the project in its own form, below `folder`."""
    present, missing = [], []
    for peer in PEERS:
        own = folder / peer.NAME.replace(" ", "-")
        commands = peer.commands(own, overlays)
        if commands is None:
            missing.append(peer.NAME)
            continue
        own.mkdir(parents=True)
        peer.prepare(project, own)
        present.append((peer, Contestant(peer.NAME, commands, folder=own, stdout=own / "printed")))
    return Lineup(present, missing)
