"""A repository with a history of random edits, and the truth about each commit."""

from __future__ import annotations

import copy
import subprocess
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from tests.history.deeds import DEEDS, Dice, first_state
from tests.history.states import LAYERS, State


@dataclass
class Chronicle:
    """A repository, its commits and the states they hold, oldest first."""

    root: Path
    dice: Dice
    states: list[State] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)

    def commit(self, state: State, deed: str) -> None:
        _write(self.root, state.files())
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", f"{len(self.commits)}: {deed}", "--allow-empty")
        self.states.append(state)
        self.commits.append(git(self.root, "rev-parse", "HEAD"))
        self.deeds.append(deed)


def write_chronicle(root: Path, *, commits: int, seed: str) -> Chronicle:
    """A repository with that many commits; the same seed writes the same history."""
    git(root, "init", "-q", "-b", "main")
    chronicle = Chronicle(root, Dice(seed))
    chronicle.commit(first_state(chronicle.dice), "first")
    for deed in islice(cycle(DEEDS), 10 * commits):
        state = copy.deepcopy(chronicle.states[-1])
        if deed(chronicle.dice, state) and _sound(state):  # what cannot be done now is done in the next round
            chronicle.commit(state, deed.__name__)
        if len(chronicle.commits) == commits:
            break
    return chronicle


def _sound(state: State) -> bool:
    """Whether every reference has its target everywhere."""
    try:
        return all(state.effective(environment) for environment in LAYERS)
    except KeyError:
        return False


def _write(root: Path, files: dict[str, str]) -> None:
    for known in root.rglob("*"):
        if known.is_file() and ".git" not in known.parts and known.relative_to(root).as_posix() not in files:
            known.unlink()
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def git(root: Path, *words: str) -> str:
    """What a Git command prints."""
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()
