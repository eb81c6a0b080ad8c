"""Whole processes, timed in turn, so that a busy moment hits every contestant alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Contestant:
    """One way to do the job: the commands of one run, and what to do before each run (not timed)."""

    name: str
    commands: Sequence[Sequence[str]]
    before: Callable[[], None] = lambda: None
    folder: Path | None = None
    stdout: Path | None = None
    walls: list[float] = field(default_factory=list)
    processors: list[float] = field(default_factory=list)
    peak_kib: int = 0

    @property
    def wall(self) -> float:
        """The median of the seconds on the clock."""
        return statistics.median(self.walls)

    @property
    def processor(self) -> float:
        """The median of the seconds that processors worked: a busy machine hardly changes it."""
        return statistics.median(self.processors)


def environment() -> Mapping[str, str]:
    """The contestants' environment: byte code is read and written, nothing else is special."""
    return {key: value for key, value in os.environ.items() if key not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}


def run_in_turn(contestants: Sequence[Contestant], rounds: int) -> None:
    """One warm-up round, then `rounds` measured ones, every contestant once a round."""
    for turn in range(rounds + 1):
        for contestant in contestants:
            contestant.before()
            wall, processor = _run(contestant)
            if turn:
                contestant.walls.append(wall)
                contestant.processors.append(processor)


def _run(contestant: Contestant) -> tuple[float, float]:
    begin, processor = time.perf_counter(), 0.0
    for number, command in enumerate(contestant.commands):
        with open(f"{contestant.stdout}.{number}" if contestant.stdout else os.devnull, "wb") as target:
            process = subprocess.Popen(
                command, cwd=contestant.folder, stdout=target, stderr=subprocess.DEVNULL, env=environment()
            )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        processor += usage.ru_utime + usage.ru_stime
        contestant.peak_kib = max(contestant.peak_kib, usage.ru_maxrss)
        if process.returncode:
            raise RuntimeError(f"{contestant.name} ended with {process.returncode}")
    return time.perf_counter() - begin, processor
