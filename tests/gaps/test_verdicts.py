"""Issue 5, sections 2 and 6: each gap verdict has a failing and a passing case, in `verdicts/`, shown as users see it.

`python -m tests.docs.examples tests/gaps/verdicts/*.md` writes what the commands print today.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cfgc.reports.gaps.gap import VERDICTS
from tests.docs.examples import Command, Example, examples, play

PAGES = {page.stem: page for page in sorted((Path(__file__).parent / "verdicts").glob("*.md"))}
CASES = {f"{name}: {('fails', 'passes')[at]}": (name, at) for name in PAGES for at in (0, 1)}


def case(name: str, at: int) -> Example:
    return list(examples(PAGES[name]))[at]


def test_each_verdict_has_its_page_and_no_other_has_one() -> None:
    assert sorted(PAGES) == sorted(VERDICTS)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_case_that_fails_and_one_that_passes(name: str) -> None:
    fails, passes = (shown(case(name, at)) for at in (0, 1))
    assert re.search(rf"^(error|warning|note) {name}: ", fails, re.MULTILINE)
    assert name not in passes.replace(f"not evaluated (secret): {name}", "")
    assert [line for line in PAGES[name].read_text().splitlines() if line.startswith("#")] == [
        f"# {name}", "## Fails", "## Passes",
    ]  # fmt: skip


@pytest.mark.parametrize("which", CASES)
def test_the_program_prints_what_the_page_shows(which: str, tmp_path: Path) -> None:
    problems = [printed.problem() for printed in play(case(*CASES[which]), tmp_path)]
    assert problems
    assert not any(problems), problems


def shown(example: Example) -> str:
    return "".join(step.shown for step in example.steps if isinstance(step, Command))
