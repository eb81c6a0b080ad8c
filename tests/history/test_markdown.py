"""Issue 3, section 1: the note of a merge request says all of a difference, and nothing in it acts (THREATS O10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cfgc.history.difference import ArtifactChange, Difference, EnvironmentDifference, Findings, RuleChange
from cfgc.history.views import Shown, render
from cfgc.history.views.markdown import LIMIT, note
from cfgc.model.markdown import code, prose, row
from cfgc.model.text import inline
from tests.history.differences import CHANGES, DIFFERENCES, FULL, HOSTILE, NOTHING, TEXTS, commit, value

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
SHOWN = Shown(artifacts=True)
ACTION = re.compile(r"^\s*/[a-z]", re.MULTILINE | re.IGNORECASE)
OWN_TEXT = re.compile(r"[A-Za-z0-9 ,.:;()'→…·⚠️❌-]*")
OWN_HTML = re.compile(
    r"<details>\n<summary><code>[^<>\n]*</code>(?: <strong>production</strong>)?(?: \([a-z]+\))?"
    r": [0-9]+ changes?, [0-9]+ artifacts?</summary>\n|</details>\n?"
)


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def cells(text: str) -> list[list[str]]:
    """The rows of all tables, each cell as its text without marks."""
    found: list[list[str]] = []
    parsed = PARSER.parse(text)
    for before, token in pairwise(parsed):
        if before.type == "tr_open":
            found.append([])
        if before.type in ("td_open", "th_open"):
            found[-1].append("".join(child.content for child in token.children or ()))
    return found


def test_section_1_the_note_for_a_person() -> None:
    golden = Path(__file__).with_name("note.md").read_text(encoding="utf-8")
    assert render("markdown", FULL, Shown()) == golden


def test_section_1_nothing_is_said_in_one_line() -> None:
    told = render("markdown", NOTHING, SHOWN)
    assert told == "No difference between `main` and `working tree`: nothing that is rendered changes.\n"


def test_section_1_rules_stand_on_top_even_when_nothing_else_differs() -> None:
    told = render("markdown", NOTHING._replace(rules=(RuleChange("schema", "schemas/a.json", "changed"),)), SHOWN)
    assert "Nothing that is rendered changes." in told
    assert "| schema | `schemas/a.json` | changed |  |" in told


def test_section_1_artifacts_are_unified_differences_in_fences() -> None:
    told = render("markdown", FULL, SHOWN)
    assert "```diff\n--- a/web/.env\n+++ b/web/.env\n@@ -1,2 +1,2 @@\n A=1\n-B=2\n+B=3\n```\n" in told
    assert "```diff\nBinary files a/web/logo and b/web/logo differ\n```\n" in told


def with_artifact(old: bytes | None, new: bytes | None) -> Difference:
    artifact = ArtifactChange("a", "", "changed", old, new)
    return FULL._replace(environments={"prod": EnvironmentDifference("prod", True, (), (artifact,), ())})


def test_o10_a_file_stands_whole_in_one_fence_and_no_line_of_it_acts() -> None:
    lines = b"```\n````\n</details>\n<img src=x>\n@all\n /Close\n/approve\n"
    told = render("markdown", with_artifact(lines, lines[4:] + b"y\n"), SHOWN)
    (fence,) = (token.content for token in tokens(told) if token.type == "fence")
    assert fence.endswith("-```\n ````\n </details>\n <img src=x>\n @all\n  \\x2fClose\n \\x2fapprove\n+y\n")
    assert not ACTION.search(told)


@given(DIFFERENCES)
@example(FULL)
def test_o10_no_line_begins_like_a_quick_action(difference: Difference) -> None:
    assert not ACTION.search(render("markdown", difference, SHOWN))


@given(DIFFERENCES)
@example(FULL)
def test_o10_data_never_becomes_html_links_or_images(difference: Difference) -> None:
    for token in tokens(render("markdown", difference, SHOWN)):
        assert token.type not in ("html_inline", "image", "link_open", "blockquote_open", "hr", "code_block")
        if token.type == "html_block":
            assert OWN_HTML.fullmatch(token.content), token.content


@given(DIFFERENCES)
@example(FULL)
def test_o10_outside_code_are_only_plain_words_so_nobody_is_mentioned(difference: Difference) -> None:
    for token in tokens(render("markdown", difference, SHOWN)):
        if token.type == "text":
            assert OWN_TEXT.fullmatch(token.content), token.content
            assert not re.search(r"www|[0-9a-f]{7}", token.content)


@given(DIFFERENCES)
@example(FULL)
def test_o10_details_are_closed_by_the_view_alone(difference: Difference) -> None:
    blocks = [token.content for token in tokens(render("markdown", difference, SHOWN)) if token.type == "html_block"]
    assert [block[:4] for block in blocks] == ["<det", "</de"] * (len(blocks) // 2)


@given(DIFFERENCES)
def test_o11_no_control_character_leaves_as_itself(difference: Difference) -> None:
    told = render("markdown", difference, SHOWN)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]", told)
    told.encode()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_gi10_an_author_is_one_short_cell_of_code(hostile: str) -> None:
    change = value(CHANGES[0].change, by=commit(hostile * 2000))
    told = note(
        FULL._replace(environments={"prod": EnvironmentDifference("prod", True, (change,), (), ())}), SHOWN, LIMIT
    )
    (row,) = (each for each in cells(told) if each[0] == "managers.web.replicas")
    assert len(row) == 5
    assert len(row[4]) < 100
    assert len(told) < 5000


@given(TEXTS)
def test_o10_a_code_span_holds_its_text_in_a_table_and_outside(text: str) -> None:
    shown = inline(text)
    if not shown.strip() or len(shown) > 200:
        return
    (outside,) = (token for token in tokens(f"a {code(text)} b") if token.type == "code_inline")
    assert outside.content == shown
    table = "\n".join([row(("A", "B")), row(("---", "---")), row((code(text), "x"))])
    assert cells(table)[1:] == [[shown, "x"]]


@given(TEXTS)
def test_o10_prose_keeps_every_character_but_spaces_and_the_marks_of_names(text: str) -> None:
    # a longer word is cut, and escaping makes it longer
    said = next(part for end in range(200, 0, -1) if len(inline(part := f"b {text}"[:end])) <= 200)
    heard = "".join(token.content for token in tokens(f"a {prose(said, 9999)}") if not token.children)
    assert re.sub(r"[ `]", "", heard) == "a" + re.sub(r"\s|`", "", inline(said))


def many(number: int) -> Difference:
    changes = tuple(
        value(CHANGES[0].change._replace(path=("managers", "web", f"key{index}"))) for index in range(number)
    )
    environment = EnvironmentDifference("prod", True, changes, (), ())
    return FULL._replace(environments={"prod": environment}, findings=Findings((), ()))


def test_section_1_a_long_difference_is_cut_at_whole_rows_that_are_counted() -> None:
    told = render("markdown", many(2000), Shown())
    assert LIMIT - 2000 < len(told) <= LIMIT
    shown = len([each for each in cells(told) if each[0].startswith("managers.web.key")])
    assert f"**{2000 - shown:,} rows are left out**, because this note holds 60,000 characters at most." in told
    assert f"… and {2000 - shown} more rows" in told
    assert "| `prod` **production** | · | · | 2000 |" in told
    assert told.endswith("</details>\n")


@given(DIFFERENCES)
@example(many(40))
def test_section_1_the_bound_holds_for_every_difference(difference: Difference) -> None:
    told = note(difference, SHOWN, 3000)
    assert len(told) <= 3000
    assert told.count("\n<details>\n") == told.count("\n</details>\n")
