"""The one way to start another program (THREATS C07, C09, Gi4, L08, X05).

No shell, an argument list only; standard input is given or closed; the program leads a session of its own, so that it
has no terminal to prompt on and can be ended with all its children; it has a deadline and an output cap; its
environment is rebuilt from an allowlist. What it prints appears in no message and no `repr`.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cfgc.external.guard import guard

if TYPE_CHECKING:
    import subprocess

INHERITED = ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR")
"""The variables of our own environment that every program may see."""

SECONDS = 60.0
OUTPUT_BYTES = 64 << 20
_CHUNK = 1 << 16


class ProgramError(Exception):
    """A program that could not be used; the text holds its name and never what it printed."""

    def __init__(self, program: str, what: str) -> None:
        super().__init__(f"`{program}` {what}")
        self.program = program


class NotFoundError(ProgramError):
    """The program is not on PATH, or the system refuses to start it."""


class TimedOutError(ProgramError):
    """The program did not end, or did not answer, before its deadline; its process group was killed."""


class TooMuchOutputError(ProgramError):
    """The program printed more than it may; its process group was killed."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended: its exit code (negative: the signal that ended it) and what it printed."""

    code: int
    stdout: bytes = field(repr=False)
    stderr: bytes = field(repr=False)


def run(
    argv: Sequence[str],
    *,
    input: bytes = b"",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = SECONDS,
    limit: int = OUTPUT_BYTES,
    holding: int | None = None,
    guarded: bool = False,
) -> Finished:
    """What a program prints, and its exit code, whatever that is.

    `env` comes on top of `INHERITED`; `limit` is the cap in bytes for standard output and standard error together.
    `holding` is a descriptor that the program keeps open: a lock behind it then lasts as long as the program, also when
    we are killed. A `guarded` program does not outlive us.
    Raises `NotFoundError`, `TimedOutError` or `TooMuchOutputError`.
    """
    until = time.monotonic() + timeout
    child = _start(argv, env, cwd, with_input=bool(input), with_errors=True, holding=holding)
    try:
        with guard(child.pid) if guarded else contextlib.nullcontext():
            stdout, stderr = _exchange(child, input, until, limit)
            _wait(child, until)
    except BaseException:
        _kill(child)
        raise
    _close(child)
    return Finished(child.returncode, stdout, stderr)


def inherited(*names: str) -> dict[str, str]:
    """Those of the named variables that our own environment holds; `SOPS_*` stands for all that begin so."""
    prefixes = tuple(name[:-1] for name in names if name.endswith("*"))
    return {
        name: value for name, value in os.environ.items() if name in names or (prefixes and name.startswith(prefixes))
    }


