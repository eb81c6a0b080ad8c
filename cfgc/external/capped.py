"""Work in a forked child with limits on memory and processor time.

The child sees everything its parent has (nothing is serialised on the way in) and sends each result
back as one line of JSON; there is no pickle. It is for pure Python work that a hostile input may make
endless: it has no input, no output, no core dump and none of its parent's files but the pipe.

A fork copies only the calling thread, so call it while no other thread holds a lock that the work
needs; work that touches only its own data needs none. macOS does not enforce a limit on memory, there
the limits on processor time and on the time of the day remain. Its frameworks must not be used after a
fork, and pure Python work does not.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import time
from collections.abc import Iterable, Iterator
from typing import Any, Literal

OverrunKind = Literal["memory", "time", "crash"]

_OUT_OF_MEMORY = 77
_BUG = 78
_CHUNK = 1 << 16
_PATIENCE = 20
"""Seconds of waiting for each second of processor time, and one more: others may need the processors, too."""
_MOST_FILES = 1 << 16
"""No process of ours opens more; the system's own limit may be a thousand million."""


class Overrun(Exception):
    """The child was stopped by a limit, or died; the results before it were delivered."""

    def __init__(self, kind: OverrunKind) -> None:
        super().__init__(f"stopped: {kind}")
        self.kind: OverrunKind = kind


class ChildBug(Exception):
    """The work raised an exception of its own: its type and place, never its text, which may hold values."""


@contextlib.contextmanager
def capped(work: Iterable[Any], *, memory: int, seconds: int) -> Iterator[Iterator[Any]]:
    """The items of `work`, each made by a child that starts at once and runs beside the caller.

    `memory` is in bytes, on top of what the process holds already; `seconds` is processor time. The clock ends only
    a child for which the caller has waited in vain for much longer: on a busy machine it may have to wait itself.
    Items are JSON-able. Iterating raises `Overrun` after the last item that came through, and `ChildBug` for an
    exception of the work. Leaving the block ends the child.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _live(work, writer, memory, seconds)
    os.close(writer)
    reaper = _Reaper(child)
    try:
        yield _receive(reader, reaper, _PATIENCE * (seconds + 1))
    finally:
        os.close(reader)
        reaper.kill()


def run_capped(work: Iterable[Any], *, memory: int, seconds: int) -> list[Any]:
    """All items of `work`, made by a child; raises `Overrun` or `ChildBug` as `capped` does."""
    with capped(work, memory=memory, seconds=seconds) as items:
        return list(items)


class _Reaper:
    """The one place that waits for the child, once."""

    def __init__(self, child: int) -> None:
        self._child: int | None = child

    def wait(self) -> int:
        """The exit code of the child, negative for a signal."""
        if self._child is None:
            return 0
        _, status = os.waitpid(self._child, 0)
        self._child = None
        return os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            self.wait()


def _receive(reader: int, reaper: _Reaper, patience: float) -> Iterator[Any]:
    buffer = bytearray()
    waiting = select.poll()  # `select.select` takes no descriptor above 1023
    waiting.register(reader, select.POLLIN)
    while True:
        began = time.monotonic()
        if not waiting.poll(max(patience, 0) * 1000):
            reaper.kill()
            raise Overrun("time")
        patience -= time.monotonic() - began
        chunk = os.read(reader, _CHUNK)
        if not chunk:
            break
        buffer += chunk
        *lines, rest = buffer.split(b"\n")
        buffer = rest
        for line in lines:
            yield json.loads(line)
    _judge(reaper.wait(), bytes(buffer))


def _judge(code: int, rest: bytes) -> None:
    if code == 0:
        return
    if code == _BUG:
        raise ChildBug(rest.decode())
    if code == _OUT_OF_MEMORY:
        raise Overrun("memory")
    raise Overrun("time" if code in (-signal.SIGXCPU, -signal.SIGKILL) else "crash")


def _live(work: Iterable[Any], writer: int, memory: int, seconds: int) -> None:
    """The whole life of the child: it leaves by `os._exit`, so that nothing of the parent is run twice."""
    code = _BUG
    try:
        gc.freeze()
        _detach(writer)
        _limit(memory, seconds)
        code = _work(work, writer)
    finally:
        os._exit(code)


def _work(work: Iterable[Any], writer: int) -> int:
    try:
        for item in work:
            _send(writer, json.dumps(item).encode() + b"\n")
    except MemoryError:
        return _OUT_OF_MEMORY
    except BaseException as bug:
        _send(writer, _where(bug).encode())
        return _BUG
    return 0


def _where(bug: BaseException) -> str:
    trace = bug.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
    return f"{type(bug).__name__} at {place}"


def _send(writer: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(writer, view) :]


def _detach(writer: int) -> None:
    """Cuts the child off from terminal, locks, pipes and signal handlers of its parent."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, writer)
    os.closerange(writer + 1, _MOST_FILES)


def _limit(memory: int, seconds: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    with contextlib.suppress(ValueError, OSError):  # macOS knows the name but refuses the value
        bound = _held() + memory
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _held() -> int:
    """The address space the process has now, in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
