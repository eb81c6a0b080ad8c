"""Whole processes, timed in turn, so that a busy moment hits every contestant alike."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import environment

_LAUNCH = str(Path(__file__).parent / "launch.py")
_SLOW = 2.0
"""Seconds on the clock from which on a run is slow: of such a one three rounds are enough."""
_SLOW_ROUNDS = 3
_LONG = 10.0
"""Seconds from which on a first run counts: what a warm-up saves is nothing beside them."""


@dataclass
class Contestant:
    """One way to do the job: the commands of one run, and what to do before each run (not timed)."""

    name: str
    commands: Sequence[Sequence[str]]
    before: Callable[[], None] = lambda: None
    folder: Path | None = None
    stdout: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    walls: list[float] = field(default_factory=list)
    processors: list[float] = field(default_factory=list)
    peak_kib: int = 0

    @property
    def slow(self) -> bool:
        return len(self.walls) >= _SLOW_ROUNDS and min(self.walls) > _SLOW


@dataclass(frozen=True)
class Row:
    """One contestant: medians of the seconds on the clock and of the processor, and its largest process in MiB.

    A busy machine hardly changes the seconds of the processor.
    """

    name: str
    clock: float
    processor: float
    memory: float


def run_in_turn(contestants: Sequence[Contestant], rounds: int) -> list[Row]:
    """One warm-up round, then `rounds` measured ones, every contestant once a round; a slow one three times."""
    for turn in range(rounds + 1):
        for contestant in contestants:
            if contestant.slow:
                continue
            contestant.before()
            wall, processor, peak_kib = _run(contestant)
            if turn or (wall > _LONG and rounds > 1):
                contestant.walls.append(wall)
                contestant.processors.append(processor)
                contestant.peak_kib = max(contestant.peak_kib, peak_kib)
    return [_row(each) for each in contestants]


def _row(contestant: Contestant) -> Row:
    clock, processor = statistics.median(contestant.walls), statistics.median(contestant.processors)
    return Row(contestant.name, clock, processor, contestant.peak_kib / 1024)


def _run(contestant: Contestant) -> tuple[float, float, int]:
    wall, processor, most = 0.0, 0.0, 0
    variables = {**environment(), **contestant.variables}
    for number, command in enumerate(contestant.commands):
        stdout = f"{contestant.stdout}.{number}" if contestant.stdout else os.devnull
        launch = [sys.executable, "-IS", _LAUNCH, stdout, *command]
        done = subprocess.run(launch, cwd=contestant.folder, env=variables, stdout=subprocess.PIPE, check=True)
        seconds, worked, peak_kib, code = json.loads(done.stdout)
        if code:
            raise RuntimeError(f"{contestant.name} ended with {code}: {' '.join(command)}")
        wall, processor = wall + seconds, processor + worked
        most = max(most, peak_kib)
    return wall, processor, most
