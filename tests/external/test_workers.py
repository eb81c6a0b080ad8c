"""Works side by side: whoever does them, results and errors are those of one process (SPEC sections 8 and 11)."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cfgc.external.workers import processors, side_by_side

ME = os.getpid()
Works = list[Callable[[], Any]]


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


def children() -> set[str]:
    """The processes that this one has started and not waited for."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


def together(count: int, work: Callable[[], Any]) -> Works:
    """Works of which each waits until all have begun, so that no process does two of them."""
    reader, writer = os.pipe()

    def begun() -> int:
        return int.from_bytes(fcntl.ioctl(reader, termios.FIONREAD, b"\0" * 4), sys.byteorder)

    def one() -> Any:
        os.write(writer, b"x")
        for _ in range(6000):
            if begun() >= count:
                break
            time.sleep(0.01)
        return work()

    return [one] * count


@pytest.mark.parametrize("processes", [1, 2, 3, 9])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 3000])
def test_results_come_in_the_order_of_the_works(count: int, processes: int) -> None:
    works: Works = [
        partial(lambda number: ["é\n\ud800", number, None, 1.5, {"a": True}], each) for each in range(count)
    ]
    assert side_by_side(works, processes) == [work() for work in works]


def test_the_works_are_done_by_as_many_processes() -> None:
    found = side_by_side(together(3, os.getpid), 3)
    assert len(set(found)) == 3
    assert ME in found


def test_a_large_answer_comes_back_whole() -> None:
    assert side_by_side(together(2, lambda: "x" * (5 << 20)), 2) == ["x" * (5 << 20)] * 2


def in_worker(deed: Callable[[], object]) -> Callable[[], str]:
    """A work that a worker does not survive, and the caller does."""

    def work() -> str:
        if os.getpid() != ME:
            deed()
        return "whole"

    return work


def kill_myself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


DEATHS: list[Callable[[], object]] = [kill_myself, lambda: os._exit(0), lambda: os._exit(9), lambda: 1 / 0, sys.exit]


@pytest.mark.parametrize("death", DEATHS)
def test_what_a_dead_worker_leaves_is_done_here(death: Callable[[], object]) -> None:
    """A worker that dies gives no half result."""
    assert side_by_side(together(2, in_worker(death)), 2) == ["whole", "whole"]


def test_what_is_no_json_is_done_here() -> None:
    assert side_by_side(together(2, lambda: b"bytes"), 2) == [b"bytes", b"bytes"]


def test_an_error_of_a_worker_is_raised_here() -> None:
    def broken() -> None:
        raise LookupError(str(os.getpid()))

    with pytest.raises(LookupError, match=str(ME)):
        side_by_side([lambda: None, *[broken] * 5], 2)


def test_an_interrupt_ends_the_workers() -> None:
    """No worker outlives the call: the fixture finds none, though they would sleep for an hour."""

    def work() -> None:
        if os.getpid() == ME:
            raise KeyboardInterrupt
        time.sleep(3600)

    with pytest.raises(KeyboardInterrupt):
        side_by_side(together(2, work), 2)


def test_a_signal_ends_a_worker_without_its_parents_handlers(capfd: pytest.CaptureFixture[str]) -> None:
    def loud(*_: object) -> None:
        os.write(1, b"the parent's handler")

    before = signal.signal(signal.SIGTERM, loud)
    try:
        found = side_by_side(together(2, in_worker(lambda: os.kill(os.getpid(), signal.SIGTERM))), 2)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert found == ["whole", "whole"]
    assert capfd.readouterr().out == ""


def test_a_killed_parent_leaves_no_worker() -> None:
    """The end of standard error is seen when no process holds it any more."""
    program = """
import os, signal
from cfgc.external.workers import side_by_side
side_by_side([lambda: "x" * (1 << 22)] * 4, 3, lambda: os.kill(os.getpid(), signal.SIGKILL))
"""
    done = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == -signal.SIGKILL


def test_what_was_printed_before_is_printed_once() -> None:
    program = """
import sys
from cfgc.external.workers import side_by_side
sys.stdout.write("once")
side_by_side([list] * 8, 4)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "once"


def test_nothing_is_forked_beside_other_threads_and_on_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 5})
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(os, "getloadavg", lambda: (3.9, 9.0, 9.0))
    assert processors() == 3
    monkeypatch.setattr(os, "getloadavg", lambda: (4.0, 0.0, 0.0))
    assert processors() == 1
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert processors() == 1


def test_macos_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert processors() == 1
