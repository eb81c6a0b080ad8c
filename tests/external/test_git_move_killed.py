"""A move that dies, or that the system stops, ends at one commit or the other (THREATS F05, K05)."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.external import git as plumbing
from cfgc.external import process
from cfgc.external.git import desk as desks
from cfgc.external.git import move as moving
from cfgc.external.git.desk import Desk, Move, open_desk
from cfgc.external.git.move import head, recover
from tests.conftest import Git
from tests.external.moves import go, is_at, outcome


class Died(BaseException):
    """What `kill -9` looks like from inside: nothing that follows is done."""


class TestRecovery:
    """What a process that died leaves, and what the next one makes of it."""

    def die(self, root: Path, new: str, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
        """Begin a move and stop at a function, as `kill -9` would: nothing of what follows is done."""

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
