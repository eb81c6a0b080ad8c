"""Works done side by side in forked processes, as many as there are processors.

A worker sees everything that its parent has: nothing is sent to it. What it answers is JSON over a pipe; there is no
pickle. Works wait in a queue, and each process takes the next one when it is done with one. So a work has to give a
JSON-able result and to change nothing else. What a worker does not answer, whatever the reason, is worked here again:
an error is the same, with the same trace, whoever met it first, and half a result is none.

A fork copies only the calling thread, so nothing is forked where there are others.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import TypeVar

from cfgc.external.timing import RUNNING, work_span

T = TypeVar("T")

_CHUNK = 1 << 20
_NUMBER = 4
"""Bytes of a work's number in the queue. What is taken from a pipe at once is taken whole, and by one process."""
_MOST_NUMBERS = 1 << 10
"""The queue is filled before anybody takes from it: so many numbers fit into the smallest pipe."""


def processors() -> int:
    """How many processes can work side by side: 1 where this one must not fork, or where all processors are busy.

    On macOS it must not, since the system's frameworks do not survive a fork; nor beside other threads. Where more
    wants to run than there are processors, workers would only wait for them, and their parent for the workers.
    """
    threading = sys.modules.get("threading")
    if sys.platform != "linux" or (threading is not None and threading.active_count() > 1):
        return 1
    if os.getloadavg()[0] >= (os.cpu_count() or 1):
        return 1
    return len(os.sched_getaffinity(0))


def side_by_side(
    works: Sequence[Callable[[], T]], processes: int, meanwhile: Callable[[], object] = lambda: None
) -> list[T]:
    """The results of all works, in their order, by this process and workers of its own, `processes` in all.

    `meanwhile` is what this process does first, beside the workers. What a work raises is raised here. No worker
    outlives the call.
    """
    processes = min(len(works), processes)
    if processes < 2:
        meanwhile()
        return [work() for work in works]
    with ExitStack() as held:
        queue = _queue(min(len(works), _MOST_NUMBERS))
        held.callback(os.close, queue)
        workers = [held.enter_context(_Worker(works, queue)) for _ in range(processes - 1)]
        meanwhile()
        results = dict(_taken(works, queue))
        for worker in workers:
            results.update(worker.answer())
    return [results[number] if number in results else work() for number, work in enumerate(works)]


def _queue(count: int) -> int:
    """The end to read from of a pipe that holds the first numbers, and nothing after the last."""
    reader, writer = os.pipe()
    _send(writer, b"".join(number.to_bytes(_NUMBER, "big") for number in range(count)))
    os.close(writer)
    return reader


def _taken(works: Sequence[Callable[[], T]], queue: int) -> Iterator[tuple[int, T]]:
    """The works that this process takes from the queue, each done: number and result."""
    while taken := os.read(queue, _NUMBER):
        for number in range(int.from_bytes(taken, "big"), len(works), _MOST_NUMBERS):
            with work_span():
                result = works[number]()
            yield number, result


class _Worker:
    """One forked process, which works until the queue is empty. Leaving the block ends it."""

    def __init__(self, works: Sequence[Callable[[], T]], queue: int) -> None:
        self._reader, writer = os.pipe()
        self._child: int | None = os.fork()
        if self._child == 0:
            os.close(self._reader)  # so that a worker whose parent was killed has nobody to write to, and ends
            _live(works, queue, writer)
        os.close(writer)

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._reader)
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            self._wait()

    def answer(self) -> Iterator[tuple[int, T]]:
        """What the worker did: number and result of each work; nothing when it died."""
        answer = b"".join(iter(lambda: os.read(self._reader, _CHUNK), b""))
        done, spans = json.loads(answer) if self._wait() == 0 and answer else ((), ())
        if spans and (stopwatch := RUNNING.get()):
            stopwatch.take_over(spans)
        return iter(done)

    def _wait(self) -> int:
        assert self._child is not None
        _, status = os.waitpid(self._child, 0)
        self._child = None
        return status


def _live(works: Sequence[Callable[[], T]], queue: int, writer: int) -> None:
    """The whole life of a worker. It leaves by `os._exit`, so that nothing of the parent is run or flushed twice."""
    code = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        done, stopwatch = list(_taken(works, queue)), RUNNING.get()
        _send(writer, json.dumps([done, stopwatch.own_spans() if stopwatch else []], ensure_ascii=False).encode())
        code = 0
    finally:
        os._exit(code)


def _send(writer: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(writer, view) :]
