"""SPEC 9: every code has a page, and the examples of the pages are true."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from cfgc.cli.app import program
from cfgc.diagnostics.catalogue import rules
from cfgc.diagnostics.catalogue.rule import Rule
from cfgc.diagnostics.diagnostic import Severity
from cfgc.diagnostics.pages import Page, PageError, parse_page, read_page
from tests.conftest import ROOT

RULES = list(rules().values())
PAGES = sorted(entry.name[:-3] for entry in files("cfgc.diagnostics.pages").iterdir() if entry.name.endswith(".md"))


def page_of(code: str) -> Page:
    if code not in PAGES:
        pytest.fail(f"{code} has no page")
    return read_page(code)


def output(page: Page, texts: Mapping[str, str], folder: Path) -> str:
    """What the page's command says in a folder with the files, notes included."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    arguments = ["-C", str(folder), "-v", *shlex.split(page.command)[1:]]
    result = CliRunner().invoke(program, arguments, standalone_mode=False, catch_exceptions=False)
    return result.output


SHOWN = sorted(code for code in PAGES if not read_page(code).tests)
"""The codes whose pages show both sides by files; the others name tests."""


@pytest.mark.parametrize("code", SHOWN)
def test_the_failing_example_is_reported(code: str, tmp_path: Path) -> None:
    page = page_of(code)
    assert f"[{code}]" in output(page, page.fails, tmp_path)


@pytest.mark.parametrize("code", SHOWN)
def test_the_passing_example_is_not_reported(code: str, tmp_path: Path) -> None:
    page = page_of(code)
    said = output(page, page.passes, tmp_path)
    assert f"[{code}]" not in said
    assert "error[" not in said


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_is_about_its_code_and_the_tests_it_names_exist(rule: Rule) -> None:
    page = page_of(rule.code)
    assert (page.code, page.name) == (rule.code, rule.name)
    for test in page.tests:
        file, *_, name = test.split("::")
        assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_every_page_has_its_code() -> None:
    assert set(PAGES) <= {rule.code for rule in RULES}


def test_codes_are_in_order_and_without_gaps_in_each_stage() -> None:
    for stage in "123456789":
        codes = [int(rule.code[4:]) for rule in RULES if rule.code[3] == stage]
        starts = [later for earlier, later in zip([0, *codes], codes, strict=False) if later != earlier + 1]
        assert codes == sorted(set(codes))
        assert all(start % 10 == 0 for start in starts if stage == "9"), f"a group begins at a round number: {starts}"
        assert len(starts) <= 1 or stage == "9", f"codes {stage}xx have gaps: {codes}"


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


PAGE = """# CFG402 merge-type-conflict

Why.

Command: `cfgc render prod`

## Fails

`environments/base/web.yaml`

    env:
      A: 1

      B: 2
`environments/prod/web.yaml`

    env: [A]

## Passes

`environments/base/web.yaml`

    env: {}
"""


def test_the_parts_of_a_page() -> None:
    page = parse_page(PAGE)
    assert page[:4] == ("CFG402", "merge-type-conflict", "Why.", "cfgc render prod")
    assert page.fails == {
        "environments/base/web.yaml": "env:\n  A: 1\n\n  B: 2\n",
        "environments/prod/web.yaml": "env: [A]\n",
    }
    assert page.passes == {"environments/base/web.yaml": "env: {}\n"}


def test_a_page_with_a_case_names_its_tests() -> None:
    text = "# CFG901 x\n\nWhy.\n\n## Case\n\nShown by `tests/w/test_x.py::test_a` and `tests/w/test_x.py::test_b`.\n"
    assert parse_page(text).tests == ("tests/w/test_x.py::test_a", "tests/w/test_x.py::test_b")


@pytest.mark.parametrize(
    "text",
    ["", "# CFG1 x\n\nText.\n", "# CFG402 x\n\n## Fails\n\n`a`\n\n    b\n\n## Passes\n\n`a`\n\n    b\n",
     "# CFG402 x\n\nWhy.\n", "# CFG402 x\n\nWhy.\n\n## Fails\n\n`a`\n\n    b\n",
     "# CFG402 x\n\nWhy.\n\n## Case\n\nNone.\n",
     "# CFG402 x\n\nWhy.\n\n## Fails\n\nnothing\n\n## Passes\n\n`a`\n\n    b\n"],
)  # fmt: skip
def test_a_page_that_does_not_keep_to_the_form(text: str) -> None:
    with pytest.raises(PageError):
        parse_page(text)


def test_every_error_has_a_help() -> None:
    """Issue 2, section 3: also where a case has nothing of its own to say."""
    assert [rule.code for rule in rules().values() if rule.severity is Severity.ERROR and not rule.help] == []
