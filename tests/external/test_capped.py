"""A child with limits: what it makes comes back, what it must not do ends it (THREATS J02, L10)."""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cfgc.external import capped as capped_module
from cfgc.external.capped import ChildBug, Overrun, capped, run_capped

MEGABYTE = 1 << 20


def run(work: Iterator[Any], *, memory: int = 128 * MEGABYTE, seconds: int = 5) -> list[Any]:
    return run_capped(work, memory=memory, seconds=seconds)


def test_items_come_back_in_order_as_data() -> None:
    items = [1, "é\n\ud800", None, {"a": [1.5, True]}, "x" * (3 * MEGABYTE)]
    assert run(iter(items)) == items


def test_the_child_sees_what_its_parent_has_and_changes_nothing_of_it() -> None:
    mine = [1]

    def work() -> Iterator[Any]:
        mine.append(2)
        yield mine

    assert run(work()) == [[1, 2]]
    assert mine == [1]


def test_j02_time() -> None:
    def work() -> Iterator[Any]:
        yield "before"
        while True:
            pass

    with capped(work(), memory=MEGABYTE * 64, seconds=1) as items:
        assert next(items) == "before"
        with pytest.raises(Overrun) as caught:
            next(items)
    assert caught.value.kind == "time"


def test_j02_the_clock_ends_work_that_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capped_module, "_PATIENCE", 0.2)

    def work() -> Iterator[Any]:
        time.sleep(3600)
        yield 1

    with pytest.raises(Overrun) as caught:
        run(work(), seconds=0)
    assert caught.value.kind == "time"


def test_bug_what_has_come_is_taken_however_late_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller may be busy with its own work for as long as it likes: only waiting in vain counts."""
    clock, busy = time.monotonic, [0]
    monkeypatch.setattr(time, "monotonic", lambda: clock() + busy[0])
    with capped(iter("ab"), memory=64 * MEGABYTE, seconds=1) as items:
        assert next(items) == "a"
        busy[0] = 3600
        assert list(items) == ["b"]


def test_j02_memory() -> None:
    def work() -> Iterator[Any]:
        yield len(bytearray(512 * MEGABYTE))

    with pytest.raises(Overrun) as caught:
        run(work(), memory=64 * MEGABYTE)
    assert caught.value.kind == "memory"


@pytest.mark.parametrize(
    ("number", "kind"), [(signal.SIGSEGV, "crash"), (signal.SIGABRT, "crash"), (signal.SIGKILL, "time")]
)
def test_j02_a_child_that_dies(number: int, kind: str) -> None:
    def work() -> Iterator[Any]:
        os.kill(os.getpid(), number)
        yield 1

    with pytest.raises(Overrun) as caught:
        run(work())
    assert caught.value.kind == kind


def test_a_bug_is_reported_by_type_and_place_without_its_text() -> None:
    def work() -> Iterator[Any]:
        yield 1
        raise KeyError("s3cret")

    with pytest.raises(ChildBug) as caught:
        run(work())
    assert "KeyError at" in str(caught.value)
    assert "test_capped.py" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_the_child_is_cut_off_from_terminal_and_files() -> None:
    file = os.open(__file__, os.O_RDONLY)

    def work() -> Iterator[Any]:
        yield [os.readlink(f"/proc/self/fd/{number}") for number in (0, 1, 2)]
        yield os.path.exists(f"/proc/self/fd/{file}")
        yield [signal.getsignal(signal.SIGINT) == signal.SIG_DFL, resource.getrlimit(resource.RLIMIT_CORE)]

    try:
        assert run(work()) == [["/dev/null"] * 3, False, [True, [0, 0]]]
    finally:
        os.close(file)


def test_a_process_that_holds_many_files_can_have_a_child() -> None:
    """`select` takes no descriptor from 1024 on: a program that used the API and held that many got a ValueError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held: list[int] = []
    try:
        while not held or held[-1] < 1024:
            held.append(os.open(os.devnull, os.O_RDONLY))
        assert run(iter([1])) == [1]
    finally:
        for number in held:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_leaving_early_ends_the_child() -> None:
    def work() -> Iterator[Any]:
        yield os.getpid()
        while True:
            yield "x" * MEGABYTE

    with capped(work(), memory=64 * MEGABYTE, seconds=20) as items:
        child = next(items)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_no_exit_handler_and_no_buffer_of_the_parent_runs_twice(capfd: pytest.CaptureFixture[str]) -> None:
    import atexit

    atexit.register(os.write, 1, b"at exit")
    try:
        sys.stdout.write("buffered")
        assert run(iter([1])) == [1]
    finally:
        atexit.unregister(os.write)
    assert capfd.readouterr().out == "buffered"
    assert gc.isenabled()
