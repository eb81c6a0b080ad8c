"""Renders of a fleet that was rendered before: nothing changed, one file changed, one component asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from bench.fleet import component_name, layer_file
from bench.ground import VERSION, Ground
from bench.measure import run_in_turn
from bench.outcome import Outcome, times

RENDER = "cfgc render ENV..."
ONE = "cfgc render ENV --component NAME"
_NUMBER = 7


def again(ground: Ground) -> Outcome:
    """Everything is up to date."""
    project, command = _rendered(ground)
    rows = run_in_turn([ground.version(), ground.cfgc(command, project, name=RENDER)], ground.rounds)
    title = f"render again, nothing changed, fleet `{ground.fleet.name}`"
    return times("again", title, rows, {RENDER: 4.0}, VERSION)


def one_changed(ground: Ground) -> Outcome:
    """One file of one overlay differs from what was rendered."""
    project, command = _rendered(ground)
    file = project / layer_file(ground.fleet.overlays[0], _NUMBER)
    known, numbers = file.read_text(), count(100)

    def change() -> None:
        file.write_text(f"{known}extra: {next(numbers)}\n")

    rows = run_in_turn([ground.version(), ground.cfgc(command, project, change, RENDER)], ground.rounds)
    before = dict(_states(project / "dist"))
    run_in_turn([ground.cfgc(command, project, change)], 1)
    after = dict(_states(project / "dist"))
    file.write_text(known)
    written = sorted(name for name, state in after.items() if before.get(name) != state)
    own = f"{ground.fleet.overlays[0]}/{component_name(_NUMBER)}/"
    others = [name for name in written if name.count("/") == 2 and not name.startswith((own, "."))]
    notes = [f"files written: {len(written)}, those of other components among them: {len(others)}"]
    title = f"one overlay file changed, fleet `{ground.fleet.name}`"
    done = times("one-changed", title, rows, {RENDER: 6.0}, VERSION)
    wrong = [f"artifacts were written that had not changed: {', '.join(others[:3])}"] if others else []
    return replace(done, notes=notes, wrong=wrong)


def component(ground: Ground) -> Outcome:
    """One component of one environment."""
    fleet = ground.fleet
    project, _ = _rendered(ground)
    command = f"render {fleet.overlays[-1]} --component {component_name(_NUMBER)} --out {ground.folder / 'one'}"
    rows = run_in_turn([ground.version(), ground.cfgc(command, project, name=ONE)], ground.rounds)
    manifest = ground.folder / "one" / fleet.overlays[-1] / "manifest.json"
    read = len(json.loads(manifest.read_text())["inputs"])
    title = f"one component, fleet `{fleet.name}`"
    done = times("component", title, rows, {ONE: 6.0}, VERSION)
    return replace(done, notes=[f"files read, by the manifest: {read}"])


def _rendered(ground: Ground) -> tuple[Path, str]:
    """The fleet's project, rendered, and the command that did it."""
    ground.cold(ground.fleet, variant := ground.variant or "rich")
    return ground.project(ground.fleet, variant), f"render {' '.join(ground.fleet.overlays)}"


def _states(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every file with what tells that it was written: its number and its time."""
    for file in folder.rglob("*"):
        if file.is_file():
            found = file.stat()
            yield file.relative_to(folder).as_posix(), (found.st_ino, found.st_mtime_ns)