def find(program: str, *, outside: Path | None = None) -> str | None:
    """The absolute path of a program, by PATH. Relative entries of PATH and whatever lies in `outside` never count."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        candidate = Path(folder, program)
        # `Path.is_file` raises for what lies in a folder that may not be searched
        if not candidate.is_absolute() or not os.path.isfile(candidate) or not os.access(candidate, os.X_OK):
            continue
        if outside is None or not candidate.resolve().is_relative_to(outside.resolve()):
            return str(candidate)
    return None


class Conversation:
    """A program that answers one request after another over its pipes, until it is closed or nobody holds it.

    It is killed then, so it must be one that only reads. Every answer has the deadline `timeout`. Not for several
    threads at once.
    """

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, timeout: float = SECONDS) -> None:
        """Raises `NotFoundError`."""
        import weakref

        child = _start(argv, env, None, with_input=True, with_errors=False)
        assert child.stdin is not None
        assert child.stdout is not None
        self._program = argv[0]
        self._timeout = timeout
        self._requests = child.stdin.fileno()
        self._answers = child.stdout.fileno()
        self._unread = bytearray()
        self._end = weakref.finalize(self, _kill, child)

    def send(self, request: bytes) -> None:
        """Write a request; it must fit into a pipe (64 KiB). Raises `ProgramError` when the program has ended."""
        try:
            os.write(self._requests, request)
        except OSError:
            raise ProgramError(self._program, "ended unexpectedly") from None

    def line(self) -> bytes:
        """The next line of the answer, without its newline. Raises as `take` does."""
        until = time.monotonic() + self._timeout
        while (end := self._unread.find(b"\n")) < 0:
            self._receive(until)
        return self.take(end + 1)[:-1]

    def take(self, count: int) -> bytes:
        """The next bytes of the answer. Raises `TimedOutError`, and `ProgramError` when the program has ended."""
        until = time.monotonic() + self._timeout
        while len(self._unread) < count:
            self._receive(until)
        taken = bytes(self._unread[:count])
        del self._unread[:count]
        return taken

    def close(self) -> None:
        """Kill the program. Closing twice is once."""
        self._end()

    def _receive(self, until: float) -> None:
        import select

        waiting = select.poll()
        waiting.register(self._answers, select.POLLIN)
        if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
            self.close()
            raise TimedOutError(self._program, "did not answer in time")
        chunk = os.read(self._answers, 1 << 20)
        if not chunk:
            raise ProgramError(self._program, "ended unexpectedly")
        self._unread += chunk


def _start(
    argv: Sequence[str],
    env: Mapping[str, str] | None,
    cwd: Path | None,
    *,
    with_input: bool,
    with_errors: bool,
    holding: int | None = None,
) -> subprocess.Popen[bytes]:
    import subprocess

    program = argv[0] if os.path.isabs(argv[0]) else find(argv[0])
    if program is None:
        raise NotFoundError(argv[0], "is not installed")
    try:
        return subprocess.Popen(  # noqa: S603 -- this is the one place, with an argument list and no shell
            [program, *argv[1:]],
            stdin=subprocess.PIPE if with_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if with_errors else subprocess.DEVNULL,
            bufsize=0,
            cwd=cwd,
            env={**inherited(*INHERITED), "LC_ALL": "C.UTF-8", **(env or {})},
            start_new_session=True,
            pass_fds=() if holding is None else (holding,),
        )
    except OSError as error:
        raise NotFoundError(argv[0], f"cannot be started: {error.strerror}") from None


def _exchange(child: subprocess.Popen[bytes], input: bytes, until: float, limit: int) -> tuple[bytes, bytes]:
    """Serve each pipe as far as the program is ready for it, until all are done."""
    import selectors

    assert child.stdout is not None
    assert child.stderr is not None
    stdout, stderr = bytearray(), bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ, partial(_read, child.stdout, stdout))
        waiting.register(child.stderr, selectors.EVENT_READ, partial(_read, child.stderr, stderr))
        if child.stdin:
            os.set_blocking(child.stdin.fileno(), False)
            waiting.register(child.stdin, selectors.EVENT_WRITE, partial(_write, child.stdin, bytearray(input)))
        while waiting.get_map():
            ready = waiting.select(max(0.0, until - time.monotonic()))
            if not ready and time.monotonic() >= until:
                raise TimedOutError(_name(child), "did not end in time")
            for key, _ in ready:
                serve: Callable[[], bool] = key.data
                if not serve():
                    # first out of the selector, then closed: a child that another thread is just starting may hold
                    # a copy, and a closed descriptor can no longer be taken out
                    waiting.unregister(key.fileobj)
                    if key.fileobj is child.stdin:
                        child.stdin.close()
            if len(stdout) + len(stderr) > limit:
                raise TooMuchOutputError(_name(child), "printed too much")
    return bytes(stdout), bytes(stderr)


def _write(pipe: IO[bytes], rest: bytearray) -> bool:
    """Write a chunk and say whether there is more to come."""
    try:
        del rest[: os.write(pipe.fileno(), rest[:_CHUNK])]
    except BrokenPipeError:
        rest.clear()
    return bool(rest)


def _read(pipe: IO[bytes], into: bytearray) -> bool:
    chunk = os.read(pipe.fileno(), _CHUNK)
    into += chunk
    return bool(chunk)


def _name(child: subprocess.Popen[bytes]) -> str:
    assert isinstance(child.args, list)
    return Path(str(child.args[0])).name


def _wait(child: subprocess.Popen[bytes], until: float) -> None:
    import subprocess

    try:
        child.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimedOutError(_name(child), "did not end in time") from None


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the program and all its children, and close our ends of its pipes.

    Its process id is still its group's: a program that nobody waited for keeps its id.
    """
    import signal

    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    _close(child)


def _close(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe:
            pipe.close()
    child.wait()
