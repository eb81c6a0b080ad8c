"""What Git says about a working tree, and what is said where Git or a repository is missing (THREATS G7)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfgc.external import git as plumbing
from cfgc.external import process
from cfgc.external.git.sources import Index, Revision
from tests.conftest import Git
from tests.external.conftest import finding

EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


class TestState:
    def test_the_commit_that_is_checked_out(self, repository: Path, git: Git) -> None:
        assert plumbing.head_commit(repository / "e") == git(repository, "rev-parse", "HEAD").strip()

    def test_the_root_of_a_repository(self, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        assert plumbing.repository_root(repository / "e/f") == repository
        assert plumbing.repository_root(tmp_path_factory.mktemp("none")) is None

    def test_no_repository_has_no_commit(self, tmp_path: Path) -> None:
        assert plumbing.head_commit(tmp_path) is None
        assert not plumbing.is_clean(tmp_path, [""])

    def test_a_new_repository_has_no_commit(self, tmp_path: Path, git: Git) -> None:
        git(tmp_path, "init", "-q")
        assert plumbing.head_commit(tmp_path) is None
        assert not plumbing.is_clean(tmp_path, [""])

    def test_a_fresh_checkout_is_clean(self, repository: Path) -> None:
        assert plumbing.is_clean(repository, ["e", "top.yaml", "missing"])
        assert plumbing.is_clean(repository / "e", ["f", "a.yaml"])

    @pytest.mark.parametrize("change", ["edited", "staged", "untracked", "ignored", "deleted", "link"])
    def test_every_change_is_seen(self, repository: Path, git: Git, change: str) -> None:
        file = repository / "e/a.yaml"
        if change in ("edited", "staged"):
            file.write_text("a: 2\n")
        if change == "staged":
            git(repository, "add", "-A")
        if change in ("untracked", "ignored"):
            (repository / "e/new.yaml").touch()
        if change == "ignored":
            (repository / ".git/info/exclude").write_text("new.yaml\n")
        if change in ("deleted", "link"):
            file.unlink()
        if change == "link":
            file.symlink_to("../top.yaml")
        assert not plumbing.is_clean(repository, ["e"])
        assert plumbing.is_clean(repository, ["top.yaml", "e/f"])

    def test_known_ids_are_believed(self, repository: Path) -> None:
        right = {"e/a.yaml": plumbing.blob_id(b"a: 1\n")}
        assert plumbing.is_clean(repository, ["e"], right)
        assert plumbing.is_clean(repository, right, right)
        assert not plumbing.is_clean(repository, ["e/x"], {"e/x": plumbing.blob_id(b"a: 1\n")})
        assert not plumbing.is_clean(repository, ["e"], {"e/a.yaml": plumbing.blob_id(b"a: 2\n")})

    def test_blob_ids_are_gits(self, repository: Path, git: Git) -> None:
        assert plumbing.blob_id(b"") == EMPTY_BLOB
        assert plumbing.blob_id(b"t: 3\n") == git(repository, "hash-object", "top.yaml").strip()


class TestWithoutGit:
    def test_a_folder_in_no_repository_is_a_finding(self, tmp_path: Path) -> None:
        """CFG951."""
        for make in (lambda: Index(tmp_path), lambda: Revision(tmp_path, "HEAD")):
            found = finding(make)
            assert (found.code, found.message) == ("CFG951", f"`{tmp_path}` lies in no Git repository")

    @pytest.mark.parametrize("content", ["nonsense", "gitdir: elsewhere", "gitdir: /nonexistent"])
    def test_a_broken_dot_git_is_no_repository(self, tmp_path: Path, content: str) -> None:
        (tmp_path / ".git").write_text(content)
        assert finding(lambda: Index(tmp_path)).code == "CFG951"

    def test_git_that_is_not_installed_is_a_finding(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """CFG950."""
        monkeypatch.setenv("PATH", str(repository))
        assert finding(lambda: Revision(repository, "HEAD")).code == "CFG950"
        assert finding(lambda: Index(repository)).code == "CFG950"
        assert finding(lambda: plumbing.head_commit(repository)).code == "CFG950"

    def test_git_that_is_installed_is_none(self, repository: Path) -> None:
        """CFG950, the passing side."""
        assert Index(repository).exists("e/a.yaml")

    def test_a_program_named_git_in_the_project_is_not_run(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """X05."""
        (repository / "git").write_text("#!/bin/sh\ntouch planted\n")
        (repository / "git").chmod(0o755)
        monkeypatch.chdir(repository)
        monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
        assert Revision(repository, "HEAD").commit
        assert not (repository / "planted").exists()

    def test_a_repository_that_git_refuses_is_a_finding(self, repository: Path, git: Git) -> None:
        git(repository, "config", "core.repositoryFormatVersion", "99")
        found = finding(lambda: Revision(repository, "HEAD"))
        assert (found.code, found.message) == ("CFG956", "`git rev-parse` ended with code 128")
        assert "99" in found.notes[0]

    def test_a_git_that_hangs_is_a_finding(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def hang(*_: object, **__: object) -> process.Finished:
            raise process.TimedOutError("git", "did not end in time")

        monkeypatch.setattr(process, "run", hang)
        found = finding(lambda: Index(repository))
        assert (found.code, found.message) == ("CFG956", "`git ls-files` did not end in time")
