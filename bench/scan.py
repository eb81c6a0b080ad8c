"""`python -m bench.scan`: files per second of `cfgc scan` beside a plain loop that reads and parses the same files.

Makes a repository of many formats with some history on a memory filesystem. Beyond the loop, a scan tells roles, keys,
places of errors, variables, secrets, owners and the last commit of each file, and prints all of it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.machine import cfgc, environment, facts
from bench.measure import Contestant, Row, run_in_turn

PLAIN = Path(__file__).parent / "peers" / "plain_scan.py"
SHARES = {"yaml": 55, "json": 20, "toml": 5, "ini": 5, "env": 5, "properties": 5, "xml": 5}
"""Percent of the files"""
_COMMITS = 50


def main() -> int:
    """Print the table."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="cfgc-bench-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    try:
        write_repository(folder, options.files)
        rows = run_in_turn(contestants(folder), options.rounds)
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(table(rows, options.files))
    return 0


def write_repository(folder: Path, count: int) -> None:
    """A repository of so many files, committed in portions by one author."""
    chance = random.Random(1)
    formats = [name for name, share in SHARES.items() for _ in range(share)]
    git(folder, "init", "-q", "-b", "main")
    for portion in range(_COMMITS):
        for number in range(portion, count, _COMMITS):
            name = formats[number % len(formats)]
            path = folder / f"team-{number % 40}" / f"service-{number}.{name}"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text(name, number, chance), encoding="utf-8")
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", f"Portion {portion}")


def git(folder: Path, *arguments: str) -> None:
    """Run Git as nobody in particular."""
    who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, *arguments], cwd=folder, env=dict(environment()), check=True)


def text(name: str, number: int, chance: random.Random) -> str:
    """A file of about 40 keys."""
    sections = {f"section_{index}": _section(number, index, chance) for index in range(5)}
    if name == "json":
        return json.dumps(sections, indent=2)
    if name == "xml":
        items = (f'  <add key="{key}" value="{value}"/>' for part in sections.values() for key, value in part.items())
        return "\n".join(["<configuration>", *items, "</configuration>", ""])
    if name in ("env", "properties"):
        return "".join(f"{key.upper()}={value}\n" for part in sections.values() for key, value in part.items())
    quote = '"' if name == "toml" else ""
    head, sign, indent = ("{}:", ": ", "  ") if name == "yaml" else ("[{}]", " = ", "")
    lines = []
    for section, part in sections.items():
        lines += [head.format(section), *(f"{indent}{key}{sign}{quote}{value}{quote}" for key, value in part.items())]
    return "\n".join(lines) + "\n"


def _section(number: int, index: int, chance: random.Random) -> dict[str, str]:
    return {
        f"url_{index}": f"https://svc-{number}.example.com:8443/api/v{index}",
        f"image_{index}": f"registry.example.com/team/app-{number}:1.{index}.0",
        f"timeout_{index}": f"{chance.randrange(1, 60)}s",
        f"host_{index}": "${DATABASE_HOST}",
        f"enabled_{index}": "true",
        f"replicas_{index}": str(chance.randrange(1, 9)),
        f"password_{index}": "${DATABASE_PASSWORD}",
        f"words_{index}": "some words about it",
    }


def table(rows: list[Row], files: int) -> str:
    """Markdown: seconds, files per second on the clock, and of a processor, which a busy machine hardly changes."""
    lines = [f"{key}: {value}" for key, value in facts().items()]
    lines += ["", f"| {files:,} files | clock | processor | files per second | of one processor | memory |"]
    lines.append("|---|--:|--:|--:|--:|--:|")
    for row in rows:
        told = f"{row.clock * 1000:.0f} ms | {row.processor * 1000:.0f} ms | {files / row.clock:,.0f}"
        told = f"{told} | {files / row.processor:,.0f}"
        lines.append(f"| {row.name} | {told} | {row.memory:.0f} MiB |")
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scan", description=__doc__)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds after one warm-up")
    return parser.parse_args()


def contestants(folder: Path) -> list[Contestant]:
    """The loop first, then scans that tell more and more."""
    return [
        Contestant("plain loop", [[sys.executable, str(PLAIN), str(folder)]]),
        Contestant("cfgc scan --no-commits", [[cfgc(), "scan", str(folder), "--no-commits"]]),
        Contestant("cfgc scan", [[cfgc(), "scan", str(folder)]]),
        Contestant("cfgc scan --history", [[cfgc(), "scan", str(folder), "--history"]]),
    ]


if __name__ == "__main__":
    sys.exit(main())
