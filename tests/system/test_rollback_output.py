"""What a rollback leaves on the disk, however it ends (issue 3, section 4; THREATS K05)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Git
from tests.system.conftest import Cfgc, as_process
from tests.system.rollbacks import PROD, artifacts, is_clean, refused


class TestOutput:
    def test_a_set_that_cannot_be_written_takes_the_commit_back(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """A failed rollback leaves the repository as it was, whenever it fails."""
        cfgc(repo, "render", "prod")
        (repo / "dist/prod/mine").write_text("a file that is not cfgc's")
        before, head = artifacts(repo, "prod"), git(repo, "rev-parse", "HEAD")
        done = cfgc(repo, "rollback", "prod", "--to", "good")
        assert done.code == 1
        assert "CFG902" in done.err
        assert (artifacts(repo, "prod"), git(repo, "rev-parse", "HEAD")) == (before, head)
        assert is_clean(repo, git)

    def test_what_is_missing_for_writing_is_asked_before(
        self, repo: Path, git: Git, cfgc: Cfgc, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", "nowhere")
        assert "set `HOME`" in refused(repo, git, cfgc, "prod", "--to", "good").err

    def test_the_kept_output_is_the_last_that_differed(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        cfgc(repo, "render", "prod")
        before = artifacts(repo, "prod")
        for _ in range(2):
            assert cfgc(repo, "rollback", "prod", "--to", "good").code == 0
            assert artifacts(repo, "prod.bak") == before
        assert cfgc(repo, "rollback", "prod", "--to", "good~0").code == 0

    def test_what_is_kept_is_replaced_in_one_step(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        cfgc(repo, "render", "prod")
        cfgc(repo, "rollback", "prod", "--to", "good")
        good = artifacts(repo, "prod")
        assert cfgc(repo, "rollback", "prod", "--commit", "HEAD").code == 0
        assert artifacts(repo, "prod.bak") == good
        assert not [path for path in (repo / "dist").iterdir() if path.name.endswith(".next")]

    def test_something_else_in_its_place_is_not_removed(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        cfgc(repo, "render", "prod")
        (repo / "dist/prod.bak").write_text("mine")
        head = git(repo, "rev-parse", "HEAD")
        assert "CFG904" in cfgc(repo, "rollback", "prod", "--to", "good").err
        assert (repo / "dist/prod.bak").read_text() == "mine"
        assert git(repo, "rev-parse", "HEAD") == head


class TestKills:
    def test_kill_at_any_moment(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """K05: HEAD is the old or the new commit, nothing is damaged, and the next command settles the rest."""
        bad = git(repo, "rev-parse", "HEAD").strip()
        dice = random.Random(20260303)
        moved = 0
        start = time.monotonic()
        assert as_process(repo, "rollback", "prod", "--to", "good").returncode == 0
        took = time.monotonic() - start
        for _ in range(60):
            git(repo, "reset", "-q", "--hard", bad)
            command = [sys.executable, "-m", "cfgc", "-C", str(repo), "rollback", "prod", "--to", "good"]
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.random() * took * 1.3)
            child.send_signal(signal.SIGKILL)
            child.wait()
            done = cfgc(repo, "validate", "prod")
            assert done.code == 0, done.err
            head = git(repo, "rev-parse", "HEAD").strip()
            moved += head != bad
            assert head == bad or git(repo, "rev-parse", "HEAD~1").strip() == bad
            assert (repo / PROD).read_text() == ("replicas: 4\n" if head == bad else "replicas: 3\n")
            assert is_clean(repo, git)
            assert not (repo / ".git/index.lock").exists()
        assert moved
        assert "missing" not in git(repo, "fsck", "--strict")
        assert cfgc(repo, "rollback", "prod", "--to", "good").code == 0

    def test_two_at_once_wait_for_each_other(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """K01."""
        command = [sys.executable, "-m", "cfgc", "-C", str(repo), "rollback", "prod", "--to", "good", "--no-render"]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        said = [child.communicate() for child in both]
        assert [child.returncode for child in both] == [0, 0], said
        assert sorted(b"already is what it was" in out for out, _ in said) == [False, True]
        assert git(repo, "rev-list", "--count", "good..HEAD") == "4\n"
        assert is_clean(repo, git)

    def test_terminated_it_takes_everything_back(self, repo: Path, git: Git) -> None:
        """K06."""
        bad = git(repo, "rev-parse", "HEAD").strip()
        for pause in (0.2, 0.5, 0.8):
            command = [sys.executable, "-m", "cfgc", "-C", str(repo), "rollback", "prod", "--to", "good"]
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(pause)
            child.terminate()
            assert child.wait() in (0, 143, -signal.SIGTERM)
            assert is_clean(repo, git)
            git(repo, "reset", "-q", "--hard", bad)
