"""From one commit to another, or nothing of it (issue 3, section 4; THREATS Gi5)."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Git, commit
from tests.external.conftest import Write
from tests.external.moves import go, is_at, refused


class TestMove:
    def test_moves_branch_index_and_files_both_ways(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        for oid in (*two, *two):
            go(repository, oid)
            assert is_at(repository, git, oid)
            assert git(repository, "symbolic-ref", "HEAD") == "refs/heads/main\n"
        assert (repository / "e/f").read_text() == "a file where a folder was\n"
        assert os.access(repository / "top.yaml", os.X_OK)
        assert "Ann Example" in git(repository, "reflog", "-1", "--format=%gn")
        assert "cfgc: test" in git(repository, "reflog", "-1", "main")

    def test_a_detached_head_moves_alone(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        git(repository, "checkout", "-q", "--detach")
        go(repository, two[0])
        assert is_at(repository, git, two[0])
        assert git(repository, "rev-parse", "main").strip() == two[1]

    def test_packed_refs_move(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        git(repository, "pack-refs", "--all")
        git(repository, "gc", "-q")
        go(repository, two[0])
        assert is_at(repository, git, two[0])

    def test_from_a_folder_of_the_repository(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        go(repository / "e", two[0])
        assert is_at(repository, git, two[0])

    def test_a_linked_worktree_moves_alone(
        self, repository: Path, two: tuple[str, str], git: Git, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        linked = tmp_path_factory.mktemp("linked") / "tree"
        git(repository, "worktree", "add", "-q", "-b", "side", str(linked))
        go(linked, two[0])
        assert git(linked, "status", "--porcelain") == ""
        assert git(linked, "rev-parse", "HEAD", "side").split() == [two[0], two[0]]
        assert is_at(repository, git, two[1])

    def test_the_other_object_format(self, project: Write, git: Git) -> None:
        root = project({"e/a.yaml": "a: 1\n"})
        git(root, "init", "-q", "--object-format=sha256", "-b", "main")
        first = commit(git, root)
        (root / "e/a.yaml").write_text("a: 2\n")
        commit(git, root)
        go(root, first)
        assert is_at(root, git, first)

    @pytest.mark.parametrize("setting", ["core.splitIndex", "core.untrackedCache", "feature.manyFiles"])
    def test_every_kind_of_index(self, repository: Path, two: tuple[str, str], git: Git, setting: str) -> None:
        git(repository, "config", setting, "true")
        git(repository, "update-index", "--force-write-index")
        go(repository, two[0])
        assert is_at(repository, git, two[0])

    def test_a_sparse_checkout_misses_nothing(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        git(repository, "sparse-checkout", "set", "--no-cone", "/e/", "/new/")
        assert not (repository / "top.yaml").exists()
        go(repository, two[0])
        assert (repository / "e/a.yaml").read_text() == "a: 1\n"

    def test_a_sparse_index(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        git(repository, "sparse-checkout", "set", "--cone", "--sparse-index", "e")
        go(repository, two[0])
        assert (repository / "e/a.yaml").read_text() == "a: 1\n"
        assert git(repository, "status", "--porcelain") == ""

    def test_line_ends_stay_as_they_are_checked_out(self, repository: Path, git: Git) -> None:
        (repository / ".gitattributes").write_text("*.yaml text eol=crlf\n")
        first = commit(git, repository)
        (repository / "e/a.yaml").write_bytes(b"a: 2\r\nb: 3\r\n")
        commit(git, repository)
        go(repository, first)
        assert (repository / "e/a.yaml").read_bytes() == b"a: 1\r\n"
        assert is_at(repository, git, first)

    def test_a_file_behind_an_lfs_pointer_is_clean(self, repository: Path, git: Git) -> None:
        large = b"\0large" * 100
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256(large).hexdigest()}\nsize 600\n"
        (repository / "large.bin").write_text(pointer)
        first = commit(git, repository)
        (repository / "e/a.yaml").write_text("a: 2\n")
        second = commit(git, repository)
        (repository / "large.bin").write_bytes(large)
        go(repository, first)
        assert (repository / "e/a.yaml").read_text() == "a: 1\n"
        (repository / "large.bin").write_bytes(b"other")
        assert [found.code for found in refused(repository, second)] == ["CFG958"]

    def test_untracked_files_do_not_count(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        (repository / "e/notes.txt").write_text("mine")
        go(repository, two[0])
        assert (repository / "e/notes.txt").read_text() == "mine"

    def test_links_and_submodules_elsewhere_do_no_harm(self, repository: Path, git: Git) -> None:
        (repository / "link").symlink_to("/etc/passwd")
        git(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
        (repository / "module").mkdir()
        git(repository, "add", "link")
        git(repository, "commit", "-q", "-m", "x")
        first = git(repository, "rev-parse", "HEAD").strip()
        (repository / "e/a.yaml").write_text("a: 2\n")
        git(repository, "commit", "-q", "-a", "-m", "x")
        go(repository, first)
        assert git(repository, "rev-parse", "HEAD").strip() == first


def trees() -> st.SearchStrategy[dict[str, str]]:
    """Small trees in which files and folders take each other's places."""
    names = st.sampled_from(["a", "b", "c"])
    paths = st.lists(names, min_size=1, max_size=3).map("/".join)
    found = st.dictionaries(paths, st.sampled_from(["", "1\n", "2\n", "1\r\n2\r\n"]), max_size=6)
    return found.map(lambda tree: {path: text for path, text in tree.items() if not _is_above(path, tree)})


def _is_above(path: str, tree: dict[str, str]) -> bool:
    return any(other.startswith(f"{path}/") for other in tree)


def commit_tree(root: Path, git: Git, tree: dict[str, str]) -> str:
    """Commit exactly these files."""
    for entry in root.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    for path, text in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return commit(git, root)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=trees(), after=trees())
def test_any_tree_becomes_any_other_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, git: Git, before: dict[str, str], after: dict[str, str]
) -> None:
    root = tmp_path_factory.mktemp("trees")
    git(root, "init", "-q", "-b", "main")
    first, second = commit_tree(root, git, before), commit_tree(root, git, after)
    for oid, tree in ((first, before), (second, after), (first, before)):
        go(root, oid)
        assert is_at(root, git, oid)
        files = {path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}
        found = {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in files}
        assert found == tree
