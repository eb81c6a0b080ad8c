"""`python -m bench`: makes a fleet, runs cfgc and its peers in turn, checks that the values agree, prints ratios.

Exit code 1 when the values disagree or a ratio of SPEC section 11 is missed and `--check` is given.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

from bench.fleet import SIZES, Fleet, write_fleet
from bench.measure import Contestant, run_in_turn
from bench.peers import kustomize

PLAIN_SCRIPT = Path(__file__).parent / "peers" / "plain_script.py"
NEEDED = {"kubectl kustomize": 5.0, "plain script": 3.0}
START_LIMIT = 1.5


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="cfgc-bench-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    try:
        start = _start(options.rounds)
        render = _render(SIZES[options.fleet], folder, options)
        agree = _values_agree(SIZES[options.fleet], folder)
    finally:
        shutil.rmtree(folder)
    report = {
        "python": platform.python_version(),
        "fleet": options.fleet,
        "start": start,
        "render": render,
        "agree": agree,
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n" if options.format == "json" else _table(report))
    return 0 if agree and (not options.check or _reached(report)) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--fleet", choices=SIZES, default="medium")
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds after one warm-up")
    parser.add_argument("--kubectl", default=shutil.which("kubectl"), help="the kubectl to run (default: on PATH)")
    parser.add_argument("--format", choices=["table", "json"], default="table")
    parser.add_argument("--check", action="store_true", help="fail when a ratio of the contract is missed")
    return parser.parse_args()


def _start(rounds: int) -> dict[str, float]:
    """SPEC section 11: `--help` and `--version` cost at most 1.5 times `import click`."""
    python = sys.executable
    contestants = [
        Contestant("import click", [[python, "-c", "import click"]]),
        Contestant("cfgc --version", [[python, "-m", "cfgc", "--version"]]),
        Contestant("cfgc --help", [[python, "-m", "cfgc", "--help"]]),
    ]
    run_in_turn(contestants, rounds * 3)
    return {contestant.name: contestant.median for contestant in contestants}


def _render(fleet: Fleet, folder: Path, options: argparse.Namespace) -> dict[str, dict[str, float]]:
    project = folder / "project"
    write_fleet(fleet, project)
    contestants = [
        Contestant(
            "cfgc",
            [[sys.executable, "-m", "cfgc", "-q", "-C", str(project), "render", *fleet.overlays]],
            before=lambda: shutil.rmtree(project / "dist", ignore_errors=True),
        ),
        Contestant(
            "plain script",
            [[sys.executable, str(PLAIN_SCRIPT), str(project), str(folder / "plain"), *fleet.overlays]],
            before=lambda: shutil.rmtree(folder / "plain", ignore_errors=True),
        ),
    ]
    if options.kubectl:
        kustomize.prepare(project, folder / "kustomize")
        commands = [[options.kubectl, "kustomize", str(folder / "kustomize" / overlay)] for overlay in fleet.overlays]
        contestants.append(Contestant("kubectl kustomize", commands, stdout=folder / "kustomize.out"))
    run_in_turn(contestants, options.rounds)
    return {each.name: {"seconds": each.median, "peak_mib": each.peak_kib / 1024} for each in contestants}


def _values_agree(fleet: Fleet, folder: Path) -> bool:
    """Whether every contestant ended with the same values for every component of every overlay."""
    for number, overlay in enumerate(fleet.overlays):
        ours = _configs(folder / "project" / "dist" / overlay)
        if len(ours) != fleet.components or ours != _configs(folder / "plain" / overlay):
            return False
        printed = folder / f"kustomize.out.{number}"
        if printed.exists() and kustomize.values(printed.read_text()) != ours:
            return False
    return True


def _configs(folder: Path) -> dict[str, object]:
    return {file.parent.name: yaml.load(file.read_text(), yaml.CSafeLoader) for file in folder.glob("*/config.yaml")}


def _reached(report: dict) -> bool:
    ours = report["render"]["cfgc"]["seconds"]
    slow_start = report["start"]["cfgc --help"] > START_LIMIT * report["start"]["import click"]
    missed = [name for name, row in report["render"].items() if row["seconds"] < NEEDED.get(name, 0) * ours]
    return not slow_start and not missed


def _table(report: dict) -> str:
    click = report["start"]["import click"]
    ours = report["render"]["cfgc"]["seconds"]
    rows = [f"start, Python {report['python']}"]
    rows += [
        f"  {name:<20} {seconds * 1000:8.0f} ms   {seconds / click:5.2f} x import click"
        for name, seconds in report["start"].items()
    ]
    rows += ["", f"cold render, fleet `{report['fleet']}`, values {'agree' if report['agree'] else 'DISAGREE'}"]
    rows += [
        f"  {name:<20} {row['seconds'] * 1000:8.0f} ms   {row['seconds'] / ours:5.2f} x cfgc   {row['peak_mib']:6.0f} MiB"
        for name, row in report["render"].items()
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
