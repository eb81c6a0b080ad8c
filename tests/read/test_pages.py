"""Each CFG2xx code has a page; its failing example is reported by the reader, its passing one is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cfgc.diagnostics.catalogue.reading import RULES
from cfgc.diagnostics.catalogue.rule import Rule
from cfgc.stages.read import Reader
from cfgc.stages.read.formats import format_of
from tests.memory import Memory

from .desk import layer_file

ROOT = Path(__file__).resolve().parents[2]
PAGES = {rule.code: (ROOT / f"cfgc/diagnostics/pages/{rule.code}.md").read_text(encoding="utf-8") for rule in RULES}
EXAMPLES = [rule for rule in RULES if "## Case" not in PAGES[rule.code]]
CASES = [rule for rule in RULES if "## Case" in PAGES[rule.code]]
_FILE = re.compile(r"^`([^`\n]+)`\n\n((?: {4}.*\n|\n(?= {4}))+)", re.MULTILINE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_codes_are_numbered_without_gaps_and_titled_as_their_pages(rule: Rule) -> None:
    assert rule.code == f"CFG{201 + RULES.index(rule)}"
    assert PAGES[rule.code].startswith(f"# {rule.code} {rule.name}\n\n")


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_the_failing_example_fails_and_the_passing_one_passes(rule: Rule) -> None:
    failing, passing = PAGES[rule.code].split("## Passes")
    assert rule.code in _codes(failing)
    assert _codes(passing) == set()


@pytest.mark.parametrize("rule", CASES, ids=lambda rule: rule.code)
def test_the_tests_that_a_page_names_exist(rule: Rule) -> None:
    named = re.findall(r"`(tests/read/\w+\.py)::(\w+)`", PAGES[rule.code])
    assert len(named) == 2
    for path, test in named:
        assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


def _codes(page: str) -> set[str]:
    files = {path: re.sub(r"^ {4}", "", body, flags=re.MULTILINE) for path, body in _FILE.findall(page + "\n")}
    assert files
    reader = Reader(Memory(files))
    read = [
        reader.read(layer_file(path, format_of(path))) if path.startswith("environments/") else reader.data(path)
        for path in files
    ]
    return {found.code for _, findings in read for found in findings}
