"""What working tree, index and commit have in common as sources (THREATS Gi5, Gi6, F14)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.external import git as plumbing
from cfgc.external import process
from cfgc.external.files import WorkTree
from cfgc.external.git.sources import Index, Revision
from cfgc.model.layers import Source
from tests.conftest import Git, commit
from tests.external.conftest import Write, finding

SOURCES: list[Callable[[Path], Source]] = [WorkTree, Index, lambda root: Revision(root, "HEAD")]
SOURCE_NAMES = ["working tree", "index", "revision"]


@pytest.mark.parametrize("make", SOURCES, ids=SOURCE_NAMES)
class TestEverySource:
    def test_what_is_no_file_is_told_apart(self, repository: Path, git: Git, make: Callable[[Path], Source]) -> None:
        """Gi5, Gi6: links and submodules are named and never entered."""
        (repository / "e/link.yaml").symlink_to("a.yaml")
        (repository / "linked").symlink_to("e")
        git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repository), "e/sub")
        commit(git, repository)
        source = make(repository)
        assert [(entry.path, entry.kind) for entry in source.list("e")] == [
            ("e/a.yaml", "file"),
            ("e/f/b.yaml", "file"),
            ("e/link.yaml", "symlink"),
            ("e/sub", "submodule"),
        ]
        assert [(entry.path, entry.kind) for entry in source.list("e/sub/e")] == [("e/sub", "submodule")]
        assert [(entry.path, entry.kind) for entry in source.list("linked")] == [("linked", "symlink")]
        assert not source.exists("linked")
        for path, reason in (
            ("e/link.yaml", "is a symbolic link: 'e/link.yaml'"),
            ("linked/a.yaml", "is a symbolic link: 'linked'"),
            ("e/sub/top.yaml", "is a Git submodule: 'e/sub'"),
            ("e/f", "is a folder: 'e/f'"),
        ):
            with pytest.raises(OSError, match=reason):
                source.read(path)

    @pytest.mark.parametrize("path", ["missing", "e/a.yaml/x", "../x", "e/../top.yaml", "/top.yaml", "a\0b", "e/"])
    def test_what_is_not_there_is_not_found(self, repository: Path, make: Callable[[Path], Source], path: str) -> None:
        source = make(repository)
        assert not source.exists(path)
        assert source.list(path) == []
        with pytest.raises(FileNotFoundError):
            source.read(path)

    def test_names_need_not_be_ascii(self, project: Write, git: Git, make: Callable[[Path], Source]) -> None:
        """F14, Gi5: newline, tab, quote, backslash, what is no UTF-8; the same names from every source."""
        root = project({"e/ü\n\t\"'\\.yaml": "1", "e/x\r.yaml": "2"})
        Path(os.fsdecode(os.fsencode(root) + b"/e/\xff.yaml")).write_text("3")
        git(root, "init", "-q")
        commit(git, root)
        source = make(root)
        paths = [entry.path for entry in source.list("e")]
        assert paths == ["e/x\r.yaml", "e/ü\n\t\"'\\.yaml", "e/\udcff.yaml"]
        assert [source.read(path) for path in paths] == [b"2", b"1", b"3"]

    def test_hidden_names_are_skipped_and_can_be_read(
        self, project: Write, git: Git, make: Callable[[Path], Source]
    ) -> None:
        """SPEC 2: names starting with `.` are skipped."""
        root = project({"e/.hidden/a.yaml": "1", "e/.b.yaml": "2", "e/c.yaml": "3"})
        git(root, "init", "-q")
        commit(git, root)
        source = make(root)
        assert [entry.path for entry in source.list("")] == ["e/c.yaml"]
        assert source.read("e/.b.yaml") == b"2"

    def test_a_project_may_lie_below_the_top(self, repository: Path, make: Callable[[Path], Source]) -> None:
        source = make(repository / "e")
        assert [entry.path for entry in source.list("")] == ["a.yaml", "f/b.yaml"]
        assert source.read("f/b.yaml") == b"b: 2\n"
        assert not source.exists("top.yaml")

    def test_a_project_may_lie_in_a_linked_worktree(
        self, repository: Path, git: Git, make: Callable[[Path], Source], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = tmp_path_factory.mktemp("worktree") / "linked"
        git(repository, "worktree", "add", "-q", str(folder))
        assert make(folder).read("e/a.yaml") == b"a: 1\n"

    def test_an_lfs_pointer_is_a_finding(self, repository: Path, git: Git, make: Callable[[Path], Source]) -> None:
        """CFG955, Gi6."""
        (repository / "e/a.yaml").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
        commit(git, repository)
        found = finding(lambda: make(repository).read("e/a.yaml"))
        assert (found.code, found.message) == (
            "CFG955",
            "`e/a.yaml` is a Git LFS pointer, not the content it stands for",
        )


def test_importing_is_cheap() -> None:
    """SPEC 11: who reads the working tree pays nothing for Git."""
    script = "import sys, cfgc.external.git; print(sorted({'subprocess', 'hashlib', 'git'} & set(sys.modules)))"
    done = process.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2])
    assert done.stdout == b"[]\n"


class TestBounds:
    """A listing ends, whatever a repository holds."""

    @pytest.mark.parametrize("entry", ["100644 blob", "040000 tree"])
    def test_a_bomb_of_trees_is_a_finding(
        self, repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch, entry: str
    ) -> None:
        """CFG103: eleven small trees that stand for 10^11 files, or for as many empty folders."""
        monkeypatch.setattr("cfgc.external.source.MOST_ENTRIES", 5000)
        empty = process.run(["git", "mktree"], cwd=repository).stdout.decode().strip()
        oid = empty if "tree" in entry else plumbing.blob_id(b"a: 1\n")
        for _ in range(11):
            lines = "".join(f"{entry} {oid}\tf{number}\n" for number in range(10))
            made = process.run(["git", "mktree"], input=lines.encode(), cwd=repository)
            oid, entry = made.stdout.decode().strip(), "040000 tree"
        commit_id = git(repository, "commit-tree", oid, "-m", "x").strip()
        found = finding(lambda: Revision(repository, commit_id).list(""))
        assert (found.code, found.message) == (
            "CFG103",
            "cannot read the folder `.`: it holds more than 5000 files or folders",
        )

    @pytest.mark.parametrize("make", SOURCES, ids=SOURCE_NAMES)
    def test_a_folder_of_too_many_files_is_a_finding(
        self, repository: Path, make: Callable[[Path], Source], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cfgc.external.source.MOST_ENTRIES", 2)
        assert len(make(repository).list("e")) == 2
        found = finding(lambda: make(repository).list(""))
        assert found.message == "cannot read the folder `.`: it holds more than 2 files or folders"

    @pytest.mark.parametrize("make", SOURCES, ids=SOURCE_NAMES)
    def test_folders_that_nest_without_end_are_a_finding(
        self, project: Write, git: Git, make: Callable[[Path], Source]
    ) -> None:
        root = project({f"{'d/' * 150}a.yaml": ""})
        git(root, "init", "-q")
        commit(git, root)
        found = finding(lambda: make(root).list("d"))
        assert found.message.endswith("folders nest more than 100 deep")
