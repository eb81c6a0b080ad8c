"""The index as a source: what the next commit will hold (THREATS Gi8)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cfgc.external.git.sources import Index
from tests.conftest import Git, commit
from tests.external.conftest import finding


class TestIndex:
    def test_lists_and_reads_what_is_staged(self, repository: Path, git: Git) -> None:
        """Gi8: a partly staged file; what stands only in the working tree is not seen."""
        (repository / "e/a.yaml").write_text("a: staged\n")
        (repository / "e/new.yaml").write_text("n: 1\n")
        git(repository, "add", "e/a.yaml", "e/new.yaml")
        (repository / "e/a.yaml").write_text("a: only in the tree\n")
        (repository / "e/untracked.yaml").write_text("planted")
        source = Index(repository)
        assert [entry.path for entry in source.list("e")] == ["e/a.yaml", "e/f/b.yaml", "e/new.yaml"]
        assert source.read("e/a.yaml") == b"a: staged\n"
        assert source.describe() == "index"
        assert [path for path in ("", "e", "e/f", "e/x", "e/untracked.yaml") if source.exists(path)] == ["", "e", "e/f"]

    def test_git_commit_all_hands_over_its_own_index(self, repository: Path, git: Git) -> None:
        """Git tells its hooks by `GIT_INDEX_FILE`, relative or not, which index becomes the commit."""
        seen = repository / "seen"
        hook = repository / ".git/hooks/pre-commit"
        hook.write_text(
            f"#!{sys.executable}\n"
            f"import os, sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
            "from pathlib import Path\n"
            "from cfgc.external.git.sources import Index\n"
            "text = Index(Path.cwd()).read('e/a.yaml').decode()\n"
            f"Path({str(seen)!r}).write_text(os.environ.get('GIT_INDEX_FILE', '') + ' ' + text)\n"
        )
        hook.chmod(0o755)
        (repository / "e/a.yaml").write_text("a: committed with -a\n")
        git(repository, "commit", "-q", "-a", "-m", "x")
        named, _, text = seen.read_text().partition(" ")
        assert Path(named).name != "index"
        assert text == "a: committed with -a\n"

    def test_an_index_elsewhere_is_read(self, repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
        other = repository / ".git/other-index"
        other.write_bytes((repository / ".git/index").read_bytes())
        (repository / "e/a.yaml").write_text("a: staged\n")
        git(repository, "add", "-A")
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/other-index")
        monkeypatch.chdir(repository / "e")
        assert Index(repository).read("e/a.yaml") == b"a: 1\n"

    def test_a_conflict_is_a_finding(self, repository: Path, git: Git) -> None:
        """CFG954."""
        _conflict(repository, git)
        found = finding(lambda: Index(repository))
        assert (found.code, found.message) == ("CFG954", "`e/a.yaml` has a merge conflict in the index")

    def test_a_resolved_conflict_is_none(self, repository: Path, git: Git) -> None:
        """CFG954, the passing side."""
        _conflict(repository, git)
        (repository / "e/a.yaml").write_text("a: 4\n")
        git(repository, "add", "-A")
        assert Index(repository).read("e/a.yaml") == b"a: 4\n"

    def test_a_damaged_index_is_a_finding(self, repository: Path) -> None:
        """CFG956."""
        (repository / ".git/index").write_bytes(b"nonsense nonsense nonsense")
        found = finding(lambda: Index(repository))
        assert (found.code, found.message) == ("CFG956", "`git ls-files` ended with code 128")
        assert found.notes

    def test_a_whole_index_is_none(self, repository: Path) -> None:
        """CFG956, the passing side."""
        assert Index(repository).list("e")


def _conflict(repository: Path, git: Git) -> None:
    git(repository, "checkout", "-q", "-b", "other")
    (repository / "e/a.yaml").write_text("a: 2\n")
    commit(git, repository)
    git(repository, "checkout", "-q", "main")
    (repository / "e/a.yaml").write_text("a: 3\n")
    commit(git, repository)
    with pytest.raises(Exception, match="exit status 1"):
        git(repository, "merge", "-q", "other")
