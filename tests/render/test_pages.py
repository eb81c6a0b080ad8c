"""Every CFG8xx code has a page of its own, and a page without examples names tests that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfgc.diagnostics.catalogue.rendering import RULES
from cfgc.diagnostics.catalogue.rule import Rule

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_codes_are_numbered_without_gaps_and_have_pages(rule: Rule) -> None:
    assert rule.code == f"CFG{801 + RULES.index(rule)}"
    page = (ROOT / "cfgc" / "diagnostics" / "pages" / f"{rule.code}.md").read_text()
    assert page.startswith(f"# {rule.code} {rule.name}\n\n")
    assert ("## Case" in page) != ("## Fails" in page and "## Passes" in page)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_code_is_reported_by_the_stage(rule: Rule) -> None:
    sources = "".join(path.read_text() for path in (ROOT / "cfgc" / "stages" / "render").rglob("*.py"))
    assert f'"{rule.name}"' in sources
