"""Streams, terminals and signals: what is printed where, and the code at the end (SPEC 10; THREATS K06, O11)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.system.conftest import Cfgc, as_process


def test_colours_appear_only_on_a_terminal(shop: Path) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 0\n")
    assert "\x1b" not in as_process(shop, "validate").stdout
    script = f"import pty,sys; pty.spawn([sys.executable, '-m', 'cfgc', '-C', {str(shop)!r}, 'validate'])"
    for extra, colored in ({}, True), ({"NO_COLOR": "1"}, False):
        env = {**os.environ, "TERM": "xterm", **extra}
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, check=False)
        assert ("\x1b[" in done.stdout) is colored


@pytest.mark.parametrize("command", ["show prod", "explain CFG402", "schema", "--help", "--version", "validate"])
@pytest.mark.parametrize(("to", "why"), [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
def test_k06_output_that_cannot_be_written_is_1(shop: Path, command: str, to: str, why: str) -> None:
    """A full disk or a closed standard output was a bug in cfgc, code 3."""
    line = f"{sys.executable} -m cfgc {command} {to}"
    done = subprocess.run(["sh", "-c", line], cwd=shop, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"cfgc: error: the output cannot be written: {why}\n")


def test_k06_closed_streams_take_no_artifact(shop: Path, tmp_path: Path) -> None:
    """The first file that is opened would get the number of a closed stream, and the messages with it."""
    out = tmp_path / "out"
    line = f"{sys.executable} -m cfgc render prod --out {out} <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", line], cwd=shop, check=False).returncode == 0
    assert (out / "prod" / "db" / "config.yaml").read_text() == "name: main\nport: 5432\n"


def test_closed_pipe_is_141(shop: Path) -> None:
    big = "".join(f"key_{number}: {'x' * 200}\n" for number in range(2000))
    (shop / "environments/base/managers/big.yaml").write_text(big)
    command = f"{sys.executable} -m cfgc -C {shop} show prod | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("141", "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_k06_interrupted_and_terminated_have_their_codes(shop: Path, number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "cfgc", "-C", str(shop), "render", "prod", "--out", str(shop / "dist")]
    os.mkdir(shop / "dist")
    with open(shop / "dist/.cfgc.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        while process.poll() is None and not _holds(process.pid, shop / "dist/.cfgc.lock"):
            time.sleep(0.01)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in err


def _holds(process: int, file: Path) -> bool:
    """Whether a process has a file open: it waits for the lock then."""
    opened = []
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            opened.append(os.readlink(descriptor))
    return str(file) in opened


def test_a_bug_is_3_and_shows_no_value(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("CANARY-IN-MESSAGE")

    monkeypatch.setattr("cfgc.pipeline.compile.merge", broken)
    done = cfgc(shop, "show", "prod")
    assert done.code == 3
    assert "RuntimeError" in done.err
    assert "CANARY" not in done.err


@pytest.mark.parametrize(
    "arguments",
    ["sh{}ow", "show pr{}od", "show prod {}", "why {}:3", "explain {}", "--rev {} validate", "validate --date {}",
     "validate --{}", "render prod --out templates/{}"],
)  # fmt: skip
def test_o11_no_argument_reaches_a_terminal_as_control_characters(shop: Path, arguments: str) -> None:
    """Scripts pass names of a merge request on; on a terminal, click leaves escapes as they are."""
    done = as_process(shop, *arguments.replace("{}", "\x1b[31m\x07").split(" "), env={**os.environ, "FORCE_COLOR": "1"})
    assert done.returncode in (1, 2)
    assert not [character for character in done.stdout + done.stderr if character < " " and character not in "\n\t"]
