"""Commits made without a checkout and without anything of the repository's that runs (THREATS G7)."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external import git as plumbing
from cfgc.external.git.blobs import Blob, files_of
from cfgc.external.git.branch import make_branch
from cfgc.external.git.desk import open_desk
from cfgc.external.git.identity import identity
from cfgc.external.git.move import head, move, recover
from cfgc.external.git.workshop import Workshop
from tests.conftest import Git, commit
from tests.external.conftest import Write

VARIABLES = [f"GIT_{role}_{part}" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL", "DATE")]


def taken_back(root: Path, oid: str, *, mainline: bool = False) -> str:
    """The commit that takes another back, on top of what is checked out; nothing is moved."""
    repository = plumbing.locate(root)
    with open_desk(repository) as desk:
        shop = Workshop(desk, head(repository)[1])
        done = shop.revert(oid, mainline=mainline)
        return shop.add(done.tree, "back\n") if done.changed else ""


class TestCommit:
    def test_a_commit_is_its_base_with_some_paths_changed(self, repository: Path, git: Git) -> None:
        before = git(repository, "rev-parse", "HEAD").strip()
        status = git(repository, "status", "--porcelain", "--ignored")
        with open_desk(plumbing.locate(repository)) as desk:
            shop = Workshop(desk, before)
            new = Blob("100644", shop.blob(b"n: \xff\x00\r\n"))
            tree = shop.tree_with(before, {"e/new.yaml": new, "e/f/b.yaml": None, "e/f": new, "gone": None})
            oid = shop.add(tree, "Zurück: \u202e\0\n\nwhy\n")
        assert git(repository, "show", "-s", "--format=%an <%ae> %cn %P", oid) == (
            f"Ann Example <ann@example.org> Ann Example {before}\n"
        )
        found = files_of(plumbing.locate(repository), oid)
        assert sorted(found) == ["e/a.yaml", "e/f", "e/new.yaml", "top.yaml"]
        assert found["e/new.yaml"].oid == plumbing.blob_id(b"n: \xff\x00\r\n")
        assert git(repository, "fsck", "--strict").split()[:2] in ([], ["dangling", "commit"])
        assert git(repository, "rev-parse", "HEAD").strip() == before
        assert git(repository, "status", "--porcelain", "--ignored") == status
        assert not (repository / ".git/cfgc").exists()

    def test_objects_go_to_where_a_linked_worktree_has_them(
        self, repository: Path, git: Git, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        linked = tmp_path_factory.mktemp("linked") / "tree"
        git(repository, "worktree", "add", "-q", "-b", "side", str(linked))
        with open_desk(plumbing.locate(linked)) as desk:
            oid = Workshop(desk, git(linked, "rev-parse", "HEAD").strip()).blob(b"here")
        assert git(repository, "cat-file", "-p", oid) == "here"

    def test_the_other_object_format(self, project: Write, git: Git) -> None:
        root = project({"e/a.yaml": "a: 1\n"})
        git(root, "init", "-q", "--object-format=sha256", "-b", "main")
        commit(git, root)
        (root / "e/a.yaml").write_text("a: 2\n")
        second = commit(git, root)
        assert git(root, "show", f"{taken_back(root, second)}:e/a.yaml") == "a: 1\n"


class TestRevert:
    def test_one_commit_of_several(self, repository: Path, git: Git) -> None:
        (repository / "e/a.yaml").write_text("a: 2\n")
        second = commit(git, repository)
        (repository / "top.yaml").write_text("t: 4\n")
        commit(git, repository)
        oid = taken_back(repository, second)
        assert git(repository, "show", f"{oid}:e/a.yaml") == "a: 1\n"
        assert git(repository, "show", f"{oid}:top.yaml") == "t: 4\n"

    def test_what_git_revert_would_make(self, repository: Path, git: Git) -> None:
        """The oracle: the tree is that of porcelain, a rename and a text merge included."""
        lines = [f"k{number}: {number}\n" for number in range(30)]
        (repository / "e/long.yaml").write_text("".join(lines))
        commit(git, repository)
        (repository / "e/long.yaml").write_text("".join(["k0: changed\n", *lines[1:]]))
        second = commit(git, repository)
        git(repository, "mv", "e/long.yaml", "e/renamed.yaml")
        (repository / "e/renamed.yaml").write_text("".join(["k0: changed\n", *lines[1:-1], "k29: x\n"]))
        commit(git, repository)
        oid = taken_back(repository, second)
        git(repository, "revert", "--no-edit", second)
        assert git(repository, "rev-parse", f"{oid}^{{tree}}") == git(repository, "rev-parse", "HEAD^{tree}")

    def test_several_in_a_row(self, repository: Path, git: Git) -> None:
        made = []
        for number in range(2, 5):
            (repository / "e/a.yaml").write_text(f"a: {number}\n")
            made.append(commit(git, repository))
        repository_ = plumbing.locate(repository)
        with open_desk(repository_) as desk:
            shop = Workshop(desk, head(repository_)[1])
            for oid in reversed(made):
                shop.add(shop.revert(oid, mainline=False).tree, "back")
        assert git(repository, "show", f"{shop.commit}:e/a.yaml") == "a: 1\n"

    def test_a_merge(self, repository: Path, git: Git) -> None:
        git(repository, "checkout", "-q", "-b", "side")
        (repository / "e/a.yaml").write_text("a: side\n")
        commit(git, repository)
        git(repository, "checkout", "-q", "main")
        (repository / "top.yaml").write_text("t: 4\n")
        commit(git, repository)
        git(repository, "merge", "-q", "--no-ff", "-m", "merge", "side")
        oid = taken_back(repository, git(repository, "rev-parse", "HEAD").strip(), mainline=True)
        assert git(repository, "show", f"{oid}:e/a.yaml") == "a: 1\n"
        assert git(repository, "show", f"{oid}:top.yaml") == "t: 4\n"

    def test_what_is_back_already_changes_nothing(self, repository: Path, git: Git) -> None:
        (repository / "e/a.yaml").write_text("a: 2\n")
        second = commit(git, repository)
        git(repository, "revert", "--no-edit", second)
        assert taken_back(repository, second) == ""

    def test_a_conflict_names_the_paths_and_leaves_nothing(self, repository: Path, git: Git) -> None:
        """CFG962."""
        (repository / "e/a.yaml").write_text("a: 2\n")
        (repository / "e/new.yaml").write_text("n: 1\n")
        second = commit(git, repository)
        (repository / "e/a.yaml").write_text("a: 3\n")
        (repository / "e/new.yaml").write_text("n: 2\n")
        commit(git, repository)
        before = sorted(path for path in repository.rglob("*") if "objects" not in path.parts)
        with pytest.raises(Failed) as caught:
            taken_back(repository, second)
        assert [(found.code, found.location and found.location.file) for found in caught.value.diagnostics] == [
            ("CFG962", "e/a.yaml"),
            ("CFG962", "e/new.yaml"),
        ]
        assert sorted(path for path in repository.rglob("*") if "objects" not in path.parts) == before

    def test_no_conflict(self, repository: Path, git: Git) -> None:
        """CFG962, the passing side."""
        (repository / "e/a.yaml").write_text("a: 2\n")
        assert taken_back(repository, commit(git, repository))

    def test_links_are_not_brought_back(self, repository: Path, git: Git) -> None:
        """Gi5: not even into the objects of a commit."""
        (repository / "link").symlink_to("/etc/passwd")
        commit(git, repository)
        git(repository, "rm", "-q", "link")
        with pytest.raises(Failed) as caught:
            taken_back(repository, commit(git, repository))
        assert caught.value.diagnostics[0].code == "CFG961"

    def test_a_commit_that_is_too_shallow_to_take_back(
        self, repository: Path, git: Git, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Gi6: the commit before it was not fetched, and taking it back would remove every file."""
        (repository / "e/a.yaml").write_text("a: 2\n")
        commit(git, repository)
        clone = tmp_path_factory.mktemp("clone")
        git(clone, "clone", "-q", "--depth=1", f"file://{repository}", ".")
        with pytest.raises(Failed) as caught:
            taken_back(clone, git(clone, "rev-parse", "HEAD").strip())
        assert caught.value.diagnostics[0].name == "missing-commit"


