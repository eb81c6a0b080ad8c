"""Cold renders: nothing was rendered before, nothing is remembered."""

from __future__ import annotations

from pathlib import Path

from bench.fleet import SIZES, Fleet
from bench.ground import Ground
from bench.measure import run_in_turn
from bench.outcome import Outcome, Promise
from bench.peers import Lineup, line_up
from bench.peers.layers import configs

OURS = "cfgc"
_MIB = 1024 * 1024
_MEMORY = 150 * 1e6 / _MIB
"""MiB that a render may take whatever it reads"""
_SECONDS = 60.0
"""of the processors, for 10,000 component instances"""


def cold_small(ground: Ground) -> Outcome:
    return _beside_peers(ground, SIZES["small"], promised=False)


def cold_medium(ground: Ground) -> Outcome:
    return _beside_peers(ground, SIZES["medium"], promised=True)


def cold_large(ground: Ground) -> Outcome:
    """All of the fleet, with everything that cfgc is for."""
    row = ground.cold(ground.fleet, variant := ground.variant or "rich")
    instances = ground.fleet.instances
    promise = Promise(f"{instances} component instances", row.processor, _SECONDS, unit="s")
    return Outcome("cold-large", f"cold render, fleet `{ground.fleet.name}` ({variant})", [row], row.name, [promise])


def memory(ground: Ground) -> Outcome:
    """The largest process of a cold render against the YAML that it reads."""
    row = ground.cold(ground.fleet, variant := ground.variant or "rich")
    size = sum(file.stat().st_size for file in (ground.project(ground.fleet, variant) / "environments").rglob("*.yaml"))
    promise = Promise("the largest process", row.memory, _MEMORY + 10 * size / _MIB, unit="MiB")
    title = f"memory, fleet `{ground.fleet.name}` ({variant}), {size / _MIB:.1f} MiB of YAML"
    return Outcome("memory", title, [row], row.name, [promise])


def growth(ground: Ground) -> Outcome:
    """What an artifact costs in a fleet of 10,000 instances, against one of 400."""
    variant = ground.variant or "rich"
    low, high = SIZES["medium"], ground.fleet
    few, many = ground.cold(low, variant), ground.cold(high, variant)
    each = [row.processor / fleet.instances / 2 for row, fleet in ((few, low), (many, high))]
    promise = Promise(f"an artifact of `{high.name}` against one of `{low.name}`", each[1] / each[0], 1.2)
    notes = [f"processor for an artifact: {each[0] * 1e6:.0f} and {each[1] * 1e6:.0f} µs"]
    return Outcome(
        "growth", f"growth from `{low.name}` to `{high.name}` ({variant})", [few, many], few.name, [promise], notes
    )


def _beside_peers(ground: Ground, fleet: Fleet, *, promised: bool) -> Outcome:
    """A fleet beside the peers, which know the plain variant alone."""
    variant = ground.variant or "plain"
    ours = ground.rendering(fleet, variant)
    ours.name = OURS
    project, place = ground.project(fleet, variant), ground.folder / f"peers-{fleet.name}"
    peers = Lineup([], []) if variant == "rich" else line_up(project, place, fleet.overlays)
    rows = run_in_turn([ours, *(contestant for _, contestant in peers.present)], ground.rounds)
    promises = [
        Promise(f"faster than {peer.NAME}", row.processor / rows[0].processor, peer.AT_LEAST, "least")
        for (peer, _), row in zip(peers.present, rows[1:], strict=True)
        if promised and hasattr(peer, "AT_LEAST")
    ]
    notes = [f"not installed, and not measured: {name}" for name in peers.missing]
    wrong = _disagreeing(project, fleet, peers) if variant == "plain" else []
    title = f"cold render, fleet `{fleet.name}` ({variant})"
    return Outcome(f"cold-{fleet.name}", title, rows, OURS, promises, notes, wrong)


def _disagreeing(project: Path, fleet: Fleet, peers: Lineup) -> list[str]:
    """Whose values for some component of some overlay are not those of cfgc."""
    wrong = []
    for number, overlay in enumerate(fleet.overlays):
        ours = configs(project / "dist" / overlay)
        if len(ours) != fleet.components:
            wrong.append(f"cfgc rendered {len(ours)} of {fleet.components} components of `{overlay}`")
        for peer, contestant in peers.present:
            assert contestant.folder is not None
            if peer.values(contestant.folder, number, overlay) != ours:
                wrong.append(f"{peer.NAME} has other values in `{overlay}` than cfgc")
    return wrong
