"""A commit as a source (SPEC 2; THREATS Gi1, Gi2, Gi6, Gi7, Gi10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfgc.external import git as plumbing
from cfgc.external import process
from cfgc.external.git.sources import Index, Revision
from cfgc.external.source import LARGEST
from cfgc.model.layers import Entry
from tests.conftest import Git, commit
from tests.external.conftest import Write, finding


class TestRevision:
    def test_lists_and_reads_a_commit_and_not_the_tree(self, repository: Path, git: Git) -> None:
        """SPEC 2: any revision, through the same interface; Gi7."""
        (repository / "e/a.yaml").write_text("a: changed\n")
        (repository / "e/f/b.yaml").unlink()
        source = Revision(repository, "main")
        assert [entry.path for entry in source.list("e")] == ["e/a.yaml", "e/f/b.yaml"]
        assert source.read("e/a.yaml") == b"a: 1\n"
        assert source.read("e/f/b.yaml") == b"b: 2\n"
        assert source.describe() == git(repository, "rev-parse", "HEAD").strip()
        assert [path for path in ("", "e", "e/f", "e/a.yaml", "e/x", "e/a.yaml/x") if source.exists(path)] == [
            "", "e", "e/f", "e/a.yaml",
        ]  # fmt: skip

    def test_entries_know_their_blobs(self, repository: Path) -> None:
        (entry, *_) = Revision(repository, "HEAD").list("e")
        assert entry == Entry("e/a.yaml", "file", plumbing.blob_id(b"a: 1\n"))

    @pytest.mark.parametrize("name", ["main~1", "v1", "v1^{commit}", "HEAD^", "refs/tags/v1", "@~1", "{id}", "{short}"])
    def test_takes_every_way_to_name_a_commit(self, repository: Path, git: Git, name: str) -> None:
        git(repository, "tag", "-a", "v1", "-m", "annotated")
        first = git(repository, "rev-parse", "HEAD").strip()
        (repository / "e/a.yaml").write_text("a: 2\n")
        commit(git, repository)
        source = Revision(repository, name.replace("{id}", first).replace("{short}", first[:8]))
        assert source.commit == first
        assert source.read("e/a.yaml") == b"a: 1\n"

    def test_a_branch_may_have_any_name_that_git_takes(self, repository: Path, git: Git) -> None:
        git(repository, "branch", "feature/über-#1@x")
        git(repository, "update-ref", "refs/heads/-x", "HEAD")
        assert Revision(repository, "feature/über-#1@x").commit
        assert Revision(repository, "refs/heads/-x").commit

    @pytest.mark.parametrize(
        "name",
        ["--output=planted", "-h", "--upload-pack=touch planted", "ext::sh -c touch% planted", "", "HEAD\nHEAD", "a b",
         "HEAD:e", ":/x", "main..main", "^main", "HEAD^{tree}", "x" * 300, "0" * 40, "refs/heads/-y", "\udce4"],
    )  # fmt: skip
    def test_what_names_no_commit_is_a_finding(self, repository: Path, name: str) -> None:
        """Gi1: no name becomes an option, a command or a second request."""
        before = sorted(repository.rglob("*"))
        assert finding(lambda: Revision(repository, name)).code == "CFG952"
        assert sorted(repository.rglob("*")) == before

    def test_an_unknown_name_gets_a_suggestion(self, repository: Path, git: Git) -> None:
        git(repository, "tag", "v1.2.0")
        found = finding(lambda: Revision(repository, "mian"))
        assert (found.message, found.help) == (
            "there is no commit `mian` in this repository",
            "did you mean `main`?",
        )
        assert finding(lambda: Revision(repository, "v1.20")).help == "did you mean `v1.2.0`?"

    def test_a_known_name_is_no_finding(self, repository: Path) -> None:
        """CFG951, CFG952, CFG953: the passing side."""
        assert Revision(repository, "main").read("top.yaml") == b"t: 3\n"

    def test_a_shallow_clone_says_so(
        self, repository: Path, git: Git, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Gi6: a commit that was not fetched is an error with a cure."""
        commit(git, repository)
        clone = tmp_path_factory.mktemp("clone")
        git(clone, "clone", "-q", "--depth=1", f"file://{repository}", ".")
        found = finding(lambda: Revision(clone, "HEAD~1"))
        assert found.code == "CFG952"
        assert "shallow" in found.notes[0]
        assert "git fetch --unshallow" in found.help
        assert Revision(clone, "HEAD").read("e/a.yaml") == b"a: 1\n"

    def test_a_blob_that_the_clone_lacks_is_a_finding(self, repository: Path, git: Git) -> None:
        """CFG953, Gi6."""
        oid = plumbing.blob_id(b"b: 2\n")
        (repository / ".git/objects" / oid[:2] / oid[2:]).unlink()
        source = Revision(repository, "HEAD")
        assert source.read("e/a.yaml") == b"a: 1\n"
        found = finding(lambda: source.read("e/f/b.yaml"))
        assert (found.code, found.message) == ("CFG953", "this clone lacks the content of `e/f/b.yaml`")

    def test_a_folder_that_the_clone_lacks_is_a_finding(self, repository: Path, git: Git) -> None:
        oid = git(repository, "rev-parse", "HEAD:e/f").strip()
        (repository / ".git/objects" / oid[:2] / oid[2:]).unlink()
        found = finding(lambda: Revision(repository, "HEAD").list("e"))
        assert (found.code, found.message) == ("CFG953", "this clone lacks the content of `e/f`")

    def test_a_partial_clone_does_not_fetch(
        self, repository: Path, git: Git, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Gi2, Gi6: a missing blob is a finding; the remote's program is never run."""
        clone = tmp_path_factory.mktemp("clone")
        git(repository, "config", "uploadpack.allowFilter", "true")
        git(clone, "clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{repository}", ".")
        canary = clone / "planted"
        git(clone, "config", "remote.origin.url", f"ext::touch {canary}")
        git(clone, "config", "protocol.ext.allow", "always")
        assert finding(lambda: Revision(clone, "HEAD").read("e/a.yaml")).code == "CFG953"
        assert Revision(clone, "HEAD").commit == git(repository, "rev-parse", "HEAD").strip()
        assert finding(lambda: Revision(clone, "0" * 40)).code == "CFG952"
        assert not canary.exists()

    def test_reads_packed_objects(self, repository: Path, git: Git) -> None:
        git(repository, "gc", "-q")
        assert Revision(repository, "HEAD").read("e/f/b.yaml") == b"b: 2\n"

    def test_reads_the_other_object_format(self, project: Write, git: Git) -> None:
        root = project({"e/a.yaml": "a: 1\n"})
        git(root, "init", "-q", "--object-format=sha256")
        head = commit(git, root)
        source = Revision(root, "HEAD")
        assert len(source.commit) == 64
        assert source.list("e") == [Entry("e/a.yaml", "file", plumbing.blob_id(b"a: 1\n", "sha256"))]
        assert source.read("e/a.yaml") == b"a: 1\n"
        assert plumbing.head_commit(root) == head
        assert plumbing.is_clean(root, ["e"])

    def test_replace_refs_and_grafts_change_nothing(self, repository: Path, git: Git) -> None:
        """Gi6."""
        first = git(repository, "rev-parse", "HEAD").strip()
        second = commit(git, repository, "second")
        other = git(repository, "hash-object", "-w", "top.yaml").strip()
        git(repository, "replace", plumbing.blob_id(b"a: 1\n"), other)
        (repository / ".git/info/grafts").write_text(f"{second}\n")
        assert Revision(repository, "HEAD").read("e/a.yaml") == b"a: 1\n"
        assert Revision(repository, "HEAD~1").commit == first

    def test_a_project_that_the_commit_does_not_hold_is_empty(self, repository: Path) -> None:
        (repository / "new/e").mkdir(parents=True)
        source = Revision(repository / "new", "HEAD")
        assert source.list("") == source.list("e") == []
        assert not source.exists("e")

    def test_a_project_that_was_a_file_then_is_empty(self, repository: Path, git: Git) -> None:
        (repository / "new").write_text("")
        commit(git, repository)
        (repository / "new").unlink()
        (repository / "new").mkdir()
        assert Revision(repository / "new", "HEAD").list("") == []
        assert Index(repository / "new").list("") == []

    def test_a_git_that_gives_up_is_a_finding(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """CFG956: and the next question starts it again."""
        source = Revision(repository, "HEAD")
        with monkeypatch.context() as patch:
            patch.setattr(process.Conversation, "line", _give_up)
            found = finding(lambda: source.read("e/a.yaml"))
        assert (found.code, found.message) == ("CFG956", "`git cat-file` did not answer in time")
        assert source.read("e/a.yaml") == b"a: 1\n"

    def test_a_huge_blob_is_refused(self, repository: Path, git: Git) -> None:
        with (repository / "e/b.yaml").open("wb") as file:
            file.truncate(LARGEST + 1)
        commit(git, repository)
        source = Revision(repository, "HEAD")
        source.list("e")
        assert source.read("e/a.yaml") == b"a: 1\n"
        with pytest.raises(OSError, match=r"is larger than 64 MiB: 'e/b\.yaml'"):
            source.read("e/b.yaml")
        assert source.read("e/f/b.yaml") == b"b: 2\n"

    def test_reading_ahead_has_a_bound(self, repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
        """Many files that are allowed alone are not held in memory together."""
        for number in range(9):
            (repository / f"e/{number}.yaml").write_text(str(number) * 1000)
        commit(git, repository)
        monkeypatch.setattr("cfgc.external.git.objects.LARGEST", 2500)
        source = Revision(repository, "HEAD")
        source.list("e")
        for number in range(9):
            assert source.read(f"e/{number}.yaml")[:1] == b"%d" % number
            assert sum(map(len, source._contents._waiting.values())) <= 2500

    def test_many_files_are_read_in_any_order(self, project: Write, git: Git) -> None:
        """Reading ahead never gives one file's content for another's."""
        root = project({f"e/{n:03}.{suffix}": f"{n}{suffix}" for n in range(100) for suffix in ("yaml", "md")})
        git(root, "init", "-q")
        commit(git, root)
        source = Revision(root, "HEAD")
        paths = [entry.path for entry in source.list("e")]
        for path in [*paths[150:], *reversed(paths), *paths[::7]]:
            number, _, suffix = path[2:].partition(".")
            assert source.read(path).decode() == f"{int(number)}{suffix}"

    def test_a_commit_message_is_only_data(self, repository: Path, git: Git) -> None:
        """Gi10: a megabyte of anything, and what looks like a tree."""
        (repository / "message").write_text("tree " + "0" * 40 + "\n\x1b[31m" + "x" * 1_000_000)
        git(repository, "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "message")
        assert Revision(repository, "HEAD").read("e/a.yaml") == b"a: 1\n"


def _give_up(_: object) -> bytes:
    raise process.TimedOutError("git", "did not answer in time")
