"""cfgc's own folder in Git's, `.git/cfgc/`, and the locks that go with it.

The folder is there while a commit is prepared or moved to, and gone when all is well; so one question to the file
system tells whether a process died in between. `lock` is held with `flock`, by us and by every program that we start
here, so that nobody takes a move over while one of them still works. `journal` says which move has begun. Everything
else in it is scratch.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cfgc.diagnostics import Failed, report
from cfgc.external import process
from cfgc.external.git.repository import Repository, environment, explain, failed

FOLDER = "cfgc"
_LOCK, _JOURNAL = "lock", "journal"
_PAUSE = 0.02
_GIT_WAITS = 1.0
_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_UNFINISHED = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


class Move(NamedTuple):
    """A move that has begun: the branch (none: a detached HEAD), and the commits it leads from and to."""

    ref: str
    old: str
    new: str


class Desk:
    """The folder, locked by this process. `open_desk` makes one."""

    def __init__(self, repository: Repository, folder: Path, descriptor: int) -> None:
        self.repository = repository
        self.folder = folder
        self._descriptor = descriptor

    def git(self, place: Repository, *words: str, input: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """What a Git command prints; raises `Failed` unless it ends well."""
        done = self.ask(place, *words, input=input, env=env)
        if done.code:
            raise Failed(failed(_name(words), done))
        return done.stdout

    def ask(
        self, place: Repository, *words: str, input: bytes = b"", env: Mapping[str, str] | None = None
    ) -> process.Finished:
        """How a Git command ends that holds our lock as long as it runs."""
        objects = str(self.repository.common_dir / "objects")
        given = {**environment(), "GIT_OBJECT_DIRECTORY": objects, **(env or {})}
        command = place.command("-c", "core.fsync=all", *words)
        try:
            return process.run(command, input=input, env=given, cwd=place.top, holding=self._descriptor)
        except process.ProgramError as error:
            raise Failed(explain(error, _name(words))) from None

    def journal(self) -> Move | None:
        """The move that has begun, if there is one."""
        try:
            data = json.loads((self.folder / _JOURNAL).read_bytes())
            found = Move(data["ref"], data["old"], data["new"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        whole = isinstance(found.ref, str) and "\0" not in found.ref
        return found if whole and all(_OID.fullmatch(str(oid)) for oid in found[1:]) else None

    def begin(self, move: Move) -> None:
        """Write the journal, and return once the disk has it."""
        beside = self.folder / f"{_JOURNAL}.new"
        with beside.open("wb") as file:
            file.write(json.dumps(move._asdict()).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        beside.rename(self.folder / _JOURNAL)
        sync(self.folder)

    def end(self) -> None:
        """Forget the move: it is done, or taken back."""
        (self.folder / _JOURNAL).unlink(missing_ok=True)

    @contextmanager
    def index_lock(self) -> Iterator[None]:
        """Hold `index.lock`, as Git's own commands do who change the index; raises `Failed` when somebody else does.

        It is a second name of our `lock`, so whoever finds it knows whether it is ours.
        """
        place = self.repository.git_dir / "index.lock"
        until = time.monotonic() + _GIT_WAITS
        while not self._link(place):
            if time.monotonic() >= until:
                raise Failed(report("repository-busy", file=place))
            time.sleep(_PAUSE)
        yield
        place.unlink(missing_ok=True)

    def refuse_unfinished(self) -> None:
        """Raises `Failed` while a merge, a rebase or the like waits to be ended by a person."""
        for name in _UNFINISHED:
            if (self.repository.git_dir / name).exists():
                raise Failed(report("repository-busy", file=self.repository.git_dir / name))

    def sweep(self) -> None:
        """Remove the scratch, whoever left it."""
        for entry in self.folder.iterdir():
            if entry.name not in (_LOCK, _JOURNAL):
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()

    def close(self) -> None:
        """Remove everything, but for a move that is neither done nor taken back, and let the lock go."""
        try:
            self.sweep()
            if not (self.folder / _JOURNAL).exists():
                self._unlink_index_lock()
                (self.folder / _LOCK).unlink()
                self.folder.rmdir()
        finally:
            os.close(self._descriptor)

    def _link(self, place: Path) -> bool:
        """Make `index.lock`, or find that it is ours; false while it is another's."""
        try:
            os.link(self.folder / _LOCK, place)
        except FileExistsError:
            return self._is_ours(place)
        except OSError as error:
            raise Failed(report("cannot-write", file=place, reason=error.strerror)) from None
        return True

    def _is_ours(self, place: Path) -> bool:
        try:
            return os.path.samestat(os.lstat(place), os.fstat(self._descriptor))
        except FileNotFoundError:
            return False

    def _unlink_index_lock(self) -> None:
        place = self.repository.git_dir / "index.lock"
        if self._is_ours(place):
            place.unlink()


@contextmanager
def open_desk(repository: Repository, *, wait: float = 10.0) -> Iterator[Desk]:
    """Take the desk, as long as the context lasts; raises `Failed` when another cfgc keeps it for `wait` seconds.

    What the system refuses inside of the context becomes `Failed` too.
    """
    folder = repository.git_dir / FOLDER
    try:
        desk = Desk(repository, folder, _acquire(folder, time.monotonic() + wait))
        try:
            yield desk
        finally:
            desk.close()
    except BrokenPipeError:
        raise
    except OSError as error:
        file = error.filename if isinstance(error.filename, (str, Path)) else folder
        raise Failed(report("cannot-write", file=file, reason=error.strerror or type(error).__name__)) from None


def is_waiting(repository: Repository) -> bool:
    """Whether a move has begun in this repository, be its process alive or dead."""
    return (repository.git_dir / FOLDER / _JOURNAL).exists()


def is_taken(repository: Repository) -> bool:
    """Whether the desk is there: in use, or left behind."""
    return os.path.lexists(repository.git_dir / FOLDER)


def sync(folder: Path) -> None:
    """Return once the disk has the names of a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(words: Sequence[str]) -> str:
    """The command among the words, behind its settings."""
    return next(word for word in words if not word.startswith("-") and "=" not in word)


def _acquire(folder: Path, until: float) -> int:
    """The descriptor of the locked `lock`; whoever held it before may have removed the file, and the folder with it."""
    while True:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        try:
            descriptor = _open(folder)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.stat(folder / _LOCK), os.fstat(descriptor)):
                return descriptor
        except FileNotFoundError:
            pass
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(descriptor)
                raise Failed(report("repository-busy", file=folder / _LOCK)) from None
            time.sleep(_PAUSE)
        os.close(descriptor)


def _open(folder: Path) -> int:
    """`lock` in the folder, which must be no link: nothing is written or removed elsewhere."""
    above = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return os.open(_LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=above)
    finally:
        os.close(above)
