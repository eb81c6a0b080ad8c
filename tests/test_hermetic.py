"""The fixture that shuts the machine off from the tests does so, and each part of it can fail."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

PROBE = """
import os, socket, subprocess, pytest
from pathlib import Path

def test_home_is_empty_and_not_the_user_s():
    assert Path.home() != Path({home!r})
    assert list(Path.home().iterdir()) == []

def test_no_git_setting_of_the_machine():
    assert subprocess.run(["git", "config", "--list"], capture_output=True, text=True, cwd="/").stdout == ""

@pytest.mark.parametrize("name", {names!r})
def test_no_variable_of_the_machine(name):
    assert name not in os.environ

@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_no_network(host):
    try:
        socket.create_connection((host, 80), timeout=0.1)
    except OSError:
        pass
"""
HOSTILE = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.hooksPath",
    "GIT_CONFIG_VALUE_0": "/nowhere",
    "GIT_DIR": "/nowhere",
    "SOPS_AGE_KEY": "AGE-SECRET-KEY-1",
    "CFGC_SET__a": "1",
    "DATABASE_URL": "postgres://machine",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def run_probe(folder: Path, *, guarded: bool) -> dict[str, str]:
    """Runs the probe on a machine full of traps, with or without the fixture: test name -> outcome.

    Without the fixture the tests that would connect are left out: nothing is ever sent.
    """
    home = folder / "trapped-home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Machine\n")
    (folder / "test_probe.py").write_text(PROBE.format(home=str(home), names=sorted(HOSTILE)))
    if guarded:
        (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    command += [] if guarded else ["-k", "not network"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **HOSTILE}
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, env=environment)
    lines = (line.split() for line in done.stdout.splitlines())
    return {words[1].partition("::")[2]: words[0] for words in lines if words and words[0] in ("PASSED", "FAILED")}


def test_the_probe_passes_inside_and_catches_every_trap_outside(tmp_path: Path) -> None:
    """STYLE 13: HOME, network and user git config are shut off, and that fixture is itself tested."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    kept = run_probe(inside, guarded=True)
    bare = run_probe(outside, guarded=False)
    network = {name for name in kept if "network" in name}
    assert len(network) == 2
    assert {name for name, outcome in kept.items() if outcome == "FAILED"} == network, "a connection must fail the test"
    assert set(bare) == set(kept) - network
    assert set(bare.values()) == {"FAILED"}, "each trap is sprung where the fixture is missing"


def test_a_local_server_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_a_refused_connection_is_a_failed_test_even_where_errors_are_swallowed() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"must not reach `192\.0\.2\.1`"):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)
