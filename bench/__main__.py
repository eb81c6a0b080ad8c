"""`python -m bench`: makes a fleet, runs cfgc and its peers in turn, checks that the values agree, prints ratios.

Exit code 1 when the values disagree, or when a ratio of the contract is missed and `--check` is given.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from bench.fleet import SIZES, Fleet, write_fleet
from bench.machine import facts, program
from bench.measure import Contestant, run_in_turn
from bench.peers import himl, kustomize
from bench.report import OURS, Report, Row, table

PLAIN_SCRIPT = Path(__file__).parent / "peers" / "plain_script.py"


def main() -> int:
    options = _options()
    fleet = SIZES[options.fleet]
    folder = Path(tempfile.mkdtemp(prefix="cfgc-bench-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    try:
        start = _start(options.rounds)
        render = _render(fleet, folder, options.rounds)
        agree = _values_agree(fleet, folder)
    finally:
        shutil.rmtree(folder)
    report = Report(facts(), options.fleet, start, render, agree)
    sys.stdout.write(json.dumps(report.as_data(), indent=2) + "\n" if options.format == "json" else table(report))
    return 0 if agree and not (options.check and report.missed()) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--fleet", choices=SIZES, default="medium")
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds after one warm-up")
    parser.add_argument("--format", choices=["table", "json"], default="table")
    parser.add_argument("--check", action="store_true", help="fail when a ratio of the contract is missed")
    return parser.parse_args()


def _start(rounds: int) -> list[Row]:
    contestants = [
        Contestant("import click", [[sys.executable, "-c", "import click"]]),
        Contestant("cfgc --version", [[_cfgc(), "--version"]]),
        Contestant("cfgc --help", [[_cfgc(), "--help"]]),
    ]
    run_in_turn(contestants, rounds * 3)
    return _rows(contestants)


def _render(fleet: Fleet, folder: Path, rounds: int) -> list[Row]:
    project = folder / "project"
    write_fleet(fleet, project)
    contestants = [
        Contestant(
            OURS,
            [[_cfgc(), "render", *fleet.overlays]],
            before=lambda: shutil.rmtree(project / "dist", ignore_errors=True),
            folder=project,
        ),
        Contestant(
            "plain script",
            [[sys.executable, str(PLAIN_SCRIPT), str(project), str(folder / "plain"), *fleet.overlays]],
            before=lambda: shutil.rmtree(folder / "plain", ignore_errors=True),
        ),
        *_kustomize(fleet, folder),
        *_himl(fleet, folder),
    ]
    run_in_turn(contestants, rounds)
    return _rows(contestants)


def _kustomize(fleet: Fleet, folder: Path) -> list[Contestant]:
    kubectl = program("kubectl")
    if kubectl is None:
        return []
    kustomize.prepare(folder / "project", folder / "kustomize")
    commands = [[kubectl, "kustomize", str(folder / "kustomize" / overlay)] for overlay in fleet.overlays]
    return [Contestant("kubectl kustomize", commands, stdout=folder / "kustomize.out")]


def _himl(fleet: Fleet, folder: Path) -> list[Contestant]:
    found = program("himl")
    if found is None:
        return []
    himl.prepare(folder / "project", folder / "himl")
    commands = [[found, "--cwd", str(folder / "himl"), "--print-data", overlay] for overlay in fleet.overlays]
    return [Contestant("himl", commands, folder=folder / "himl", stdout=folder / "himl.out")]


def _cfgc() -> str:
    found = program("cfgc")
    if found is None:
        raise SystemExit("there is no `cfgc` beside this Python; run `make bench`")
    return found


def _rows(contestants: Sequence[Contestant]) -> list[Row]:
    return [Row(each.name, each.wall, each.processor, each.peak_kib / 1024) for each in contestants]


def _values_agree(fleet: Fleet, folder: Path) -> bool:
    """Whether every contestant ended with the same values for every component of every overlay."""
    for number, overlay in enumerate(fleet.overlays):
        ours = _configs(folder / "project" / "dist" / overlay)
        if len(ours) != fleet.components or ours != _configs(folder / "plain" / overlay):
            return False
        for peer, values in (("kustomize", kustomize.values), ("himl", himl.values)):
            printed = folder / f"{peer}.out.{number}"
            if printed.exists() and values(printed.read_text()) != ours:
                return False
    return True


def _configs(folder: Path) -> dict[str, object]:
    return {file.parent.name: yaml.load(file.read_text(), yaml.CSafeLoader) for file in folder.glob("*/config.yaml")}


if __name__ == "__main__":
    sys.exit(main())
