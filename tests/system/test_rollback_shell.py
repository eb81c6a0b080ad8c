"""`config_restore.sh`, the way back for whoever is in a hurry (issue 3, section 4)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Git, commit
from tests.system.conftest import ROOT, Cfgc, Done
from tests.system.rollbacks import artifacts, is_clean, render_at, state


class TestShell:
    """`config_restore.sh`, run by a POSIX shell as an operator runs it."""

    @pytest.fixture
    def script(self, repo: Path, git: Git, tmp_path_factory: pytest.TempPathFactory) -> Path:
        program = tmp_path_factory.mktemp("bin") / "cfgc"
        program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m cfgc "$@"\n')
        program.chmod(0o755)
        shutil.copy(ROOT / "config_restore.sh", repo)
        commit(git, repo, "Adds the script")
        return program

    def run(self, repo: Path, program: Path, *args: str, stdin: int = subprocess.DEVNULL) -> Done:
        command = ["sh", str(repo / "config_restore.sh"), *args]
        env = {**os.environ, "CFGC": str(program)}
        done = subprocess.run(command, cwd="/", env=env, stdin=stdin, capture_output=True, text=True, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    def test_shellcheck_finds_nothing(self) -> None:
        program = Path(sys.executable).parent / "shellcheck"
        command = [str(program), "--norc", "--shell=sh", "--severity=style", str(ROOT / "config_restore.sh")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")

    def test_in_a_clone_below_names_with_spaces(
        self, repo: Path, git: Git, script: Path, cfgc: Cfgc, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Called from elsewhere, by a name from there, while `CDPATH` leads astray: the clone alone goes back."""
        above = tmp_path_factory.mktemp("with spaces") / "my 'files' $HOME"
        git(repo, "clone", "-q", str(repo), str(above / "the clone"))
        shutil.copytree(repo, above / "elsewhere" / "the clone")
        (above / "bin dir").mkdir()
        shutil.copy(script, above / "bin dir" / "cfgc")
        before = state(above / "elsewhere" / "the clone", git)
        env = {**os.environ, "CFGC": "bin dir/cfgc", "CDPATH": str(above / "elsewhere")}
        command = ["sh", "the clone/config_restore.sh", "-y", "prod", "good", "--reason", "two words"]
        done = subprocess.run(command, cwd=above, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        clone = above / "the clone"
        assert artifacts(clone, "prod") == render_at(clone, "good", "prod", cfgc)
        assert is_clean(clone, git)
        assert "Reason: two words" in git(clone, "log", "-1", "--format=%B")
        assert state(above / "elsewhere" / "the clone", git) == before

    def test_without_asking(self, repo: Path, git: Git, script: Path, cfgc: Cfgc) -> None:
        done = self.run(repo, script, "-y", "prod", "good", "--reason", "a 'quoted' $(touch planted)")
        assert done.code == 0, done.err
        assert artifacts(repo, "prod") == render_at(repo, "good", "prod", cfgc)
        assert "$(touch planted)" in git(repo, "log", "-1", "--format=%B")

    @pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
    def test_it_shows_the_plan_and_asks(self, repo: Path, git: Git, script: Path, answer: str, code: int) -> None:
        ours, theirs = os.openpty()
        os.write(ours, answer.encode())
        done = self.run(repo, script, "prod", "good", "--no-render", stdin=theirs)
        os.close(ours)
        os.close(theirs)
        assert done.code == code
        assert "this is a plan" in done.out
        assert ("HEAD is" in done.out) == (code == 0)
        assert is_clean(repo, git)

    def test_with_nobody_to_ask(self, repo: Path, git: Git, script: Path) -> None:
        before = state(repo, git)
        assert self.run(repo, script, "prod", "good").code == 2
        assert state(repo, git) == before

    @pytest.mark.parametrize("args", [[], ["prod"], ["--as-override", "prod"], ["-y", "-x", "good"]])
    def test_wrong_words(self, repo: Path, script: Path, args: list[str]) -> None:
        assert self.run(repo, script, *args).code == 2

    def test_help_and_a_cfgc_that_is_not_there(self, repo: Path, script: Path) -> None:
        assert self.run(repo, script, "--help").out.startswith("usage: config_restore.sh")
        assert "there is no `/nowhere/cfgc`" in self.run(repo, Path("/nowhere/cfgc"), "-y", "prod", "good").err

    def test_a_hostile_revision(self, repo: Path, git: Git, script: Path) -> None:
        """Gi1."""
        before = state(repo, git)
        assert self.run(repo, script, "-y", "prod", "--output=planted").code == 2
        assert state(repo, git) == before
