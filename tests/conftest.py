"""Tests neither depend on the machine nor touch it: see `hermetic`."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

Git = Callable[..., str]

# nothing is timed, and continuous integration tries the same examples each time
settings.register_profile(
    "cfgc", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("cfgc")

ROOT = Path(__file__).resolve().parent.parent
DEMO_KEY = ROOT / "keys" / "demo.agekey"

_KEPT = {"PATH", "TMPDIR", "VIRTUAL_ENV", "CI"}
_KEPT_PREFIXES = ("COVERAGE_", "PYTEST_")
_CLOSED_PROXY = "http://127.0.0.1:9"
_IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in {"NAME": "Ann Example", "EMAIL": "ann@example.org", "DATE": "2026-01-02T03:04:05Z"}.items()
}


@pytest.fixture(scope="session", autouse=True)
def hermetic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty HOME, no Git or SOPS setting of this machine, no network; the value is HOME.

    The process environment is rebuilt from an allowlist. Child processes that honour proxies find a closed
    port, this process fails the test that opens a connection to another machine.
    """
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name not in _KEPT and not name.startswith(_KEPT_PREFIXES):
                patch.delenv(name)
        for name, value in hermetic_environment(home).items():
            patch.setenv(name, value)
        _shut_network(patch)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs us in the background has it ignored
        yield home


def hermetic_environment(home: Path) -> dict[str, str]:
    """What every process of a test finds in its environment, besides PATH."""
    return {
        "HOME": str(home),
        "GNUPGHOME": str(home / ".gnupg"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "http_proxy": _CLOSED_PROXY,
        "https_proxy": _CLOSED_PROXY,
        "HTTPS_PROXY": _CLOSED_PROXY,
        **_IDENTITY,
    }


def _shut_network(patch: pytest.MonkeyPatch) -> None:
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _only_this_machine(address[0])
        connect(self, address)

    def guarded_resolve(host: Any, *args: Any, **options: Any) -> Any:
        _only_this_machine(host)
        return resolve(host, *args, **options)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket, "getaddrinfo", guarded_resolve)


def _only_this_machine(host: object) -> None:
    # pytest.fail raises a BaseException, so that no `except OSError` of the code under test hides it
    if host not in (None, "localhost", "127.0.0.1", "::1"):
        pytest.fail(f"a test must not reach `{host}`")


@pytest.fixture
def demo_key(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Gives `sops` the public demo identities of this repository."""
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(DEMO_KEY))
    return DEMO_KEY


@pytest.fixture
def project(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """A function that writes files (project-relative path -> text) into one empty folder and returns it."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def git() -> Git:
    """A function that runs `git ARGS` in a folder and returns what it prints: `git(folder, "init", "-q")`."""

    def run(folder: Path, *args: str) -> str:
        done = subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout

    return run


def commit(git: Git, root: Path, message: str = "x") -> str:
    """Commit everything there is; the full id."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()


@pytest.fixture(scope="session")
def part(hermetic: Path) -> Callable[[str], str]:
    """A function that finds a program of `make parts`, or fails the test: a missing part never skips one."""
    folders = [str(ROOT / ".parts" / "node_modules" / ".bin"), os.environ["PATH"], "/usr/sbin", "/sbin"]

    def find(program: str) -> str:
        found = shutil.which(program, path=os.pathsep.join(folders))
        return found or pytest.fail(f"`{program}` is missing: `make parts` installs it")

    return find


@pytest.fixture
def chromium(part: Callable[[str], str], tmp_path: Path) -> Callable[..., str]:
    """Opens a page in a real browser, with what follows `#` in its address; gives the document its script left.

    Options in place of `--dump-dom` make something else of it: a picture.
    """

    def show(page: str, after: str = "", *options: str) -> str:
        file = tmp_path / "page.html"
        file.write_text(page, encoding="utf-8")
        argv = [part("chromium"), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'user'}"]
        argv += [*(options or ["--dump-dom"]), f"{file.as_uri()}#{after}"]
        return subprocess.run(argv, capture_output=True, check=True, text=True).stdout

    return show


@pytest.fixture
def templates_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates are rendered in this process, for a test that renders hundreds of times and is about something else.

    That a child renders them, and what limits it has, `tests/render` proves.
    """

    @contextmanager
    def capped(work: Iterable[Any], **_: int) -> Iterator[Iterator[Any]]:
        yield iter(work)

    monkeypatch.setattr("cfgc.stages.render.templated.capped", capped)
