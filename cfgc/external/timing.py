"""Where a run's time goes: stages say when they begin and end, and a stopwatch listens when there is one.

The stopwatch belongs to the run and to no value: through signatures it would have to pass every stage. Without one,
which is the rule, a span costs the look at one variable.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cfgc.external.stopwatch import Stopwatch

RUNNING: Final[ContextVar[Stopwatch | None]] = ContextVar("stopwatch", default=None)
_NOBODY: Final = nullcontext()


def span(stage: str, environment: str = "", count: int = 0) -> AbstractContextManager[None]:
    """The time of a `with` block; `count` is how many things it works on. Nothing of what they hold is kept."""
    stopwatch = RUNNING.get()
    return _NOBODY if stopwatch is None else stopwatch.span(stage, environment, count)


def work_span() -> AbstractContextManager[None]:
    """The time of one work among several: part of the stage that has asked for it."""
    stopwatch = RUNNING.get()
    return _NOBODY if stopwatch is None else stopwatch.span(stopwatch.stage, count=1)
