"""Rollbacks that are refused, and leave everything as it was (issue 3, section 4; THREATS Gi1, Gi10, Gi11)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Git, commit
from tests.system.conftest import Cfgc
from tests.system.rollbacks import PROD, TEST, edit, refused


class TestRefusals:
    def test_a_dirty_tree(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, TEST, "2", "7")
        assert "error[CFG958] dirty-tree" in refused(repo, git, cfgc, "prod", "--to", "good").err

    def test_untracked_files_do_not_count(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        (repo / "notes").write_text("mine")
        assert cfgc(repo, "rollback", "prod", "--to", "good").code == 0
        assert (repo / "notes").read_text() == "mine"

    def test_a_revision_of_another_branch(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """CFG969, Gi11: a rollback goes back, never across."""
        git(repo, "checkout", "-q", "-b", "side", "good")
        edit(repo, PROD, "3", "8")
        commit(git, repo, "Elsewhere")
        git(repo, "checkout", "-q", "main")
        assert "CFG969" in refused(repo, git, cfgc, "prod", "--to", "side").err
        assert "CFG969" in refused(repo, git, cfgc, "prod", "--commit", "side").err

    def test_a_revision_without_the_environment(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, "cfgc.yaml", "environments:\n", "environments:\n  dev: {extends: base}\n")
        (repo / "environments/dev.yaml").write_text("managers: {web: {replicas: 1}}\n")
        commit(git, repo, "Adds dev")
        assert "CFG969" in refused(repo, git, cfgc, "dev", "--to", "good").err

    def test_an_unknown_environment(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        done = refused(repo, git, cfgc, "prud", "--to", "good")
        assert (done.code, "did you mean `prod`?" in done.err) == (2, True)

    def test_a_revision_that_does_not_compile(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        edit(repo, PROD, "4", "[")
        broken = commit(git, repo, "Breaks")
        edit(repo, PROD, "[", "4")
        commit(git, repo, "Mends")
        done = refused(repo, git, cfgc, "prod", "--to", broken)
        assert "CFG943" in done.err

    def test_findings_of_the_prepared_commit(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """A waiver has run out since: the old state is no longer allowed."""
        edit(repo, PROD, "4", "0")
        bad = commit(git, repo, "None")
        edit(repo, PROD, "0", "4")
        commit(git, repo, "Four")
        assert "error[CFG6" in refused(repo, git, cfgc, "prod", "--to", bad).err

    @pytest.mark.parametrize(
        "args",
        [[], ["--to", "good", "--commit", "HEAD"], ["--to", "good", "--each", "--as-override"],
         ["--commit", "HEAD", "--each"], ["--to", "good", "--component", "wob"], ["--to", "nope"]],
    )  # fmt: skip
    def test_wrong_words(self, repo: Path, git: Git, cfgc: Cfgc, args: list[str]) -> None:
        assert refused(repo, git, cfgc, "prod", *args).code == 2

    @pytest.mark.parametrize(
        "name", ["--output=planted", "-h", "--upload-pack=touch planted", "ext::sh -c touch% planted", "refs/heads/-x"]
    )
    @pytest.mark.parametrize("option", ["--to", "--commit", "--branch"])
    def test_hostile_names(self, repo: Path, git: Git, cfgc: Cfgc, name: str, option: str) -> None:
        """Gi1."""
        goal = ["--to", "good"] if option == "--branch" else []
        done = refused(repo, git, cfgc, "prod", *goal, f"{option}={name}")
        assert "CFG963" in done.err if option == "--branch" else "CFG952" in done.err
        assert not (repo / "planted").exists()

    def test_hostile_texts(self, repo: Path, git: Git, cfgc: Cfgc) -> None:
        """Gi10: no author, subject or reason poses as a line or a colour of ours."""
        git(repo, "-c", "user.name=x", "commit", "-q", "--allow-empty", "-m", "x")
        edit(repo, PROD, "4", "5")
        git(repo, "commit", "-q", "-a", "-m", "\x1b[31mRed\u202e", "--author", "\x1b]0;x\x07 <a@b>")
        done = cfgc(repo, "rollback", "prod", "--to", "HEAD~1", "--reason", "a\x1b[0m\nTo: elsewhere", "--as-override")
        assert done.code == 0, done.err
        assert not any(ord(letter) < 32 and letter != "\n" for letter in done.out + done.err)
        assert "\x1b" not in git(repo, "log", "-1", "--format=%B")
        assert "\u202e" not in done.out

    def test_hostile_configuration(
        self, repo: Path, git: Git, cfgc: Cfgc, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Gi2: filters, drivers, hooks and programs of the repository are not run."""
        canary = tmp_path_factory.mktemp("canary") / "planted"
        script = repo / ".git/script"
        script.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
        script.chmod(0o755)
        for hook in ("post-checkout", "post-commit", "pre-commit", "reference-transaction", "post-index-change"):
            (repo / ".git/hooks" / hook).symlink_to(script)
        for key in (
            "core.fsmonitor", "core.editor", "filter.x.clean", "filter.x.smudge", "merge.x.driver", "diff.external",
            "diff.x.textconv", "gpg.program",
        ):  # fmt: skip
            git(repo, "config", key, str(script))
        git(repo, "config", "commit.gpgSign", "true")
        git(repo, "config", "core.hooksPath", str(repo / ".git/hooks"))
        (repo / ".git/info/attributes").write_text("* filter=x diff=x merge=x\n")
        canary.unlink(missing_ok=True)
        for way in (["--each"], ["--as-override"], []):
            assert cfgc(repo, "rollback", "prod", "--to", "HEAD~1", *way).code == 0
        assert cfgc(repo, "rollback", "prod", "--commit", "HEAD~1", "--branch", "x").code in (0, 1)
        assert not canary.exists()
