"""Issue 5, section 2: the pages say all of an analysis, and no text acts in them (THREATS O10, O12)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from cfgc.diagnostics import Severity
from cfgc.reports.gaps.analysis import Analysis, Cell, Row
from cfgc.reports.gaps.gap import Gap
from cfgc.reports.gaps.views import Shown, render
from cfgc.reports.gaps.views.markdown import LIMIT
from cfgc.reports.gaps.views.svg import heat
from tests.gaps.estates import FULL, HOSTILE, NOTHING, analyses
from tests.pages import ACTIVE, Page

GOLDEN = Path(__file__).parent / "full.md"


def page(analysis: Analysis) -> Page:
    return Page(render("html", analysis, Shown()))


def test_the_page_says_what_the_analysis_holds() -> None:
    said = page(FULL).text
    for words in (
        "test , prod and the model disagree",
        "1 error 1 warning 3 notes 1 more in the baseline 2 of the baseline cured",
        "must-match 1 the schema says",
        "must-match managers.web.retention must be the same everywhere environments/prod/web.yaml:3:1",
        "environments/base/web.yaml:2:1 in test",
        "only-here test alone has shared.debug",
        "only-in-base 2 keys",
        "managers.web 1 port",
        "DB managers.db managers.db , no component",
        "must-differ managers.db.password in test , prod secret",
        "retention 30d 90d".replace("30d", '"30d"').replace("90d", '"90d"'),
        "password ******** ********",
        'url "${DB}" "${DB}"',
        "no component 1 of 1 key differs",
        "managers.db 0 of 2 keys differ, 2 cannot be told",
        "1 key the same everywhere port 80",
    ):
        assert words in said, words
    assert "recipients-differ" not in said, "the baseline accepts it"


def test_without_gaps_that_is_said() -> None:
    assert "No gap." in page(NOTHING).text
    assert "**No gap.**" in render("markdown", NOTHING, Shown())
    known = FULL._replace(gaps=tuple(each._replace(known=True) for each in FULL.gaps))
    assert "No gap that the baseline does not have." in page(known).text


def test_the_page_allows_itself_its_own_style_and_script_alone() -> None:
    made = page(FULL)
    (policy,) = (each["content"] for each in made.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    style, script = (b64encode(sha256(made.inside[name].encode()).digest()).decode() for name in ("style", "script"))
    assert f"style-src 'sha256-{style}'; script-src 'sha256-{script}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert not any("style" in attributes for _, attributes in made.elements), "a style attribute would be refused"


@given(analyses())
@example(FULL)
def test_o12_no_text_becomes_an_element_or_an_attribute(analysis: Analysis) -> None:
    made = page(analysis)
    assert not ACTIVE & {tag for tag, _ in made.elements}
    assert [tag for tag, _ in made.elements].count("script") == 1
    assert not any(name.startswith("on") for _, attributes in made.elements for name in attributes)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", render("html", analysis, Shown()))


@given(analyses())
@example(FULL)
def test_o12_the_picture_is_well_formed_and_draws_nothing_foreign(analysis: Analysis) -> None:
    root = Tree.fromstring(render("svg", analysis, Shown()))
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {"svg", "g", "rect", "text", "title"}


def test_the_picture_counts_by_component_and_verdict() -> None:
    sheet = heat(FULL)
    assert sheet.verdicts == ("must-match", "only-here", "only-in-base", "never-set")
    assert {name: {verdict: found.number for verdict, found in row.items()} for name, row in sheet.rows} == {
        "managers.web": {"must-match": 1, "only-in-base": 1},
        "managers.db": {"only-in-base": 1, "never-set": 1},
        "": {"only-here": 1},
    }


def test_a_picture_of_many_components_shows_the_worst() -> None:
    names = tuple(f"c{number:03}" for number in range(100))
    gaps = tuple(Gap("never-set", Severity.NOTE, "x", "m", name) for name in names)
    worst = Gap("must-match", Severity.ERROR, "x", "m", "c099")
    sheet = heat(NOTHING._replace(components=names, gaps=(worst, *gaps)))
    assert (len(sheet.rows), sheet.left_out, sheet.rows[-1][0]) == (60, 40, "c099")
    assert "and 40 more" in render("svg", NOTHING._replace(components=names, gaps=(worst, *gaps)), Shown())


def test_the_note_is_what_a_reader_has_seen() -> None:
    assert render("markdown", FULL, Shown(picture="gaps.svg")) == GOLDEN.read_text(encoding="utf-8")


@given(analyses())
@example(FULL)
def test_o10_nothing_in_the_note_acts(analysis: Analysis) -> None:
    """Foreign text is code: no mention, link, picture, quick action or element of its own."""
    text = render("markdown", analysis, Shown())
    assert not re.search(r"^\s*/[a-z]", text, re.MULTILINE | re.IGNORECASE)
    allowed = {"<details>", "</details>", "</summary>"}
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text):
        for part in (token, *(token.children or ())):
            assert part.type not in ("image", "link_open"), part
            if part.type in ("html_inline", "html_block"):
                rest = re.sub(r"<summary>(?:<code>[^<]*</code>|[a-z -]+): [0-9a-z ,]+</summary>", "", part.content)
                assert not set(re.findall(r"<[^>]*>", rest)) - allowed, part.content
            if part.type == "text":
                assert not re.search(r"@\w|[#!~]\d", part.content), part.content


def test_a_note_of_a_huge_estate_is_bounded_and_says_so() -> None:
    cells = {"prod": Cell("own", "x" * 40), "test": Cell("base", "y" * 40)}
    rows = tuple(Row(f"c{number % 50}.key-{number}", f"c{number % 50}", False, cells) for number in range(20_000))
    huge = FULL._replace(rows=rows, components=tuple(f"c{number}" for number in range(50)))
    text = render("markdown", huge, Shown())
    assert len(text) <= LIMIT
    assert re.search(r"\*\*[0-9,]+ keys are left out\*\*", text)


@pytest.mark.parts
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "11 rows"),
        ("kind=must-match", "1 of 11 rows"),
        ("kind=differs&component=managers.db", "2 of 11 rows"),
        ("environment=prod&kind=only-here", "0 of 11 rows"),
        ("search=retention", "2 of 11 rows"),
    ],
)
def test_the_page_filters_in_a_browser(chromium: Callable[..., str], address: str, said: str) -> None:
    dom = chromium(render("html", FULL, Shown()), address)
    assert f">{said}</output>" in dom
    assert len(re.findall(r"<(?:tr|li)[^>]* data-kind=[^>]*>", dom)) == 11
    shown = [each for each in re.findall(r"<(?:tr|li)[^>]* data-kind=[^>]*>", dom) if " hidden" not in each]
    assert len(shown) == int(said.split()[0])


@pytest.mark.parts
def test_o12_in_a_browser_no_text_acts(chromium: Callable[..., str]) -> None:
    gaps = tuple(Gap("only-here", Severity.WARNING, text, text, text, HOSTILE, None, (), text) for text in HOSTILE)
    notes = tuple(each._replace(severity=Severity.NOTE) for each in gaps)
    cells = dict.fromkeys(HOSTILE, Cell("own", "".join(HOSTILE)))
    rows = tuple(Row(text, text, text == HOSTILE[0], cells) for text in HOSTILE)
    analysis = NOTHING._replace(environments=HOSTILE, components=HOSTILE, gaps=(*gaps, *notes), rows=rows)
    dom = chromium(render("html", analysis, Shown()))
    assert "<title>acted" not in dom
    assert "<img" not in dom
    assert dom.count("<script>") == 1
