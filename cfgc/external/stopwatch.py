"""The clock behind `--profile` and `CFGC_TRACE`: spans of stages, of this process and of its workers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class Span(NamedTuple):
    """The time of one stage. Seconds on the clock count from the start of the process."""

    stage: str
    environment: str
    things: int
    begin: float
    end: float
    own: float
    """seconds on the clock without the spans inside"""
    processor: float
    """seconds that the process worked, without the spans inside"""
    process: int


class Stopwatch:
    """Collects spans. The first one is the start: interpreter and imports, by the processor time they took."""

    def __init__(self) -> None:
        spent = time.process_time()
        self._zero = time.perf_counter() - spent
        self._inside: list[tuple[str, list[float]]] = []
        self.process = os.getpid()
        self.spans = [Span("start", "", 0, 0.0, spent, spent, spent, self.process)]

    @property
    def stage(self) -> str:
        """The stage that is being timed."""
        return self._inside[-1][0] if self._inside else "other"

    @contextmanager
    def span(self, stage: str, environment: str = "", count: int = 0) -> Iterator[None]:
        inside = [0.0, 0.0]
        self._inside.append((stage, inside))
        begin, worked = self.now(), time.process_time()
        try:
            yield
        finally:
            end, spent = self.now(), time.process_time() - worked
            self._inside.pop()
            own = (end - begin - inside[0], spent - inside[1])
            self.spans.append(Span(stage, environment, count, begin, end, *own, os.getpid()))
            if self._inside:
                around = self._inside[-1][1]
                around[0] += end - begin
                around[1] += spent

    def now(self) -> float:
        """Seconds since the process began, the same in its workers."""
        return time.perf_counter() - self._zero

    def take_over(self, spans: Iterable[Iterable[Any]]) -> None:
        """Spans that a worker has measured."""
        self.spans += [Span(*each) for each in spans]

    def own_spans(self) -> list[Span]:
        """What this very process has measured: in a worker not what its parent did before."""
        process = os.getpid()
        return [each for each in self.spans if each.process == process]

    def rest(self) -> Span:
        """What no span tells of, from the start until now."""
        told = [each for each in self.spans if each.process == self.process]
        own, worked = self.now() - sum(each.own for each in told), sum(each.processor for each in told)
        return Span("other", "", 0, 0.0, self.now(), own, time.process_time() - worked, self.process)
