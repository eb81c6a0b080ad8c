"""A repository with a history of random edits, and the truth about each commit."""

from __future__ import annotations

import copy
import subprocess
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from tests.history.deeds import DEEDS, Dice, first_state
from tests.history.states import LAYERS, State

_WHO = "Ann Example <ann@example.org> 1767323045 +0000"


class Chronicle(NamedTuple):
    """A repository, its commits, the states they hold and what was done in each, oldest first."""

    root: Path
    commits: list[str]
    states: list[State]
    deeds: list[str]


def write_chronicle(root: Path, *, commits: int, seed: str) -> Chronicle:
    """A repository with that many commits; the same seed writes the same history."""
    dice = Dice(seed)
    states, deeds = [first_state(dice)], ["first"]
    for deed in islice(cycle(DEEDS), 10 * commits):
        state = copy.deepcopy(states[-1])
        if deed(dice, state) and _sound(state):  # what cannot be done now is done in the next round
            states.append(state)
            deeds.append(deed.__name__)
        if len(states) == commits:
            break
    git(root, "init", "-q", "-b", "main")
    git(root, "fast-import", "--quiet", stdin="".join(map(_commit, states, deeds)))
    git(root, "reset", "-q", "--hard")
    return Chronicle(root, git(root, "rev-list", "--reverse", "main").split(), states, deeds)


def _sound(state: State) -> bool:
    """Whether every reference has its target everywhere."""
    try:
        return all(state.effective(environment) for environment in LAYERS)
    except KeyError:
        return False


def _commit(state: State, deed: str) -> str:
    """A commit as `git fast-import` reads it."""
    files = "".join(f"M 100644 inline {path}\n{_data(text)}" for path, text in state.files().items())
    return f"commit refs/heads/main\ncommitter {_WHO}\n{_data(deed)}deleteall\n{files}"


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def git(root: Path, *words: str, stdin: str = "") -> str:
    """What a Git command prints."""
    done = subprocess.run(["git", *words], cwd=root, input=stdin, capture_output=True, text=True, check=True)
    return done.stdout.strip()
