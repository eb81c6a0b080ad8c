"""`python -m bench.history`: what commands over Git revisions cost, in cold validations of the same fleet.

Makes the fleet `medium` and two histories of 300 commits over it, each of which changes one value: always the same one
(`same`), or one somewhere in the fleet (`anywhere`). Exit code 1 when a promise is missed and `--check` is given.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.fleet import SIZES, component_name, write_fleet
from bench.machine import facts, program
from bench.measure import Contestant, environment, run_in_turn

COMMITS = 300
VALIDATE = "cfgc validate"
PROMISED = {"log, each commit changes it": 5.0, "log, each changes something": 5.0, "diff of one line": 1.5}
"""how many times one cold `validate` a command may cost (issue: Git is the history, section 7)"""
COMPONENT = component_name(7)
_FILE = f"environments/base/managers/{COMPONENT}.yaml"
_SECONDS = 1_767_000_000


def main() -> int:
    options = _options()
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="cfgc-bench-", dir=shared if shared.is_dir() else None))
    try:
        write_history(folder)
        contestants = _contestants(folder)
        run_in_turn(contestants, options.rounds)
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(_table(contestants))
    one = contestants[0].wall
    missed = [each for each in contestants if each.wall > PROMISED.get(each.name, float("inf")) * one]
    return int(bool(missed) and options.check)


def write_history(root: Path) -> None:
    """The fleet as a repository with the branches `same`, which is checked out, and `anywhere`."""
    write_fleet(SIZES["medium"], root)
    texts = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}
    layers = sorted(name for name in texts if name.startswith("environments/"))
    dice = random.Random("history")
    stream = [*_commit("main", 1, texts), *_branch("same", texts, [_FILE] * COMMITS)]
    stream += _branch("anywhere", texts, [dice.choice(layers) for _ in range(COMMITS)])
    _git(root, "init", "-q", "-b", "main")
    _git(root, "fast-import", "--quiet", given="".join(stream))
    _git(root, "checkout", "-q", "-f", "same")


def _branch(name: str, start: dict[str, str], files: list[str]) -> Iterator[str]:
    """One commit for each file, which changes the first timeout in it."""
    texts = dict(start)
    parent = "main"
    for number, file in enumerate(files, 2):
        lines = texts[file].split("\n")
        at = next(index for index, line in enumerate(lines) if line.startswith("  timeout:"))
        lines[at] = f"  timeout: {number + 1000}s"
        texts[file] = "\n".join(lines)
        yield from _commit(name, number, {file: texts[file]}, parent)
        parent = ""


def _commit(branch: str, number: int, texts: dict[str, str], parent: str = "") -> Iterator[str]:
    who = f"Ann <ann@example.org> {_SECONDS + 60 * number} +0000"
    yield f"commit refs/heads/{branch}\nauthor {who}\ncommitter {who}\n{_data(f'change {number}')}"
    if parent:
        yield f"from refs/heads/{parent}\n"
    yield from (f"M 100644 inline {name}\n{_data(text)}" for name, text in texts.items())
    yield "\n"


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def _contestants(root: Path) -> list[Contestant]:
    cfgc = program("cfgc")
    if cfgc is None:
        raise SystemExit("there is no `cfgc` beside this Python")
    value = f"managers.{COMPONENT}.database.timeout"
    commands = {
        VALIDATE: ["validate"],
        "diff of one line": ["diff", "same~1..same"],
        "log, each commit changes it": ["log", "prod", value],
        "log, each changes something": ["--rev", "anywhere", "log", "prod", value],
        "log of a component": ["log", "prod", f"managers.{COMPONENT}"],
        "blame of a component": ["--rev", "anywhere", "blame", "prod", COMPONENT],
        "blame of the fleet": ["--rev", "anywhere", "blame", "prod"],
    }
    return [Contestant(name, [[cfgc, *words]], folder=root) for name, words in commands.items()]


def _table(contestants: list[Contestant]) -> str:
    one = contestants[0]
    lines = [f"{name}: {text}" for name, text in facts().items()]
    lines += ["", f"{'':32}{'clock':>9}{'processor':>12}{'by clock':>10}{'by processor':>14}{'promised':>10}"]
    for each in contestants:
        promise = f"{PROMISED[each.name]:10.1f}" if each.name in PROMISED else ""
        lines.append(
            f"{each.name:32}{each.wall * 1000:6.0f} ms{each.processor * 1000:9.0f} ms"
            f"{each.wall / one.wall:10.2f}{each.processor / one.processor:14.2f}{promise}"
        )
    return "\n".join(lines) + "\n"


def _git(root: Path, *words: str, given: str = "") -> None:
    settings = {**environment(), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *words], cwd=root, input=given.encode(), env=settings, check=True, capture_output=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds after one warm-up")
    parser.add_argument("--check", action="store_true", help="fail when a promise is missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
