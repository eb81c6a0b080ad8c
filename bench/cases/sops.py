"""Decrypting: cfgc against plain calls of sops."""

from __future__ import annotations

import os

from bench.fleet import SEALED
from bench.ground import Ground
from bench.measure import Contestant, run_in_turn
from bench.outcome import Outcome, Promise
from bench.rich import sops as program


def sops(ground: Ground) -> Outcome:
    """A cold render of 200 components with a SOPS file each, against one `sops decrypt` for each file, one by one."""
    ours = ground.rendering(SEALED, "rich")
    project = ground.project(SEALED, "rich")
    files = sorted((project / "environments").rglob("*.sops.yaml"))
    calls = [[*program(), "decrypt", "--output-type", "json", str(file)] for file in files]
    plain = Contestant(f"{len(files)} times `sops decrypt`", calls, variables=ground.variables)
    rows = run_in_turn([plain, ours], ground.rounds)
    cores = os.cpu_count() or 1
    promise = Promise(
        f"clock against that of the plain calls divided by {cores} cores", rows[1].clock / (rows[0].clock / cores), 1.2
    )
    return Outcome("sops", f"{len(files)} SOPS files, cold", rows, plain.name, [promise])
