"""What a move refuses, and nothing has changed then (issue 3, section 4; THREATS Gi5, F01, K01)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.external import git as plumbing
from cfgc.external import process
from cfgc.external.git.desk import open_desk
from cfgc.external.git.move import move
from tests.conftest import Git
from tests.external.moves import go, is_at, refused


class TestRefusals:
    @pytest.mark.parametrize("change", ["edited", "staged", "deleted", "mode", "link", "intended", "removed"])
    def test_a_dirty_tree(self, repository: Path, two: tuple[str, str], git: Git, change: str) -> None:
        """CFG958: and nothing is touched."""
        file = repository / "e/a.yaml"
        if change in ("edited", "staged"):
            file.write_text("a: mine\n")
        if change in ("deleted", "link"):
            file.unlink()
        if change == "link":
            file.symlink_to("../top.yaml")
        if change == "mode":
            file.chmod(0o755)
        if change == "staged":
            git(repository, "add", "-A")
            file.write_text("a: 2\n")
        if change == "intended":
            (repository / "later").write_text("")
            git(repository, "add", "-N", "later")
        if change == "removed":
            git(repository, "rm", "-q", "--cached", "e/a.yaml")
        (found,) = refused(repository, two[0])
        assert (found.code, found.name) == ("CFG958", "dirty-tree")

    def test_a_clean_tree_is_none(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        """CFG958, CFG959, CFG960, CFG961: the passing side."""
        os.utime(repository / "e/a.yaml", (1, 1))
        go(repository, two[0])
        assert is_at(repository, git, two[0])

    @pytest.mark.parametrize("what", ["file", "folder", "link", "above", "link above"])
    def test_an_untracked_file_in_the_way(
        self, repository: Path, two: tuple[str, str], tmp_path_factory: pytest.TempPathFactory, what: str
    ) -> None:
        """CFG959, F01: it is never overwritten, and nothing is written through a link."""
        go(repository, two[0])
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        place = repository / "new"
        if what in ("file", "folder", "link"):
            (place / "deep").mkdir(parents=True)
            place = place / "deep/x y.yaml"
        if what in ("file", "above"):
            place.write_text("mine")
        elif what == "folder":
            place.mkdir()
        else:
            place.symlink_to(elsewhere)
        (found,) = refused(repository, two[1])
        assert (found.code, found.location and found.location.file) == ("CFG959", "new/deep/x y.yaml")
        assert list(elsewhere.iterdir()) == []

    @pytest.mark.parametrize(
        ("mode", "path", "reason"),
        [("120000", "e/link", "is a symbolic link"), ("160000", "e/module", "is a submodule")]
        + [
            ("100644", path, "leads out")
            for path in ("e/.GIT/x", "e/git~1/x", "e/.g\u200cit/config", "e/.git./x", "e/.git::$INDEX/x", "e/..")
        ]
        + [("100644", path, "holds a control") for path in ("e/x\r", "e\\x", "e/\x1b[31m")],
    )
    def test_what_must_not_be_written(self, repository: Path, git: Git, mode: str, path: str, reason: str) -> None:
        """CFG961, Gi5: refused from the objects, before anything is written."""
        oid = plumbing.blob_id(b"a: 1\n")
        tree = _tree(repository, mode, oid if mode != "160000" else "1" * 40, path.split("/"))
        new = git(repository, "commit-tree", tree, "-m", "hostile").strip()
        (found,) = [each for each in refused(repository, new) if each.name == "unsafe-path" and reason in each.message]
        assert found.code == "CFG961"

    def test_another_git_at_work(self, repository: Path, two: tuple[str, str]) -> None:
        """CFG960: Git's own lock is honoured and never taken away."""
        lock = repository / ".git/index.lock"
        lock.write_bytes(b"")
        (found,) = refused(repository, two[0])
        assert (found.code, found.name) == ("CFG960", "repository-busy")
        assert lock.exists()

    @pytest.mark.parametrize("name", ["MERGE_HEAD", "CHERRY_PICK_HEAD", "rebase-merge"])
    def test_a_merge_that_is_not_finished(self, repository: Path, two: tuple[str, str], name: str) -> None:
        (repository / ".git" / name).write_text(two[0])
        assert [found.code for found in refused(repository, two[0])] == ["CFG960"]

    def test_another_cfgc_at_work(self, repository: Path, two: tuple[str, str]) -> None:
        """K01: the second waits, then says who is there."""
        with open_desk(plumbing.locate(repository)):
            (found,) = refused(repository, two[0])
            assert found.name == "repository-busy"
            assert "cfgc/lock" in found.message

    def test_a_commit_that_somebody_made_meanwhile(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        repository_ = plumbing.locate(repository)
        with open_desk(repository_) as desk, pytest.raises(Failed) as caught:
            move(desk, two[0], expected=two[0], reason="x")
        assert caught.value.diagnostics[0].name == "repository-busy"
        assert is_at(repository, git, two[1])

    def test_content_that_the_clone_lacks(self, repository: Path, two: tuple[str, str]) -> None:
        oid = plumbing.blob_id(b"a: 1\n")
        (repository / ".git/objects" / oid[:2] / oid[2:]).unlink()
        assert [found.code for found in refused(repository, two[0])] == ["CFG953"]

    def test_a_link_in_the_place_of_the_desk(
        self, repository: Path, two: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """F01: nothing is written or removed elsewhere."""
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        (elsewhere / "precious").write_text("")
        (repository / ".git/cfgc").symlink_to(elsewhere)
        assert [found.code for found in refused(repository, two[0])] == ["CFG901"]
        assert [path.name for path in elsewhere.iterdir()] == ["precious"]

    def test_before_the_first_commit(self, tmp_path: Path, git: Git) -> None:
        git(tmp_path, "init", "-q")
        with pytest.raises(Failed) as caught:
            go(tmp_path, "1" * 40)
        assert caught.value.diagnostics[0].code == "CFG952"


def _tree(root: Path, mode: str, oid: str, names: list[str]) -> str:
    """The id of a tree that Git itself would not write."""
    for name in reversed(names):
        entry = f"{mode.lstrip('0')} {name}".encode() + b"\0" + bytes.fromhex(oid)
        words = ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
        oid = process.run(words, input=entry, cwd=root).stdout.decode().strip()
        mode = "40000"
    return oid
