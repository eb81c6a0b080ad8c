"""Nothing that a repository says makes Git run a program (THREATS G7)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfgc.external import git as plumbing
from cfgc.external.git.commits import History
from cfgc.external.git.sources import Index, Revision
from tests.conftest import Git, commit
from tests.external.conftest import finding


class TestHostileRepository:
    """Gi2, Gi3, Gi4: nothing that a repository says makes Git run a program."""

    @pytest.fixture
    def planted(self, repository: Path, git: Git, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The canary that every program named by the repository would leave."""
        canary = tmp_path_factory.mktemp("canary") / "planted"
        script = repository / ".git/script"
        script.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
        script.chmod(0o755)
        for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc"):
            (repository / ".git/hooks" / hook).symlink_to(script)
        for key in (
            "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass",
            "core.alternateRefsCommand", "diff.external", "diff.x.textconv", "diff.x.command", "filter.x.clean",
            "filter.x.smudge",
            "filter.x.process", "gpg.program", "credential.helper", "sequence.editor", "uploadpack.packObjectsHook",
            "alias.cat-file", "alias.ls-files", "alias.rev-parse", "pager.ls-files", "pager.cat-file",
        ):  # fmt: skip
            git(repository, "config", key, f"!{script}" if key.startswith("alias") else str(script))
        git(repository, "config", "core.hooksPath", str(repository / ".git/hooks"))
        (repository / ".gitattributes").write_text("* filter=x diff=x\n")
        os.utime(repository / "e/a.yaml", (1, 1))
        return canary

    def test_no_program_is_run(self, repository: Path, planted: Path) -> None:
        Index(repository).read("e/a.yaml")
        Revision(repository, "HEAD").read("e/a.yaml")
        finding(lambda: Revision(repository, "mian"))
        plumbing.head_commit(repository)
        assert plumbing.is_clean(repository, ["e"])
        history = History(repository)
        head = history.commit_id("HEAD")
        assert history.merge_base(head, head) == head
        assert next(each.id for each in history.ancestors(head)) == head
        assert history.changed(head, head) == {}
        assert not planted.exists()

    def test_no_hook_is_run_whatever_the_command(self, repository: Path, git: Git) -> None:
        """Commands of later stages go through the same door: here one that has a hook."""
        canary, hook = repository / "planted", repository / ".git/hooks/post-index-change"
        hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
        hook.chmod(0o755)
        assert plumbing.locate(repository).ask("update-index", "--force-write-index").code == 0
        assert not canary.exists()
        git(repository, "update-index", "--force-write-index")
        assert canary.exists()

    def test_the_canary_sings_for_porcelain(self, repository: Path, planted: Path, git: Git) -> None:
        """The positive control: plain Git does run what the repository names."""
        git(repository, "status")
        assert planted.exists()

    def test_an_embedded_bare_repository_is_not_entered(self, repository: Path, planted: Path, git: Git) -> None:
        """Gi3: a folder that looks like a repository is none; the one around it is meant."""
        bare = repository / "e/bare"
        git(repository, "init", "-q", "--bare", str(bare))
        git(bare, "config", "core.fsmonitor", str(repository / ".git/script"))
        assert Revision(bare, "HEAD").commit == git(repository, "rev-parse", "HEAD").strip()
        assert not planted.exists()

    def test_the_environment_of_git_is_ours(
        self, repository: Path, tmp_path_factory: pytest.TempPathFactory, git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Gi4."""
        other = tmp_path_factory.mktemp("other")
        git(other, "init", "-q")
        (other / "a").write_text("")
        commit(git, other)
        head = git(repository, "rev-parse", "HEAD").strip()
        monkeypatch.setenv("GIT_DIR", str(other / ".git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(other))
        monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git/objects"))
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.repositoryFormatVersion")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", "99")
        assert Revision(repository, "HEAD").commit == head
        assert Index(repository).list("e")

    def test_a_repository_of_another_owner_is_read(self, repository: Path, git: Git) -> None:
        """A checkout in a container is often another user's: nothing of it is run, so it may be read."""
        if os.getuid() != 0:
            pytest.skip("only root can give files away")
        for path in (repository, *repository.rglob("*")):
            os.chown(path, 12345, 12345, follow_symlinks=False)
        with pytest.raises(Exception, match="exit status 128"):
            git(repository, "status")
        assert Revision(repository, "HEAD").read("e/a.yaml") == b"a: 1\n"
        assert Index(repository).read("e/a.yaml") == b"a: 1\n"
        assert plumbing.is_clean(repository, ["e"])
