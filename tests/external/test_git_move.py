"""From one commit to another, or nothing of it (issue 3, section 4; THREATS Gi1 to Gi5, F01, K01, K05)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external import git as plumbing
from cfgc.external import process
from cfgc.external.git import desk as desks
from cfgc.external.git import move as moving
from cfgc.external.git.branch import make_branch
from cfgc.external.git.desk import Desk, Move, open_desk
from cfgc.external.git.move import head, move, recover
from tests.external.conftest import Git, Write, commit


def go(root: Path, new: str) -> None:
    """Move to a commit, as a rollback does."""
    repository = plumbing.locate(root)
    with open_desk(repository, wait=0.1) as desk:
        move(desk, new, expected=head(repository)[1], reason="cfgc: test")


def refused(root: Path, new: str) -> list[Diagnostic]:
    """Why a move is refused; nothing has changed then."""
    before = snapshot(root)
    with pytest.raises(Failed) as caught:
        go(root, new)
    assert snapshot(root) == before
    return list(caught.value.diagnostics)


def outcome(root: Path, new: str) -> list[str]:
    """The codes of what was wrong with a move."""
    try:
        go(root, new)
    except Failed as failed:
        return [found.code for found in failed.diagnostics]
    return []


def snapshot(root: Path) -> dict[str, object]:
    """Every file of the working tree with its mode, the index, HEAD, and what lies on the desk."""
    files = [path for path in root.rglob("*") if ".git" not in path.parts and not path.is_dir()]
    git_dir = plumbing.locate(root).git_dir
    return {
        "files": {str(path): (os.readlink(path) if path.is_symlink() else path.read_bytes()) for path in files},
        "modes": {str(path): path.lstat().st_mode for path in files},
        "index": (git_dir / "index").read_bytes(),
        "head": (git_dir / "HEAD").read_bytes(),
        "commit": plumbing.head_commit(root),
        "locks": sorted(path.name for path in git_dir.iterdir() if path.name in ("cfgc", "index.lock")),
    }


@pytest.fixture
def two(repository: Path, git: Git) -> tuple[str, str]:
    """Two commits that differ in every way a file can; the second is checked out."""
    old = git(repository, "rev-parse", "HEAD").strip()
    (repository / "e/a.yaml").write_text("a: 2\n")
    shutil.rmtree(repository / "e/f")
    (repository / "e/f").write_text("a file where a folder was\n")
    (repository / "new/deep").mkdir(parents=True)
    (repository / "new/deep/x y.yaml").write_text("x: 1\n")
    (repository / "top.yaml").chmod(0o755)
    return old, commit(git, repository, "second")


def is_at(root: Path, git: Git, oid: str) -> bool:
    """Whether branch, index and files are those of a commit, and nothing is left over."""
    assert not (root / ".git/cfgc").exists()
    assert not (root / ".git/index.lock").exists()
    assert git(root, "fsck", "--strict").strip() == ""
    return git(root, "rev-parse", "HEAD").strip() == oid and git(root, "status", "--porcelain") == ""


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


class TestBranch:
    def test_only_a_branch_is_made(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        """CFG963, the passing side."""
        before = snapshot(repository)
        with open_desk(plumbing.locate(repository)) as desk:
            make_branch(desk, "rollback/prod-1", two[0])
        assert snapshot(repository) == before
        assert git(repository, "rev-parse", "rollback/prod-1").strip() == two[0]

    @pytest.mark.parametrize(
        "name",
        ["--output=planted", "-h", "--upload-pack=touch planted", "ext::sh -c touch% planted", "@{-1}", "refs/heads/-x",
         "", "HEAD", "@", "a..b", "a b", "a\nb", "../x", "x.lock", ".x", "x/.y", "x/", "a//b", "x" * 300, "1" * 40,
         "main", "main/x", "kept", "\udce4", "x\u202ey", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b"],
    )  # fmt: skip
    def test_a_name_that_is_no_new_branch(self, repository: Path, two: tuple[str, str], name: str, git: Git) -> None:
        """CFG963, Gi1: it becomes no option, no command, no other ref."""
        git(repository, "branch", "kept/x")
        before = sorted(path for path in repository.rglob("*") if "objects" not in path.parts)
        with open_desk(plumbing.locate(repository)) as desk, pytest.raises(Failed) as caught:
            make_branch(desk, name, two[0])
        assert caught.value.diagnostics[0].code == "CFG963"
        assert sorted(path for path in repository.rglob("*") if "objects" not in path.parts) == before

    @pytest.mark.parametrize("name", ["x", "rollback/prod", "feature/über-#1@x", "a.b", "v1-2_3"])
    def test_names_that_git_takes(self, repository: Path, git: Git, name: str) -> None:
        with open_desk(plumbing.locate(repository)) as desk:
            make_branch(desk, name, git(repository, "rev-parse", "HEAD").strip())
        assert git(repository, "check-ref-format", "--branch", name).strip() == name


class TestRecovery:
    """What a process that died leaves, and what the next one makes of it."""

    def die(self, root: Path, new: str, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
        """Begin a move and stop at a function, as `kill -9` would: nothing of what follows is done."""

        class Died(BaseException):
            pass

        def dies(*_: object, **__: object) -> None:
            raise Died

        with monkeypatch.context() as patch:
            patch.setattr(moving, "_undo", lambda *_: None)
            patch.setattr(Desk, "close", lambda desk: os.close(desk._descriptor))
            patch.setattr(*{"update-ref": (Desk, "end"), "stage": (moving, "_stage")}[at], dies)
            with pytest.raises(Died):
                go(root, new)
        assert (root / ".git/cfgc/journal").exists()
        assert (root / ".git/index.lock").exists()

    def test_before_the_branch_moved_it_is_taken_back(
        self, repository: Path, two: tuple[str, str], git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """CFG964."""
        self.die(repository, two[0], monkeypatch, "stage")
        assert (repository / "e/a.yaml").read_text() == "a: 1\n"
        (found,) = recover(repository)
        assert (found.code, found.message) == (
            "CFG964",
            f"a rollback that was killed is taken back: HEAD is {two[1][:12]} as before",
        )
        assert is_at(repository, git, two[1])
        assert recover(repository) == []

    def test_after_the_branch_moved_it_is_finished(
        self, repository: Path, two: tuple[str, str], git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.die(repository, two[0], monkeypatch, "update-ref")
        (repository / "e/a.yaml").write_text("a: 2\n")  # as after a loss of power
        (found,) = recover(repository)
        assert "finished" in found.message
        assert is_at(repository, git, two[0])

    def test_what_was_changed_since_is_left_alone(
        self, repository: Path, two: tuple[str, str], git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """CFG965: a file that holds neither the old nor the new content is never overwritten."""
        self.die(repository, two[0], monkeypatch, "stage")
        (repository / "e/a.yaml").write_text("a: mine\n")
        _, found = recover(repository)
        assert (found.code, found.location and found.location.file) == ("CFG965", "e/a.yaml")
        assert (repository / "e/a.yaml").read_text() == "a: mine\n"
        assert git(repository, "status", "--porcelain") == " M e/a.yaml\n"

    def test_who_moved_on_is_left_alone(
        self, repository: Path, two: tuple[str, str], git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.die(repository, two[0], monkeypatch, "stage")
        (repository / ".git/index.lock").unlink()
        git(repository, "checkout", "-q", "-f", "-B", "other", two[1])
        (found,) = recover(repository)
        assert "forgotten" in found.message
        assert is_at(repository, git, two[1])

    def test_another_program_s_lock_is_waited_for(
        self, repository: Path, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch, git: Git
    ) -> None:
        self.die(repository, two[0], monkeypatch, "stage")
        (repository / ".git/index.lock").unlink()
        (repository / ".git/index.lock").write_text("of another")
        with pytest.raises(Failed) as caught:
            recover(repository)
        assert caught.value.diagnostics[0].name == "repository-busy"
        (repository / ".git/index.lock").unlink()
        assert len(recover(repository)) == 1
        assert is_at(repository, git, two[1])

    def test_a_workshop_without_a_journal_is_removed(self, repository: Path, two: tuple[str, str], git: Git) -> None:
        desk = repository / ".git/cfgc"
        (desk / "tree").mkdir(parents=True)
        (desk / "lock").touch()
        os.link(desk / "lock", repository / ".git/index.lock")
        assert recover(repository) == []
        assert is_at(repository, git, two[1])

    def test_a_living_process_is_left_alone(self, repository: Path, two: tuple[str, str]) -> None:
        with open_desk(plumbing.locate(repository)) as desk:
            assert recover(repository) == []
            assert desk.folder.exists()

    def test_a_move_of_a_living_process_is_waited_for(
        self, repository: Path, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A command never reads half a move."""
        real = desks.open_desk
        monkeypatch.setattr(moving, "open_desk", lambda place, wait: real(place, wait=min(wait, 0.1)))
        with open_desk(plumbing.locate(repository)) as desk:
            desk.begin(Move("refs/heads/main", two[1], two[0]))
            with pytest.raises(Failed) as caught:
                recover(repository)
            desk.end()
        assert caught.value.diagnostics[0].name == "repository-busy"

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", '{"ref":"","old":"x","new":"--output=planted"}', '{"ref":1,"old":"","new":""}']
    )
    def test_a_damaged_journal_is_none(self, repository: Path, two: tuple[str, str], git: Git, text: str) -> None:
        (repository / ".git/cfgc").mkdir()
        (repository / ".git/cfgc/journal").write_text(text)
        assert recover(repository) == []
        assert not (repository / "planted").exists()
        assert is_at(repository, git, two[1])

    def test_a_lock_lasts_as_long_as_our_children(self, repository: Path) -> None:
        """K05: a `git` of a process that was killed may still work, so nobody takes over before it has ended."""
        repository_ = plumbing.locate(repository)
        with open_desk(repository_) as desk:
            asked = process.run(["sh", "-c", f"ls -l /proc/self/fd/{desk._descriptor}"], holding=desk._descriptor)
            assert b"cfgc/lock" in asked.stdout
            with (desk.folder / "lock").open() as other, pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


