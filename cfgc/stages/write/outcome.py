"""What the writing stage is asked for and what it answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cfgc.model.artifact import Artifact
from cfgc.model.manifest import Manifest


class Request(NamedTuple):
    """One environment's artifacts and where they go.

    `manifest` holds the facts of this run, without artifacts. `narrowed` names the components that were rendered; the
    others are carried over from the set that stands there. None: the whole environment. `state_folder` keeps the
    machine's key. `wait` is in seconds. The artifacts are looked at one environment after the other, and not kept.
    """

    folder: str
    manifest: Manifest
    artifacts: Collection[Artifact]
    state_folder: Path
    narrowed: frozenset[str] | None = None
    force: bool = False
    wait: float = 60.0


@dataclass(slots=True, eq=False, repr=False)
class Outcome:
    """What became of every path of the set."""

    manifest: Manifest
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    replaced: bool = True
    """whether `dist/ENV` is a new folder; false when everything was already there"""
