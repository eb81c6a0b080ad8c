"""The examples of docs/: what a page shows is what happens.

A comment begins an example, in a folder of its own: `<!-- example -->` in an empty one, `<!-- example: init -->` in one
that `cfgc init` has filled, `<!-- example: estate -->` in a copy of this estate, `<!-- example: key -->` in
an empty one with a key for `sops` at hand. The next comment, `<!-- end -->` or the end of the page ends it. Inside, a
fence below a line that is a path in backticks is that file, and a `console` fence holds commands after `$ ` with the
lines that they print. `...` stands for any text, `# exit code N` behind a command says how it ends, where that is
neither well nor with an error that is shown.

`python -m tests.docs.examples PAGE...` writes what the commands print today into the pages.
"""

from __future__ import annotations

import gc
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cfgc.cli.app import run as run_program
from tests.conftest import hermetic_environment

ROOT = Path(__file__).resolve().parents[2]
ESTATE = ("cfgc.yaml", "environments", "schemas", "policies", "templates", "files", "keys", ".sops.yaml")
OTHERS = {"rules", "decisions", "auto_docs"}
"""folders of pages that show no commands"""
PAGES = [page for page in sorted((ROOT / "docs").rglob("*.md")) if not OTHERS & set(page.parts)]

_START = re.compile(r"<!-- example(?:: (init|estate|key))? -->")
_END = re.compile(r"<!-- end -->")
_FENCE = re.compile(r"```([a-z0-9]*)$")
_FILE = re.compile(r"`([^` ]+)`:?$")
_SHELL = re.compile(r"[|&;<>()$*]")
_DOTS = re.compile(r"(?<!\.)(?:\\\.){3}(?!\\\.)")  # in an escaped text; three of a longer row are themselves
_SET = re.compile(r"(\w+)=(\S+) (cfgc .*)")


@dataclass(frozen=True, slots=True)
class Command:
    """A command, the lines shown below it, and where these stand in the page (first line, line behind the last)."""

    text: str
    shown: str
    lines: tuple[int, int]
    code: int = 0


@dataclass(slots=True)
class Example:
    """What happens in one folder, in order: files (path, text) and commands."""

    page: Path
    line: int
    start: str
    steps: list[tuple[str, str] | Command] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT / 'docs')}:{self.line}"


def examples(page: Path) -> Iterator[Example]:
    """The examples of a page; raises `ValueError` for a `console` fence outside of any, which nobody would run."""
    lines = page.read_text(encoding="utf-8").split("\n")
    current: Example | None = None
    name, at = "", 0
    while at < len(lines):
        line, at = lines[at], at + 1
        if found := _START.match(line):
            if current:
                yield current
            current = Example(page, at, found[1] or "")
        elif _END.match(line) and current:
            yield current
            current = None
        elif fence := _FENCE.match(line):
            end = lines.index("```", at)
            _take(current, fence[1], name, lines[at:end], at)
            name, at = "", end + 1
        elif line:
            named = _FILE.match(line)
            name = named[1] if named else ""
    if current:
        yield current


def _take(current: Example | None, language: str, name: str, body: list[str], at: int) -> None:
    if language == "console":
        if current is None:
            raise ValueError(f"line {at}: a `console` block outside of an example")
        current.steps += _commands(body, at)
    elif name and current is not None:
        current.steps.append((name, "".join(f"{line}\n" for line in body)))


def _commands(body: list[str], at: int) -> Iterator[Command]:
    starts = [number for number, line in enumerate(body) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        shown = "".join(f"{line}\n" for line in body[start + 1 : end])
        text, _, code = body[start][2:].partition("  # exit code ")
        yield Command(text.rstrip(), shown, (at + start + 1, at + end), int(code or 0))


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command of an example printed, and its exit code."""

    command: Command
    text: str
    code: int

    def problem(self) -> str:
        """What is not as the page says; empty if all is."""
        fails = bool(re.search(r"^(error\[|Error: )|: error\[", self.command.shown, re.MULTILINE))
        if self.code != self.command.code and not (fails and self.code in (1, 2)):
            return f"exit code {self.code} of `{self.command.text}`, printed:\n{self.text}"
        pattern = _DOTS.sub(".*", re.escape(self.command.shown.rstrip("\n")))
        if re.fullmatch(pattern, self.text.rstrip("\n"), re.DOTALL):
            return ""
        return f"`{self.command.text}` printed:\n{self.text}"


def play(example: Example, folder: Path) -> Iterator[Printed]:
    """The commands of an example, run one after the other in a folder that is made for it."""
    if example.start == "estate":
        for name in ESTATE:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
    before = dict(os.environ)
    if example.start == "key":
        os.environ["SOPS_AGE_KEY_FILE"] = str(ROOT / "keys" / "demo.agekey")
    try:
        with chdir(folder):
            if example.start == "init":
                _run("cfgc init")
            for step in example.steps:
                if isinstance(step, Command):
                    yield Printed(step, *_run(step.text))
                else:
                    Path(step[0]).parent.mkdir(parents=True, exist_ok=True)
                    Path(step[0]).write_text(step[1], encoding="utf-8")
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run(text: str) -> tuple[str, int]:
    if found := _SET.fullmatch(text):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(found[1], found[2])
            return _run(found[3])
    if text.startswith("cfgc ") and not _SHELL.search(text):
        return _in_process(shlex.split(text)[1:])
    if text.startswith("export "):
        name, _, value = text.removeprefix("export ").partition("=")
        os.environ[name] = value
        return "", 0
    if text.startswith("cd "):
        os.chdir(text.removeprefix("cd "))
        return "", 0
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    shell = ["bash", "-c", text]
    done = subprocess.run(shell, env={**os.environ, "PATH": path}, stdout=-1, stderr=-2, text=True, check=False)
    return done.stdout, done.returncode


def _in_process(arguments: list[str]) -> tuple[str, int]:
    before = signal.getsignal(signal.SIGTERM)
    both = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n", write_through=True)
    try:
        with redirect_stdout(both), redirect_stderr(both):
            code = run_program(arguments)
        both.seek(0)
        return both.read(), code
    finally:
        signal.signal(signal.SIGTERM, before)
        gc.enable()


def fill(page: Path) -> None:
    """Writes into a page what its commands print, where that is not what it shows; raises `RuntimeError` for a bug."""
    lines = page.read_text(encoding="utf-8").split("\n")
    changes: list[tuple[tuple[int, int], list[str]]] = []
    for example in examples(page):
        with tempfile.TemporaryDirectory() as folder:
            for printed in play(example, Path(folder)):
                if "a bug in cfgc" in printed.text or "Traceback" in printed.text:
                    raise RuntimeError(f"{example}: {printed.problem()}")
                if printed.problem():
                    changes.append((printed.command.lines, printed.text.rstrip("\n").split("\n")))
    for (start, end), text in reversed(changes):
        lines[start:end] = text if text != [""] else []
    page.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(hermetic_environment(Path(home)))
        for name in sys.argv[1:]:
            fill(Path(name).resolve())
