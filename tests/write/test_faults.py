"""THREATS F05, F06: an error at every system call, and `kill -9` at random moments."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfgc.stages.write import Request, write_set
from cfgc.stages.write.compare import compare_set
from cfgc.stages.write.write import cannot_write
from tests.write.conftest import artifacts

Make = Callable[..., Request]

CALLS = ("open", "write", "mkdir", "link", "rename", "fchmod", "listdir", "stat")


class Failing:
    """The k-th of the watched system calls fails, as the kernel would let it fail."""

    def __init__(self, patch: pytest.MonkeyPatch, code: int, at: int) -> None:
        self.left = at
        self.code = code
        self.fired = False
        for name in CALLS:
            patch.setattr(os, name, self._wrap(getattr(os, name)))

    def _wrap(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self.fired = True
                raise OSError(self.code, os.strerror(self.code))
            return real(*args, **named)

        return call


def generations(folder: Path) -> set[str]:
    return {path.read_text().split()[1] for path in folder.glob("app-*/*")} | {
        path.read_text().split()[1] for path in folder.glob("app-*/.env")
    }


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EMFILE], ids=errno.errorcode.get)
def test_f05_an_error_at_every_call_leaves_one_whole_set(
    tmp_path: Path, request_for: Make, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    write_set(request_for(artifacts("one", range(2))))
    at = 0
    while True:
        at += 1
        with monkeypatch.context() as patch:
            failing = Failing(patch, code, at)
            outcome, found = write_set(request_for(artifacts(f"g{at}", range(2))))
        standing = generations(tmp_path / "dist/prod")
        assert len(standing) == 1
        if not failing.fired:
            break
        if outcome is None:
            assert [diagnostic.code for diagnostic in found] == ["CFG901"]
        else:
            assert standing == {f"g{at}"}
    assert at > 40
    write_set(request_for(artifacts("last", range(2))))
    assert generations(tmp_path / "dist/prod") == {"last"}
    assert not (tmp_path / "dist/.prod.next").exists()


@pytest.mark.parametrize("of", ["dist", "dist/dist"])
def test_a_file_in_the_way_of_the_folder_is_named_as_it_is(
    of: str, tmp_path: Path, request_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dist").write_text("x")
    request = request_for(artifacts("1"))._replace(folder=of)
    for found in (write_set(request)[1], compare_set(request)):
        assert [one.name for one in found] == ["output-not-a-folder"]
        assert found[0].message.startswith("`dist` is")
    assert cannot_write("a/b/c", PermissionError(errno.EACCES, "no", "a/b")).message == "cannot write `a/b`: no"
    assert cannot_write("a", PermissionError(errno.EACCES, "no", "b")).message == "cannot write `a/b`: no"


def test_f05_a_real_limit_on_file_size_fails_clean(tmp_path: Path, request_for: Make) -> None:
    write_set(request_for(artifacts("one")))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, hard))
    try:
        outcome, found = write_set(request_for(artifacts("two")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert outcome is None
    assert [diagnostic.code for diagnostic in found] == ["CFG901"]
    assert generations(tmp_path / "dist/prod") == {"one"}


def test_f06_two_hundred_kills_at_random_moments_leave_a_whole_set_each(tmp_path: Path, request_for: Make) -> None:
    write_set(request_for(artifacts("g0")))
    dice = random.Random(20260101)
    deaths = 0
    for attempt in range(1, 201):
        child = os.fork()
        if child == 0:
            try:
                step = 0
                while True:
                    step += 1
                    write_set(request_for(artifacts(f"g{attempt}-{step}")))
            finally:
                os._exit(1)
        time.sleep(dice.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        deaths += os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        assert len(generations(tmp_path / "dist/prod")) == 1
        assert len(list((tmp_path / "dist/prod").rglob(".env"))) == 6
    assert deaths == 200
    outcome, found = write_set(request_for(artifacts("last")))
    assert outcome is not None
    assert found == []
    assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == [
        ".cfgc.lock",
        ".prod.previous",
        ".prod.state",
        "prod",
    ]


def test_k04_readers_that_resolve_the_folder_once_see_one_set(tmp_path: Path, request_for: Make) -> None:
    write_set(request_for(artifacts("g0")))
    child = os.fork()
    if child == 0:
        for step in range(300):
            write_set(request_for(artifacts(f"g{step}")))
        os._exit(0)
    mixed = 0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        folder = os.open(tmp_path / "dist/prod", os.O_RDONLY | os.O_DIRECTORY)
        seen = set()
        try:
            for number in range(6):
                with open(os.open(f"app-{number}/.env", os.O_RDONLY, dir_fd=folder)) as file:
                    seen.add(file.read().split()[1])
        except FileNotFoundError:
            seen = {"pruned two sets later"}
        finally:
            os.close(folder)
        mixed += len(seen) != 1
    assert mixed == 0
