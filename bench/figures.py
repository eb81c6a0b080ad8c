"""`python -m bench --check`: the committed figures against those of today; more than a fifth above is a regression.

Where `valgrind` is installed (the Debian package of that name) and the interpreter and the libraries are those of the
figures, instructions are counted: they hardly depend on the machine, and not at all on what else it does. Elsewhere
ratios of processor time against other processes of the same run are compared.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.cases import CASES
from bench.fleet import SIZES
from bench.ground import Ground
from bench.machine import environment, facts, installed
from bench.measure import Contestant

FIGURES = Path(__file__).parent / "figures.json"
ALLOWED = 1.2
_ROUNDS = 9
_COUNTED = re.compile(r"I +refs: +([\d,]+)")
_LIBRARIES = ("click", "jsonschema-rs", "yaml-rs", "PyYAML", "Jinja2")


def check(*, write: bool) -> int:
    """Compare, and say what regressed; or write the figures of today."""
    known: dict[str, Any] = {} if write else json.loads(FIGURES.read_text())
    counting = shutil.which("valgrind") is not None and (write or known["made with"] == made_with())
    found: dict[str, Any] = {"made with": made_with(), "machine": facts()["machine"]}
    with Ground(_ROUNDS, SIZES["small"]) as ground:
        if counting:
            found["instructions"] = dict(_instructions(ground))
        if write or not counting:
            found["ratios"] = dict(_ratios(ground))
    if write:
        FIGURES.write_text(json.dumps(found, indent=2) + "\n")
        return 0
    kind = "instructions" if counting else "ratios"
    why = "" if counting else " (no valgrind here, or not the interpreter and libraries of the figures)"
    print(f"comparing {kind}{why}")
    return int(bool(regressed(known[kind], found[kind])))


def regressed(known: Mapping[str, float], found: Mapping[str, float]) -> list[str]:
    """The names whose figure is more than a fifth above the known one, or is not there; every comparison is printed."""
    wrong = [name for name, figure in known.items() if not found.get(name, float("nan")) <= ALLOWED * figure]
    for name, figure in known.items():
        now = found.get(name, float("nan"))
        verdict = "REGRESSED" if name in wrong else "fine"
        print(f"{name:40}{figure:>16,.6g}{now:>16,.6g}{now / figure:8.2f}  {verdict}")
    return wrong


def made_with() -> str:
    """What instruction counts depend on beside cfgc."""
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {installed(name)}" for name in _LIBRARIES)])


def _instructions(ground: Ground) -> Iterator[tuple[str, int]]:
    """Instructions in user space of whole processes, workers left out: one processor, no hashing by chance."""
    yield "cfgc --version", _counted(ground.version())
    yield "cfgc --help", _counted(ground.cfgc("--help"))
    for size in ("small", "medium"):
        yield f"cold render, {size}, plain", _counted(ground.rendering(SIZES[size], "plain"))
    project = ground.project(SIZES["small"], "rich")
    yield "validate, small, rich", _counted(ground.cfgc("validate", project))


def _counted(contestant: Contestant) -> int:
    variables = {**environment(), **contestant.variables, "PYTHONHASHSEED": "0"}
    (command,) = contestant.commands
    subprocess.run(command, cwd=contestant.folder, env=variables, check=True, capture_output=True)  # writes byte code
    contestant.before()
    with tempfile.TemporaryDirectory() as outside:
        tool = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={outside}/%p"]
        alone = ["taskset", "-c", "0", *tool, sys.executable, *command]
        done = subprocess.run(alone, cwd=contestant.folder, env=variables, check=True, capture_output=True, text=True)
    found = _COUNTED.search(done.stderr)
    if found is None:
        raise RuntimeError(f"valgrind counted nothing: {done.stderr[-500:]}")
    return int(found[1].replace(",", ""))


def _ratios(ground: Ground) -> Iterator[tuple[str, float]]:
    """Processor time of cfgc against that of another process of the same run."""
    start = CASES["start"](ground)
    for row in start.rows[1:]:
        yield f"{row.name} / {start.base}", row.processor / start.row(start.base).processor
    cold = CASES["cold-small"](ground)
    yield "cold render, small / plain script", cold.row("cfgc").processor / cold.row("plain script").processor