CALLS = ("fsync", "rename", "link", "unlink", "mkdir", "rmdir", "open")


class Died(BaseException):
    """What `kill -9` looks like from inside: nothing that follows is done."""


class Deadly:
    """The k-th of the calls that change something on the disk is the last thing that this process does."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int) -> None:
        self.left = at
        self.dead = False
        for name in CALLS:
            patch.setattr(os, name, self._wrap(getattr(os, name)))
        patch.setattr(moving, "_undo", lambda *_: None)
        patch.setattr(Desk, "close", self._wrap_close(Desk.close))

    def _wrap(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            self.left -= 1
            if self.left == 0:
                self.dead = True
            if self.dead:
                raise Died
            return real(*args, **named)

        return call

    def _wrap_close(self, real: Callable[[Desk], None]) -> Callable[[Desk], None]:
        def close(desk: Desk) -> None:
            if self.dead:
                os.close(desk._descriptor)  # what the system does for a process that is gone
            else:
                real(desk)

        return close


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


class TestEveryMoment:
    """K05: whenever the process dies, the next one finds its way to one commit or the other."""

    def test_death_at_every_call(
        self, repository: Path, two: tuple[str, str], git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outcomes = set()
        for at in range(1, 500):
            with monkeypatch.context() as patch:
                deadly = Deadly(patch, at)
                with contextlib.suppress(Died):
                    go(repository, two[0])
            outcomes |= {found.message.split(":")[0] for found in recover(repository)}
            now = head(plumbing.locate(repository))[1]
            assert is_at(repository, git, now)
            assert now in two
            if not deadly.dead:
                break
            if now == two[0]:
                go(repository, two[1])
        assert at > 40
        assert outcomes == {f"a rollback that was killed is {how}" for how in ("taken back", "finished")}

    def test_death_while_settling(
        self, repository: Path, two: tuple[str, str], git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Taking back can be killed as well, as often as it likes."""
        for at in range(1, 500):
            with monkeypatch.context() as patch:
                Deadly(patch, 45)
                with contextlib.suppress(Died):
                    go(repository, two[0])
            with monkeypatch.context() as patch:
                deadly = Deadly(patch, at)
                with contextlib.suppress(Died):
                    recover(repository)
            recover(repository)
            now = head(plumbing.locate(repository))[1]
            assert is_at(repository, git, now)
            if now == two[0]:
                go(repository, two[1])
            if not deadly.dead:
                break
        assert at > 10

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(before=trees(), after=trees())
    def test_any_tree_becomes_any_other_and_comes_back(
        self, tmp_path_factory: pytest.TempPathFactory, git: Git, before: dict[str, str], after: dict[str, str]
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


class TestErrorsOfTheSystem:
    def test_a_full_disk_takes_everything_back(
        self, repository: Path, two: tuple[str, str], git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """F05: at each file, at the index, at the branch."""
        real = os.fsync
        for failing in range(1, 12):
            calls = iter(range(1, 1000))

            def sync(descriptor: int, calls: object = calls, failing: int = failing) -> None:
                if next(calls) == failing:  # type: ignore[call-overload]
                    raise OSError(28, "No space left on device")
                real(descriptor)

            with monkeypatch.context() as patch:
                patch.setattr(os, "fsync", sync)
                codes = outcome(repository, two[0])
            if codes == []:
                assert failing > 6
                return
            assert codes == ["CFG901"]
            recover(repository)
            assert is_at(repository, git, two[1])
        pytest.fail("there was no end to it")
