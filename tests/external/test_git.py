"""Commits and the index as sources, and what of the working tree is committed (THREATS G7)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external import git as plumbing
from cfgc.external import process
from cfgc.external.files import WorkTree
from cfgc.external.git.commits import History
from cfgc.external.git.sources import Index, Revision
from cfgc.external.source import LARGEST
from cfgc.model.layers import Entry, Source
from tests.external.conftest import Git, Write, commit

EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
SOURCES: list[Callable[[Path], Source]] = [WorkTree, Index, lambda root: Revision(root, "HEAD")]
SOURCE_NAMES = ["working tree", "index", "revision"]


def finding(make: Callable[[], object]) -> Diagnostic:
    """The one finding that something fails with."""
    with pytest.raises(Failed) as caught:
        make()
    (found,) = caught.value.diagnostics
    return found


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
