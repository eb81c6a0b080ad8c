"""What commands over Git revisions cost, in cold validations of the same fleet.

Makes the fleet `medium` and two histories of 300 commits over it, each of which changes one value: always the same one
(`same`), or one somewhere in the fleet (`anywhere`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bench.fleet import SIZES, component_name, layer_file, write_fleet
from bench.ground import Ground, git
from bench.measure import Contestant, run_in_turn
from bench.outcome import Outcome, times

COMMITS = 300
VALIDATE = "cfgc validate"
PROMISED = {"log, each commit changes it": 5.0, "log, each changes something": 5.0, "diff of one line": 1.5}
"""how many times one cold `validate` a command may cost (issue: Git is the history, section 7)"""
COMPONENT = component_name(7)
_FILE = layer_file("base", 7)
_SECONDS = 1_767_000_000


def history(ground: Ground) -> Outcome:
    """Commands over 300 commits against one cold validation."""
    folder = ground.folder / "history"
    write_history(folder)
    rows = run_in_turn(_contestants(ground, folder), ground.rounds)
    return times("history", f"commands over {COMMITS} commits, fleet `medium` (plain)", rows, PROMISED, VALIDATE)


def write_history(root: Path) -> None:
    """The fleet as a repository with the branches `same`, which is checked out, and `anywhere`."""
    write_fleet(SIZES["medium"], root)
    texts = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}
    layers = sorted(name for name in texts if name.startswith("environments/"))
    dice = random.Random("history")
    stream = [*_commit("main", 1, texts), *_branch("same", texts, [_FILE] * COMMITS)]
    stream += _branch("anywhere", texts, [dice.choice(layers) for _ in range(COMMITS)])
    git(root, "init", "-q", "-b", "main")
    git(root, "fast-import", "--quiet", given="".join(stream))
    git(root, "checkout", "-q", "-f", "same")


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


def _contestants(ground: Ground, root: Path) -> list[Contestant]:
    value = f"managers.{COMPONENT}.database.timeout"
    commands = {
        VALIDATE: "validate",
        "diff of one line": "diff same~1..same",
        "log, each commit changes it": f"log prod {value}",
        "log, each changes something": f"--rev anywhere log prod {value}",
        "log of a component": f"log prod managers.{COMPONENT}",
        "blame of a component": f"--rev anywhere blame prod {COMPONENT}",
        "blame of the fleet": "--rev anywhere blame prod",
    }
    contestants = [ground.cfgc(words, root) for words in commands.values()]
    for contestant, name in zip(contestants, commands, strict=True):
        contestant.name = name
    return contestants
