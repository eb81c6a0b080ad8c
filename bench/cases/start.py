"""What a process costs before it does anything, and the hooks that run at every commit."""

from __future__ import annotations

import sys
from itertools import count

from bench.fleet import layer_file
from bench.ground import VERSION, Ground, git
from bench.measure import Contestant, run_in_turn
from bench.outcome import Outcome, times

CLICK = 'python -c "import click"'


def start(ground: Ground) -> Outcome:
    """The start against that of an empty click program."""
    click = Contestant(CLICK, [[sys.executable, "-c", "import click"]])
    rows = run_in_turn([click, ground.version(), ground.cfgc("--help")], ground.rounds * 3)
    return times("start", "start", rows, {VERSION: 1.5, "cfgc --help": 1.5}, CLICK)


def hook(ground: Ground) -> Outcome:
    """The pre-commit hooks with one staged file of another content each time; the warm-up checks all that is staged."""
    fleet = ground.fleet
    project = ground.project(fleet, "rich")
    file = project / layer_file(fleet.overlays[0], 7)
    known, numbers = file.read_text(), count(1)

    def stage() -> None:
        file.write_text(known.replace("  timeout: ", f"  timeout: {next(numbers)}", 1))
        git(project, "add", ".")

    try:
        commands = ["validate --staged", "secrets --staged"]
        rows = run_in_turn([ground.version(), *(ground.cfgc(each, project, stage) for each in commands)], ground.rounds)
    finally:
        file.write_text(known)
        git(project, "add", ".")
    limits = {f"cfgc {each}": 3.0 for each in commands}
    return times("hook", f"pre-commit hooks, one staged file in `{fleet.name}`", rows, limits, VERSION)
