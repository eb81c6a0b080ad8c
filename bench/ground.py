"""Where cases run: fleets on a memory filesystem, each made once, and cold renders, each measured once."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from bench.fleet import Fleet, write_fleet
from bench.machine import cfgc, environment
from bench.measure import Contestant, Row, run_in_turn
from bench.rich import DEMO_KEY

VERSION = "cfgc --version"


@dataclass
class Ground:
    """One run of the benchmark. Leaving the block removes all that it made."""

    rounds: int
    fleet: Fleet
    """the fleet of the cases that name none"""
    variant: str | None = None
    """what is asked for in place of each case's own variant"""
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="cfgc-bench-", dir=_memory())))
    _cold: dict[tuple[str, str], Row] = field(default_factory=dict)

    def __enter__(self) -> Ground:
        """With the key alone in a file of its own: of a file that calls its keys public, each render would say so."""
        known = [line for line in DEMO_KEY.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-")]
        self._key.write_text("\n".join([*known, ""]))
        self._key.chmod(0o600)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        shutil.rmtree(self.folder)

    @property
    def variables(self) -> dict[str, str]:
        """What measured processes see beside the rest: a home of their own, and the key of the fleet's secrets."""
        homes = {name: str(self.folder / name) for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
        return {**homes, "SOPS_AGE_KEY_FILE": str(self._key)}

    @property
    def _key(self) -> Path:
        return self.folder / "keys.txt"

    def project(self, fleet: Fleet, variant: str) -> Path:
        """The project of a fleet; a `rich` one is a repository, all of it committed."""
        place = self.folder / f"{fleet.name}-{variant}"
        if not place.exists():
            write_fleet(fleet, place, variant)
            if variant == "rich":
                commit_all(place)
        return place

    def cfgc(
        self, words: str, folder: Path | None = None, before: Callable[[], None] = lambda: None, name: str = ""
    ) -> Contestant:
        """A command line of cfgc as a contestant, of that name where no other is given."""
        command = [cfgc(), *words.split()]
        return Contestant(name or f"cfgc {words}", [command], before, folder, variables=self.variables)

    def version(self) -> Contestant:
        return self.cfgc("--version")

    def rendering(self, fleet: Fleet, variant: str) -> Contestant:
        """All environments of a fleet, cold: nothing was rendered before, and nothing is remembered."""
        project = self.project(fleet, variant)

        def forget() -> None:
            for each in (project / "dist", self.folder / "XDG_CACHE_HOME", self.folder / "XDG_STATE_HOME"):
                shutil.rmtree(each, ignore_errors=True)

        return self.cfgc(f"render {' '.join(fleet.overlays)}", project, forget, f"cfgc render, {fleet.name}")

    def cold(self, fleet: Fleet, variant: str) -> Row:
        """A cold render of all of a fleet, measured once a run of the benchmark."""
        known = self._cold.get((fleet.name, variant))
        if known is None:
            (known,) = run_in_turn([self.rendering(fleet, variant)], self.rounds)
            self._cold[fleet.name, variant] = known
        return known


def commit_all(root: Path) -> None:
    """Make a folder a repository with one commit; `dist` is not part of it."""
    (root / ".gitignore").write_text("/dist/\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-m", "the fleet")


def git(root: Path, *words: str, given: str = "") -> None:
    """Git, without any settings of its surroundings."""
    settings = {**environment(), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *words], cwd=root, input=given.encode(), env=settings, check=True, capture_output=True)


def _memory() -> str | None:
    """Small files on a disk cost whatever the disk likes."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
