"""Runs the commands of README.md in a fresh clone and compares what they print with what the README shows.

A block marked `console` holds commands after `$ ` and, below each, the lines it prints; `...` stands for any text. All
blocks run in order in one folder, as a reader would run them. The suite behind `make test` has just run when this is
called from `make check`, so here `make test` sets up and collects only.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Command(NamedTuple):
    """A command of the README and the lines shown below it."""

    text: str
    shown: list[str]


def commands(readme: str) -> Iterator[Command]:
    """The commands of all `console` blocks in order; a comment behind a command is not part of it."""
    for block in BLOCK.findall(readme):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *shown = part.rstrip("\n").split("\n")
            yield Command(re.sub(r"\s+# .*", "", first), shown)


def matches(shown: list[str], printed: str) -> bool:
    """Whether the printed text is the shown one, `...` standing for any text, lines included."""
    pattern = re.escape("\n".join(shown)).replace(r"\.\.\.", ".*")
    return re.fullmatch(pattern, printed.rstrip("\n"), re.DOTALL) is not None


def run(command: Command, folder: Path) -> bool:
    """Runs one command, says so, and tells whether it did what the README says."""
    path = f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTEST": "--collect-only --quiet --quiet"}
    kept = {name: value for name, value in environment.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    done = subprocess.run(
        ["bash", "-c", command.text], cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    fails = "error[CFG" in "\n".join(command.shown)
    right = (done.returncode != 0) == fails and (not command.shown or matches(command.shown, done.stdout))
    print(f"{'ok   ' if right else 'WRONG'} $ {command.text}")
    if not right:
        print(f"exit code {done.returncode}; printed:\n{done.stdout}")
    return right


def main() -> int:
    """Exit code 1 if a command fails or prints something else."""
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "cfgc"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        right = [run(command, clone) for command in commands((ROOT / "README.md").read_text(encoding="utf-8"))]
    print(f"{sum(right)} of {len(right)} commands do what README.md says")
    return 0 if right and all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
