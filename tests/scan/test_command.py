"""`cfgc scan` as a user runs it: two formats, two files, one exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from cfgc.cli.app import run
from cfgc.reports.scan.inventory import Facts, Inventory, LastCommit, Past, Skipped, Source
from cfgc.reports.scan.outline import Problem
from cfgc.reports.scan.secrets import Suspicion
from cfgc.reports.scan.views import render
from tests.scan.tree import TREE, write

SCHEMA: dict[str, Any] = json.loads(
    files("cfgc.reports.scan.views").joinpath("config-scan.schema.json").read_text("utf-8")
)
HOSTILE = "`</details>@all ![](http://x.test) <img src=x> | /close :tada: #1 !2 [a](javascript:b)\n/merge\n\x1b[31m"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def test_the_json_is_what_its_schema_says(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert run(["scan", str(tree), "--format", "json", "--date", "2026-01-02"]) == 0
    data = json.loads(capsys.readouterr().out)
    Draft202012Validator(SCHEMA).validate(data)
    assert (data["date"], data["summary"]["sources"]) == ("2026-01-02", len(TREE))
    assert data["summary"].keys() == set(SCHEMA["properties"]["summary"]["required"])


def hostile() -> Inventory:
    """An inventory in which every text is somebody's who means ill."""
    facts = Facts(
        path=HOSTILE,
        format="yaml",
        role="configuration",
        size=1,
        state="broken",
        problem=Problem(1, 1, "it is not UTF-8"),
        keys=1,
        top=(HOSTILE,),
        declared=(HOSTILE,),
        used={HOSTILE: 1},
        suspected=(Suspicion("password", 1, HOSTILE), Suspicion("password", 2, HOSTILE, HOSTILE)),
    )
    commit = LastCommit("1" * 40, HOSTILE, "2026-01-02", HOSTILE)
    return Inventory(
        sources=(Source(facts, (HOSTILE,), commit),),
        skipped=(Skipped(HOSTILE, "is no regular file"),),
        date="2026-01-02",
        commit="1" * 40,
        with_commits=True,
        with_owners=True,
        past=(
            Past(HOSTILE, "2" * 40, Suspicion("password", 1, HOSTILE)),
            Past(HOSTILE, "2" * 40, Suspicion("password", 2, HOSTILE), commit, commit),
        ),
    )


def test_nothing_in_the_page_acts() -> None:
    """O10, O11: foreign texts are code, no line begins like a quick action, no control character is left."""
    page = render("markdown", hostile(), "../")
    assert not re.search(r"^\s*/[a-z]", page, re.MULTILINE)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", page)
    html = MarkdownIt("commonmark").enable("table").render(page)
    visible = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    for sign in ("@all", "<img", "![", "javascript", ":tada:", "#1", "!2"):
        assert sign not in visible, sign
    assert visible.count("</details>") == visible.count("<details>") == 2
    assert [line.count(" | ") for line in page.splitlines() if line.startswith("| `")]


def test_the_written_page_leads_to_the_files_and_the_printed_one_does_not() -> None:
    paths = ("a b/(c).yaml", "\\xff.yaml", "x\ny.yaml", HOSTILE)
    facts = [Facts(path, "yaml", "configuration", 1, "broken", problem=Problem(3, 1, "x")) for path in paths]
    inventory = Inventory(tuple(map(Source, facts)))
    page = render("markdown", inventory, "../")
    assert "[`a b/(c).yaml`](../a%20b/%28c%29.yaml#L3)" in page
    assert page.count("](") == 2 + HOSTILE.count("](") * 2  # in two tables; the others are not shown as they are
    assert "](../" not in render("markdown", inventory)


def test_a_hostile_inventory_is_json_that_its_schema_takes() -> None:
    Draft202012Validator(SCHEMA).validate(json.loads(render("json", hostile())))


def test_it_writes_both_files_and_tells_when_they_are_stale(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scan", str(tree), "--check"]) == 1
    assert "not current: reports/config_inventory.md" in capsys.readouterr().err
    assert run(["scan", str(tree), "--write"]) == 0
    assert run(["scan", str(tree), "--check"]) == 0
    assert (tree / "reports/config_inventory.md").read_text().startswith("# Configuration inventory\n")
    (tree / "settings.yaml").write_text("a: 1\nnew: 2\n")
    assert run(["scan", str(tree), "--check"]) == 1


@pytest.mark.parametrize(
    ("text", "reasons", "code"),
    [
        ("a: 1\n", ["broken", "secrets"], 0),
        ("a: [\n", ["broken"], 1),
        ("a: [\n", ["secrets"], 0),
        ("password: hunter2-x9\n", ["secrets"], 1),
        ("password: hunter2-x9 # cfgc:allow-secret: a test\n", ["secrets"], 0),
    ],
)
def test_a_pipeline_fails_on_what_it_names(text: str, reasons: list[str], code: int, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text)
    options = [word for reason in reasons for word in ("--fail-on", reason)]
    assert run(["scan", str(tmp_path), *options]) == code


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["--rev", "HEAD"], ["--date", "today"], ["--format", "xml"], ["--fail-on", "x"]]
)
def test_wrong_words_are_usage_errors(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["scan", *arguments]) == 2


def test_a_bar_shows_on_a_terminal_alone(tree: Path) -> None:
    """The pages are the same; what moves is on standard error and leaves nothing behind on standard output."""
    command = [sys.executable, "-m", "cfgc", "scan", str(tree)]
    plain = subprocess.run(command, capture_output=True, text=True, check=True)
    assert plain.stderr == ""
    script = f"import pty, sys; sys.exit(pty.spawn({command!r}) >> 8)"
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={**_terminal()}
    )
    assert "reading" in shown.stdout
    assert plain.stdout.splitlines()[-1] in shown.stdout


def _terminal() -> dict[str, str]:
    import os

    return {**os.environ, "TERM": "xterm"}
