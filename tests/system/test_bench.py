"""The benchmark works, and says so when contestants disagree. No time is asserted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bench(*words: str, **variables: str) -> tuple[int, dict[str, Any]]:
    """Exit code and outcome by case of one round over the fleet `small`."""
    command = [sys.executable, "-m", "bench", "--fleet", "small", "--rounds", "1", "--format", "json", *words]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return done.returncode, {case["case"]: case for case in json.loads(done.stdout)["cases"]}


def test_cfgc_and_the_peers_that_are_there_end_with_the_same_values() -> None:
    code, cases = bench("--case", "cold-small")
    case = cases["cold-small"]
    assert (code, case["wrong"]) == (0, [])
    ran = {row["name"] for row in case["rows"]}
    missing = {note.rpartition(": ")[2] for note in case["notes"]}
    assert {"cfgc", "plain script"} <= ran
    peers = {"plain script", "jrsonnet", "kubectl kustomize", "OmegaConf", "himl", "Kapitan"}
    assert ran | missing == {"cfgc", *peers}
    assert not ran & missing


def test_values_that_disagree_are_an_error(tmp_path: Path) -> None:
    """A himl that prints nothing of the fleet; a real one beside the interpreter would come first."""
    himl = tmp_path / "himl"
    himl.write_text("#!/bin/sh\necho '{app-0000: {replicas: 1}}'\n")
    himl.chmod(0o755)
    code, cases = bench("--case", "cold-small", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert code == 1
    assert cases["cold-small"]["wrong"] == [
        f"himl has other values in `{overlay}` than cfgc" for overlay in ("test", "prod")
    ]


def test_cases_of_a_rich_fleet_run_alone(demo_key: Path) -> None:
    """The fleet with references, policies, templates and SOPS files is valid; only what changed is written."""
    code, cases = bench("--case", "one-changed", "--case", "component", "--case", "hook")
    assert (code, list(cases)) == (0, ["one-changed", "component", "hook"])
    assert cases["one-changed"]["wrong"] == []
    (note,) = cases["component"]["notes"]
    assert int(note.rpartition(" ")[2]) < 10  # two layers, its secrets, what all share; none of the other components


def test_the_page_and_the_chart_are_written_between_the_markers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from bench.measure import Row
    from bench.outcome import times
    from bench.page import write
    from bench.report import Report

    rows = [Row("one", 1.0, 1.0, 10.0), Row("two", 3.0, 3.0, 10.0)]
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- bench: written by `make bench` -->\nold\n<!-- bench: end -->\nafter\n")
    write(Report({"machine": "a machine"}, 1, [times("case", "a title", rows, {"two": 2.0}, "one")]), tmp_path)
    text = page.read_text()
    assert "old" not in text
    assert re.search(r"\| case \| `two` against `one` \| 3 times \| at most 2 times \| \*\*missed\*\* \|", text)
    assert (text.startswith("before\n"), text.endswith("after\n")) == (True, True)
    assert (tmp_path / "benchmarks.svg").read_text().startswith("<svg")


def test_a_figure_that_grew_by_more_than_a_fifth_is_a_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from bench.figures import regressed

    known = {"start": 100.0, "render": 100.0, "gone": 100.0}
    assert regressed(known, {"start": 120.0, "render": 121.0}) == ["render", "gone"]
