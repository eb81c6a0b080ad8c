"""An inventory of a repository against a plain loop that reads and parses the same files: `bench/scan.py`."""

from __future__ import annotations

from bench.ground import Ground
from bench.measure import run_in_turn
from bench.outcome import Outcome
from bench.scan import contestants, write_repository

_FILES = 2_000


def scan(ground: Ground) -> Outcome:
    """2,000 files of seven formats, 50 commits."""
    folder = ground.folder / "scan"
    folder.mkdir()
    write_repository(folder, _FILES)
    rows = run_in_turn(contestants(folder), ground.rounds)
    notes = [f"files a second, by the clock: {', '.join(f'{row.name} {_FILES / row.clock:,.0f}' for row in rows)}"]
    return Outcome("scan", f"inventory of {_FILES:,} files", rows, rows[0].name, notes=notes)
