"""Environments on an executor, and what comes back; what does not come back is rendered here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from typing import NamedTuple, Protocol

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.pipeline.packed import RenderedSet
from cfgc.pipeline.render import render_each
from cfgc.pipeline.session import Session
from cfgc.pipeline.spread.identity import Identity
from cfgc.pipeline.spread.puzzle import Puzzle, Task
from cfgc.pipeline.spread.request import Requests
from cfgc.pipeline.spread.versions import versions
from cfgc.pipeline.spread.work import work
from cfgc.pipeline.wanted import Wanted

_LOOK = 2.0
"""Seconds between two looks whether anybody is there to work."""
_PATIENCE = 5
"""Looks in vain, one after the other, until what is left is done here."""


class Spread(NamedTuple):
    """Who renders: any executor of the standard library's interface, and how many workers it has at this moment."""

    address: str
    executor: Executor
    workers: Callable[[], int]


class Rendered(Protocol):
    """What a command looks at of an environment, whoever rendered it."""

    @property
    def set(self) -> RenderedSet: ...

    @property
    def diagnostics(self) -> list[Diagnostic]: ...


def gather(session: Session, wanted: Sequence[Wanted], spread: Spread, *, sealed: bool) -> Mapping[str, Rendered]:
    """What workers rendered, by environment. What is not in it is to be rendered here.

    Raises `Failed` for workers that run another program, and as `Session.project` does.
    """
    identity = Identity(sealed=sealed)
    requests = Requests(session, identity.recipient, sealed=sealed)
    puzzle = Puzzle(session, requests, wanted, spread.workers())
    running: dict[Future[bytes], Task] = {}
    todo, looks = puzzle.first(), 0
    while todo or (running and looks < _PATIENCE):
        running.update((spread.executor.submit(work, request), task) for task, request in puzzle.requests(todo))
        done, _ = wait(running, timeout=_LOOK, return_when=FIRST_COMPLETED)
        looks = 0 if done or spread.workers() else looks + 1
        todo = []
        for future in done:
            answer = identity.open(_result(future, spread.address))
            todo += puzzle.take(running.pop(future), answer)
        if puzzle.refused:
            raise Failed(_differs(spread.address, puzzle.refused))
    for future in running:
        future.cancel()
    return puzzle.found


def render_spread(
    session: Session, wanted: Sequence[Wanted], answers: Mapping[str, Rendered], *, sealed: bool
) -> Iterator[Rendered]:
    """All environments in their order: answers where there are, and renderings of this machine."""
    here = render_each(session, [each for each in wanted if each.environment not in answers], sealed=sealed)
    for each in wanted:
        answer = answers.get(each.environment)
        yield next(here) if answer is None else answer


def _result(future: Future[bytes], address: str) -> bytes:
    """What a worker answered; nothing where it was lost, whatever the reason."""
    try:
        error = future.exception()
    except CancelledError:
        return b""
    if isinstance(error, (ImportError, AttributeError)):  # no cfgc there, or one that has no such work
        raise Failed(_differs(address, {}))
    return b"" if error is not None else future.result()


def _differs(address: str, theirs: Mapping[str, str]) -> Diagnostic:
    ours = versions()
    name = next((name for name in ours if theirs.get(name) != ours[name]), "cfgc")
    return report("executor-differs", address=address, program=name, theirs=theirs.get(name, "none"), ours=ours[name])