class TestIdentity:
    @pytest.fixture(autouse=True)
    def nobody(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)

    def whose(self, root: Path) -> str:
        return identity(plumbing.locate(root)).author

    def test_nobody_is_a_finding(self, repository: Path) -> None:
        """CFG957: Git would guess a name from the machine's."""
        with pytest.raises(Failed) as caught:
            self.whose(repository)
        found: Diagnostic = caught.value.diagnostics[0]
        assert (found.code, "git config user.name" in found.help) == ("CFG957", True)

    def test_the_repository_s_configuration(self, repository: Path, git: Git) -> None:
        """CFG957, the passing side."""
        git(repository, "config", "user.name", "Bob")
        git(repository, "config", "user.email", "bob@example.org")
        assert self.whose(repository) == "Bob <bob@example.org>"
        git(repository, "config", "author.name", "Writer")
        assert self.whose(repository) == "Writer <bob@example.org>"

    def test_the_user_s_own_configuration(
        self, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / "own.config"
        own.write_text("[user]\n\tname = Global\n\temail = g@example.org\n")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
        assert self.whose(repository) == "Global <g@example.org>"

    def test_variables_win(self, repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
        git(repository, "config", "user.email", "bob@example.org")
        monkeypatch.setenv("GIT_AUTHOR_NAME", "Var")
        monkeypatch.setenv("GIT_COMMITTER_NAME", "Bot")
        assert identity(plumbing.locate(repository)).variables["GIT_COMMITTER_NAME"] == "Bot"
        assert self.whose(repository) == "Var <bob@example.org>"


class TestHostileRepository:
    """Gi2: nothing that the repository or its owner configures is run by a commit, a revert or a move."""

    @pytest.fixture
    def planted(self, repository: Path, git: Git, tmp_path_factory: pytest.TempPathFactory) -> Path:
        canary = tmp_path_factory.mktemp("canary") / "planted"
        script = repository / ".git/script"
        script.write_text(f'#!/bin/sh\necho "$0 $@" >> {canary}\ncat\n')
        script.chmod(0o755)
        hooks = (
            "post-index-change", "reference-transaction", "pre-commit", "prepare-commit-msg", "commit-msg",
            "post-commit", "post-checkout", "post-merge", "post-rewrite", "pre-auto-gc", "fsmonitor-watchman",
        )  # fmt: skip
        for hook in hooks:
            (repository / ".git/hooks" / hook).symlink_to(script)
        for key in (
            "core.fsmonitor", "core.editor", "core.pager", "sequence.editor", "diff.external", "diff.x.textconv",
            "diff.x.command", "filter.x.clean", "filter.x.smudge", "filter.x.process", "merge.x.driver", "gpg.program",
            "gpg.ssh.program", "credential.helper", "core.sshCommand", "core.askPass",
        ):  # fmt: skip
            git(repository, "config", key, str(script))
        for key, value in {
            "core.hooksPath": str(repository / ".git/hooks"), "commit.gpgSign": "true", "filter.x.required": "true",
            "gc.auto": "1", "merge.renormalize": "true", "alias.revert": f"!{script}",
            "alias.commit-tree": f"!{script}",
            "core.bare": "false", "user.signingKey": "x", "rebase.instructionFormat": "x",
        }.items():  # fmt: skip
            git(repository, "config", key, value)
        (repository / ".git/info/attributes").write_text("* filter=x diff=x merge=x\n")
        canary.unlink(missing_ok=True)
        return canary

    @pytest.fixture
    def commits(self, repository: Path, git: Git) -> list[str]:
        (repository / ".gitattributes").write_text("* filter=x diff=x merge=x\n")
        made = []
        for number in range(3):
            (repository / "e/a.yaml").write_text("".join(f"{key}: 1\n" for key in "abcdefgh") + f"z: {number}\n")
            (repository / "top.yaml").write_text(f"t: {number}\n" + "".join(f"{key}: 1\n" for key in "abcdefgh"))
            made.append(commit(git, repository))
        return made

    def test_no_program_is_run(self, repository: Path, commits: list[str], planted: Path) -> None:
        with pytest.raises(Failed):
            taken_back(repository, commits[1])  # a conflict, which a driver would be asked to merge
        oid = taken_back(repository, commits[2])
        repository_ = plumbing.locate(repository)
        os.utime(repository / "e/a.yaml", (1, 1))
        with open_desk(repository_) as desk:
            make_branch(desk, "side", oid)
            move(desk, oid, expected=commits[2], reason="x")
        assert recover(repository) == []
        assert (repository / "e/a.yaml").read_text().endswith("z: 1\n")
        assert not planted.exists()

    def test_the_canary_sings_for_porcelain(
        self, repository: Path, commits: list[str], planted: Path, git: Git
    ) -> None:
        """The positive control."""
        os.utime(repository / "e/a.yaml", (1, 1))
        with pytest.raises(CalledProcessError):
            git(repository, "add", "e/a.yaml")
        assert planted.exists()


class TestKills:
    """K05: `kill -9` at any moment of preparing and moving."""

    def test_sixty_kills_leave_one_commit_or_the_other(self, repository: Path, git: Git) -> None:
        (repository / "e/a.yaml").write_text("a: 2\n")
        for number in range(20):
            (repository / f"e/n{number}.yaml").write_text(f"n: {number}\n")
        second = commit(git, repository)
        first = git(repository, "rev-parse", "HEAD~1").strip()
        dice = random.Random(20260302)
        outcomes = []
        for _ in range(60):
            started = head(plumbing.locate(repository))[1]
            child = os.fork()
            if child == 0:
                try:
                    _back_and_forth(repository, first, second)
                finally:
                    os._exit(1)
            time.sleep(dice.random() * 0.25)
            os.kill(child, signal.SIGKILL)
            assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
            left = (repository / ".git/cfgc").exists()
            found = recover(repository)
            outcomes.append([each.name for each in found])
            now = head(plumbing.locate(repository))[1]
            assert now in (first, second), started
            assert git(repository, "status", "--porcelain") == ""
            assert not (repository / ".git/cfgc").exists()
            assert not (repository / ".git/index.lock").exists()
            assert left or not found
        assert ["interrupted-move"] in outcomes
        assert all(names in ([], ["interrupted-move"]) for names in outcomes)
        assert "missing" not in git(repository, "fsck", "--strict")


def _back_and_forth(root: Path, first: str, second: str) -> None:
    repository = plumbing.locate(root)
    while True:
        recover(root)
        with open_desk(repository) as desk:
            now = head(repository)[1]
            shop = Workshop(desk, now)
            assert shop.tree_with(now, {})
            move(desk, second if now == first else first, expected=now, reason="x")
