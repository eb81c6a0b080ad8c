"""`--profile` and `CFGC_TRACE` tell stages, environments and counts, and nothing of what files hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cfgc.cli.profile import table, trace_events
from cfgc.external.stopwatch import Stopwatch
from cfgc.external.timing import RUNNING, span
from cfgc.external.workers import side_by_side

Project = Callable[[Mapping[str, str]], Path]

FILES = {
    "cfgc.yaml": "version: 1\nenvironments:\n  prod: {extends: base}\n  test: {extends: base}\n",
    "environments/base/web.yaml": "port: 8080\nword: hunter2\n",
    "environments/prod/web.yaml": "port: 80\n",
    "environments/test/web.yaml": "port: 81\n",
}


def cfgc(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cfgc", *words]
    return subprocess.run(command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True)


def stages(printed: str) -> dict[str, list[str]]:
    """Stage -> the words behind it, of a printed table."""
    lines = printed[printed.index("stage  ") :].splitlines()[1:]
    return {line[:24].strip(): line[24:].split() for line in lines}


@pytest.mark.parametrize("words", [("--profile", "render", "prod", "test"), ("render", "--profile", "prod", "test")])
def test_a_profile_counts_what_each_stage_worked_on(project: Project, words: tuple[str, ...]) -> None:
    done = cfgc(project(FILES), *words)
    assert (done.returncode, done.stdout) == (0, "")
    found = stages(done.stderr)
    assert found["read"][:2] == ["2", "3"]  # twice: once an environment; three files, each read once
    assert found["render"][:2] == ["2", "4"]
    assert found["write"][:2] == ["1", "4"]
    assert next(iter(found)) == "start"
    assert list(found)[-2:] == ["other", "all"]
    assert "hunter2" not in done.stderr


def test_any_command_has_a_profile_and_its_output_stays_the_same(project: Project) -> None:
    folder = project(FILES)
    plain, timed = cfgc(folder, "show", "prod"), cfgc(folder, "show", "prod", "--profile")
    assert timed.stdout == plain.stdout
    assert {"read", "merge", "resolve"} <= set(stages(timed.stderr))
    assert plain.stderr == ""


def test_a_command_that_fails_has_one_too(project: Project) -> None:
    done = cfgc(project({**FILES, "environments/prod/web.yaml": "port: [\n"}), "validate", "--profile")
    assert done.returncode == 1
    assert "read" in stages(done.stderr)


def test_a_trace_has_the_shape_of_the_trace_event_format(project: Project, tmp_path: Path) -> None:
    """Complete events (`ph: X`) with microseconds, and the names of processes (`ph: M`): what Perfetto opens."""
    place = tmp_path / "trace.json"
    assert cfgc(project(FILES), "render", "prod", "test", CFGC_TRACE=str(place)).returncode == 0
    text = place.read_text()
    trace = json.loads(text)
    complete = [event for event in trace["traceEvents"] if event["ph"] == "X"]
    names = [event for event in trace["traceEvents"] if event["ph"] == "M"]
    assert len(complete) + len(names) == len(trace["traceEvents"])
    assert [event["args"]["name"] for event in names] == ["cfgc"]
    for event in complete:
        assert set(event) == {"name", "cat", "ph", "ts", "dur", "pid", "tid", "args"}
        assert all(isinstance(event[key], int) and event[key] >= 0 for key in ("ts", "dur", "pid", "tid"))
        assert set(event["args"]) <= {"environment", "count", "processor_ms"}
    reads = [(event["args"]["environment"], event["args"]["count"]) for event in complete if event["name"] == "read"]
    assert reads == [("prod", 2), ("test", 1)]  # `base` is read once
    assert "hunter2" not in text
    assert "web" not in text.replace(str(tmp_path), "")


def test_a_render_that_is_up_to_date_has_a_profile_too(project: Project) -> None:
    folder = project(FILES)
    cfgc(folder, "render", "prod")
    assert stages(cfgc(folder, "render", "prod", "--profile").stderr)["all"]


def test_a_trace_that_cannot_be_written_is_said_before_anything_is_done(project: Project) -> None:
    folder = project(FILES)
    done = cfgc(folder, "render", "prod", CFGC_TRACE="no/such/folder/trace.json")
    assert done.returncode == 2
    assert "`CFGC_TRACE` names `no/such/folder/trace.json`, which cannot be written" in done.stderr
    assert not (folder / "dist").exists()


def test_spans_of_workers_are_theirs() -> None:
    stopwatch = Stopwatch()
    token = RUNNING.set(stopwatch)
    try:
        with span("read ahead", count=8):
            assert side_by_side([lambda: os.getpid()] * 8, 3) != []
    finally:
        RUNNING.reset(token)
    works = [each for each in stopwatch.spans if each.stage == "read ahead" and each.things == 1]
    assert len(works) == 8
    tracks: dict[int, Any] = {event["pid"]: event["args"] for event in trace_events(stopwatch) if event["ph"] == "M"}
    assert {each.process for each in works} <= set(tracks)
    assert tracks[stopwatch.process] == {"name": "cfgc"}
    assert ("side by side" in table(stopwatch)) == (len(tracks) > 1)


def test_a_stage_leaves_out_the_stages_inside_it() -> None:
    stopwatch = Stopwatch()
    with stopwatch.span("outer"), stopwatch.span("inner"):
        sum(range(10_000))
    inner, outer = stopwatch.spans[1:]
    assert (inner.stage, outer.stage) == ("inner", "outer")
    assert outer.own == pytest.approx(outer.end - outer.begin - (inner.end - inner.begin))


def test_nobody_listens_unless_asked() -> None:
    """The same object each time: a span without a stopwatch makes nothing."""
    assert RUNNING.get() is None
    assert span("read") is span("merge", "prod", 3)
