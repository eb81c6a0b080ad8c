"""`--profile` and `CFGC_TRACE`: where the time of a command went. Stages, environments and counts; never a value."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from functools import partial
from typing import Any, TextIO

import click

from cfgc.external.stopwatch import Span, Stopwatch
from cfgc.external.timing import RUNNING


def listen(context: click.Context, *, profile: bool, trace: str | None) -> None:
    """Time what this command line does from here on; print and write what was asked for at its end."""
    root = context.find_root()
    if RUNNING.get() is None:
        stopwatch = Stopwatch()
        token = RUNNING.set(stopwatch)
        root.call_on_close(partial(RUNNING.reset, token))
        if trace:
            root.call_on_close(partial(_write_trace, stopwatch, _opened(trace)))
        if profile:
            root.call_on_close(partial(_print, stopwatch))


def _opened(place: str) -> TextIO:
    try:
        return open(place, "w", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"`CFGC_TRACE` names `{place}`, which cannot be written: {error.strerror}") from None


def _write_trace(stopwatch: Stopwatch, file: TextIO) -> None:
    with file:
        json.dump({"traceEvents": trace_events(stopwatch), "displayTimeUnit": "ms"}, file)


def _print(stopwatch: Stopwatch) -> None:
    sys.stderr.write(table(stopwatch))


def trace_events(stopwatch: Stopwatch) -> list[dict[str, Any]]:
    """The spans as complete events of the Trace Event Format, microseconds; each process is a track."""
    processes = dict.fromkeys([stopwatch.process, *(each.process for each in stopwatch.spans)])
    names = [
        _named(process, "cfgc" if process == stopwatch.process else f"worker {number}")
        for number, process in enumerate(processes)
    ]
    return [*names, *(_event(each) for each in sorted(stopwatch.spans, key=lambda span: span.begin))]


def _named(process: int, name: str) -> dict[str, Any]:
    return {"name": "process_name", "ph": "M", "pid": process, "tid": process, "args": {"name": name}}


def _event(span: Span) -> dict[str, Any]:
    facts = {"environment": span.environment, "count": span.things, "processor_ms": round(span.processor * 1e3, 3)}
    return {
        "name": span.stage,
        "cat": "stage",
        "ph": "X",
        "ts": round(span.begin * 1e6),
        "dur": round((span.end - span.begin) * 1e6),
        "pid": span.process,
        "tid": span.process,
        "args": {name: fact for name, fact in facts.items() if fact != ""},
    }


def table(stopwatch: Stopwatch) -> str:
    """A line a stage, in the order in which they began; the times of a stage leave out the stages inside it."""
    own = [*(each for each in stopwatch.spans if each.process == stopwatch.process), stopwatch.rest()]
    others = [each for each in stopwatch.spans if each.process != stopwatch.process]
    lines = [f"{'stage':<24}{'times':>7}{'count':>9}{'clock':>12}{'processor':>12}", *_lines(own)]
    lines.append(_line("all", own, of=stopwatch.now()))
    if others:
        workers = len({each.process for each in others})
        lines += [f"in {workers} worker{'s' if workers > 1 else ''}, side by side", *_lines(others)]
    return "\n".join(lines) + "\n"


def _lines(spans: Iterable[Span]) -> Iterable[str]:
    stages: dict[str, list[Span]] = {}
    for each in sorted(spans, key=lambda span: (span.stage == "other", span.begin)):
        stages.setdefault(each.stage, []).append(each)
    return [_line(stage, some) for stage, some in stages.items()]


def _line(name: str, spans: list[Span], of: float | None = None) -> str:
    clock = sum(each.own for each in spans) if of is None else of
    counted = sum(each.things for each in spans) if of is None else 0
    times = len(spans) if of is None else 0
    worked = sum(each.processor for each in spans)
    return f"{name:<24}{times or '':>7}{counted or '':>9}{clock * 1e3:9.1f} ms{worked * 1e3:9.1f} ms"
