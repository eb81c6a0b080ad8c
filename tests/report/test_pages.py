"""Issue 5, section 4: the pages say all of a report, and no text acts in them (THREATS O10, O11, O12)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from cfgc.diagnostics import Severity
from cfgc.reports.report.model import Found
from cfgc.reports.report.past import SCHEMA, parsed
from cfgc.reports.report.period import Report
from cfgc.reports.report.views import FORMATS, render
from cfgc.reports.report.views.badges import badges
from cfgc.reports.report.views.json import as_data, failure_data
from cfgc.reports.report.views.svg import columns
from tests.history.differences import HOSTILE, finding
from tests.pages import ACTIVE, Page
from tests.report.reports import BROKEN, FIRST, FULL, hostile

RUN = "document.title='acted'"
ACT = f'</code></td></title></style></script></svg><img src=x onerror="{RUN}"><script>{RUN}</script>'
ALL = (FULL, FIRST, BROKEN)


def page(report: Report) -> Page:
    return Page(render("html", report).replace("<br>", "<br/>"))


def test_the_page_says_what_the_report_holds() -> None:
    said = page(FULL).text
    for words in (
        "shop Configuration report of 2026-02-01",
        "commit 1a2b3c4d1a2b and edits that are not committed",
        "compared with 2026-01-01, commit 999999999999",
        "valid 20.0 −20 40 1 of 2 environments without an error",
        "1/2 environments valid 1 error 0 warnings, +1 since the last report 1 gap and 4 notes",
        "3 secrets encrypted oldest 396 days 2 waivers 2 near the end or behind it",
        "prod production 1 0 3 2 9 4 base , prod",
        "CFG622 managers.web lacks port environments/prod/managers/web.yaml:1 in prod set port",
        "only-here 1 −1 one environment alone has the key",
        "only-here new prod alone has managers.web.debug",
        "Gone since 2026-01-01 1",
        "Of the period, the newest 400 commits were looked at.",
        "policy policies/a.yaml changed",
        "managers.web.replicas in test , prod 3",
        "Raises replicas 2026-01-20 1a2b3c4d1 Ann Example, in test , prod 2",
        "changed managers.web.replicas in test , prod 1 → 3 w.yaml:2",
        "Values changed 3 and 7 more, which cfgc diff tells",
        "age: age1ann prod 1",
        "old managers.db.password in prod environments/prod/managers/db.sops.yaml 396 days since 2025-01-01",
        "managers.db.token in prod environments/prod/managers/db.sops.yaml not committed",
        "at least 1 day since 2026-01-31",
        "ended two-replicas for managers.db p/a.yaml:1 team-db DB-7 2026-01-01 31 days ago",
        "nobody managers.db 0 0 0 0",
        "2 configuration sources, 1 came and 1 went",
    ):
        assert words in said, words


def test_a_gap_that_validation_tells_too_stands_once() -> None:
    assert FULL.now.gaps is not None
    twice = _twice("deprecated", "environments/prod/managers/web.yaml:1")
    apart = _twice("deprecated", "environments/prod/managers/web.yaml:9")
    report = FULL._replace(now=FULL.now._replace(gaps=FULL.now.gaps._replace(found=(twice, apart))))
    for said in (page(report).text, render("markdown", report)):
        assert said.count("is deprecated") == 1
        assert "environments/prod/managers/web.yaml:9" in said
        assert "The validation above tells of 1 more gap." in said


def _twice(verdict: str, place: str) -> Found:
    return Found(
        verdict, Severity.WARNING, "managers.web.old", "`managers.web.old` is deprecated", "managers.web", ("prod",),
        place, "use `new`",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_the_other_pages_say_it_too(name: str) -> None:
    said = render(name, FULL)
    health = "health 62 of 100 (−36)" if name == "text" else "Health: 62 of 100 (−36)"
    for words in (health, "1/2", "CFG622", "only-here", "396 days"):
        assert words in said


def test_what_cannot_be_told_is_said() -> None:
    for name in ("html", "markdown"):
        said = render(name, BROKEN)
        assert "cannot be told while an environment" in said
        assert "prod</code> does not compile" in said or "`prod` does not compile" in said
    assert "this is the first report" in page(FIRST).text


def test_the_data_satisfies_the_published_schema_and_reads_back() -> None:
    import json

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    whole = FULL._replace(now=FULL.now._replace(health=FULL.now.health))
    for data in (as_data(whole), as_data(FIRST), failure_data([finding("broken")])):
        assert [each.message for each in Draft202012Validator(schema).iter_errors(data)] == []
    past = parsed("x.json", render("json", FULL))
    assert FULL.now.gaps is not None
    assert (past.score, past.gaps) == (62, FULL.now.gaps.found)
    assert past.secrets == {"managers.db.password", "managers.db.token", "managers.db.pin"}


def test_the_page_allows_itself_its_own_style_and_script_alone() -> None:
    made = page(FULL)
    (policy,) = (each["content"] for _, each in made.elements if each.get("http-equiv") == "Content-Security-Policy")
    style, script = (b64encode(sha256(made.inside[name].encode()).digest()).decode() for name in ("style", "script"))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|https?:", "".join(made.inside.values()))
    assert not any("style" in attributes for _, attributes in made.elements), "a style attribute would be refused"


def shape(made: Page) -> list[tuple[str, list[str]]]:
    """The elements without those that a pair of backticks makes."""
    return [(tag, sorted(attributes)) for tag, attributes in made.elements if tag != "code"]


@pytest.mark.parametrize("text", [*HOSTILE, ACT])
def test_o12_no_text_becomes_an_element_or_an_attribute(text: str) -> None:
    plain, made = page(FULL), page(hostile(FULL, text))
    assert shape(made) == shape(plain)
    assert not ACTIVE & {tag for tag, _ in made.elements}


@pytest.mark.parametrize("text", [*HOSTILE, ACT])
def test_o10_in_markdown_every_foreign_text_is_code(text: str) -> None:
    made = render("markdown", hostile(FULL, text))
    assert not re.search(r"^\s*/[a-z]", made, re.MULTILINE | re.IGNORECASE)
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(made)
    kinds = {child.type for token in tokens for child in token.children or []} | {token.type for token in tokens}
    assert not {
        kind for kind in kinds if kind.startswith(("link", "image", "html", "em_", "s_", "fence", "code_block"))
    }
    words = "".join(child.content for token in tokens for child in token.children or [] if child.type == "text")
    assert not re.search(r"[@~%$<]|!\d|#\d|:[a-z]+:|https?:", words)


@pytest.mark.parametrize("name", sorted({*FORMATS} - {"json"}))  # which readers take for data
@pytest.mark.parametrize("text", ["\x1b[31m", "\x00", "\u2028", "\u202e", "\ud800"])
def test_o11_no_control_character_leaves_as_itself(name: str, text: str) -> None:
    made = render(name, hostile(FULL, text))
    assert text not in made
    made.encode()


def test_the_badges_are_well_formed_and_hold_no_word_of_the_project() -> None:
    made = badges(hostile(FULL, ACT).now)
    assert {name: Tree.fromstring(text).get("aria-label") for name, text in made.items()} == {
        "config-model.svg": "config model: OK",
        "config-valid.svg": "config valid: 1 of 2 environments",
        "config-health.svg": "config health: 62/100",
    }
    bad = FULL.now._replace(model_errors=2, environments=FULL.now.environments[:1])
    assert "config model: 2 errors" in badges(bad)["config-model.svg"]
    assert "config valid: 1 environment" in badges(bad)["config-valid.svg"]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-01-20", "2026-01-20"), ("2026-01-01", "2029-01-01"), ("2026-02-01", "2026-01-01")]
)
def test_a_chart_counts_every_value_whatever_the_days_are(first: str, last: str) -> None:
    assert FULL.period is not None
    assert FULL.period.activity is not None
    root = Tree.fromstring(columns(FULL.period.activity.edits, first, last))
    counts = [int(each.text or "") for each in root.iter("text") if each.get("class") == "count"]
    assert sum(counts) == 3


def visible(dom: str) -> list[str]:
    """The kinds of the rows that are not hidden."""
    return [each[1] for each in re.finditer(r'<tr data-kind="([a-z]+)"[^>]*>', dom) if " hidden" not in each[0]]


@pytest.mark.parts
@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("", ["finding", "gap", "gone", "lively", *["commit"] * 2, *["change"] * 3, *["secret"] * 3, *["waiver"] * 2,
              *["owner"] * 2]),
        ("kind=secret", ["secret"] * 3),
        ("component=managers.db&environment=prod", ["gone", "change", *["secret"] * 3, "waiver", "owner"]),
        ("environment=test&kind=change", ["change"] * 2),
        ("search=REPLICAS+ann", ["commit"]),
        ("search=nothing-has-this", []),
    ],
)  # fmt: skip
def test_the_page_filters_in_a_browser(chromium: Callable[..., str], address: str, rows: list[str]) -> None:
    dom = chromium(render("html", FULL), address)
    assert visible(dom) == rows
    assert f">{f'{len(rows)} of 16' if address else '16'} rows</output>" in dom


@pytest.mark.parts
def test_o12_in_a_browser_no_text_acts(chromium: Callable[..., str]) -> None:
    assert "<title>acted" not in chromium(render("html", hostile(FULL, ACT)))
