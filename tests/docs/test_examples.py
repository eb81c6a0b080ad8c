"""Every command that docs/ shows is run, and prints what the page says (CONTRIBUTING: docs say what was seen)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.examples import PAGES, ROOT, Example, examples, play

EXAMPLES = [example for page in PAGES for example in examples(page)]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_commands_of_a_page_print_what_it_shows(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOPS_AGE_KEY_FILE", raising=False)
    problems = [printed.problem() for printed in play(example, tmp_path)]
    assert problems, "it shows no command"
    assert not any(problems), "\n".join(problems)


def test_links_lead_somewhere() -> None:
    links = [
        (page.relative_to(ROOT).as_posix(), link)
        for page in (*PAGES, *ROOT.glob("*.md"))
        for link in LINK.findall(page.read_text(encoding="utf-8"))
    ]
    assert len(links) > len(PAGES)
    assert [(page, link) for page, link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_the_index_names_every_page() -> None:
    docs = ROOT / "docs"
    index = (docs / "README.md").read_text(encoding="utf-8")
    names = [page.relative_to(docs).as_posix() for page in PAGES if page.name != "README.md"]
    missing = [name for name in names if f"]({name})" not in index]
    assert not missing
