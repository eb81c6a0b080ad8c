"""SPEC 9, the format `full`: the line that causes it, the other side, why, and what to do."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.diagnostics.renderers import Listing, render
from cfgc.diagnostics.renderers.columns import marked
from cfgc.diagnostics.renderers.columns import width as columns
from cfgc.model.location import Location, command_line

PROD, BASE = "environments/prod/managers/web.yaml", "environments/base/managers/web.yaml"
LINES = {
    (PROD, 4): "  env: [A, B]",
    (BASE, 9): "    A: 1",
    ("tab.yaml", 1): "\tkey:\tvalue",
    ("wide.yaml", 1): "名前: 値 # é́",
    ("esc.yaml", 1): "a: \x1b[31mred",
    ("long.yaml", 12345): "key: " + "x" * 300 + " end",
}


def quote(file: str, line: int) -> str | None:
    return LINES.get((file, line))


def shown(*found: Diagnostic, environments: tuple[str, ...] = ("prod",), color: bool = False, width: int = 140) -> str:
    return render("full", Listing(found, quote, environments, color=color, width=width))


def block(text: str) -> str:
    return dedent(text).lstrip("\n")


CONFLICT = Diagnostic(
    code="CFG402",
    name="merge-type-conflict",
    severity=report("policy-denied", message="x").severity,
    message="cannot merge a list over a map",
    location=Location(PROD, 4, 8, 4, 14),
    label="list here",
    path=("managers", "web", "env"),
    environment="prod",
    related=(Label(Location(BASE, 9, 5, 9, 9), "map here"),),
    notes=("layer `prod` is merged over `base`",),
    help="use a map, or mark the list with `!replace`",
)


def test_the_example_of_the_contract() -> None:
    assert shown(CONFLICT) == block("""
        error[CFG402] merge-type-conflict: cannot merge a list over a map
          --> environments/prod/managers/web.yaml:4:8     managers.web.env
           |
         4 |   env: [A, B]
           |        ^^^^^^ list here
          ::: environments/base/managers/web.yaml:9:5
           |
         9 |     A: 1
           |     ---- map here
           = note: layer `prod` is merged over `base`
           = help: use a map, or mark the list with `!replace`

        prod: 1 error
    """)


def test_the_gutter_is_as_wide_as_the_largest_line_number() -> None:
    found = CONFLICT.but(location=Location("long.yaml", 12345, 1, 12345, 4))
    assert shown(found, width=40).splitlines()[1:8] == [
        "      --> long.yaml:12345:1     managers.web.env",
        "       |",
        " 12345 | key: xxxxxxxxxxxxxxxxxxxxxxxxx…",
        "       | ^^^ list here",
        "      ::: environments/base/managers/web.yaml:9:5",
        "       |",
        "     9 |     A: 1",
    ]


def test_the_same_finding_in_several_environments_is_one_and_names_them() -> None:
    several = [CONFLICT.but(environment=name) for name in ("prod-eu", "prod")]
    text = shown(*several, environments=("test", "prod", "prod-eu"))
    assert text.count("CFG402") == 1
    assert "   = note: in prod, prod-eu\n" in text
    assert "in every environment" in shown(*several, environments=("prod", "prod-eu"))
    assert "note: in" not in shown(CONFLICT, environments=("prod",))


def test_findings_are_sorted_by_file_line_column_and_code() -> None:
    places = [("b", 1, 1), ("a", 10, 1), ("a", 2, 5), ("a", 2, 4)]
    found = [CONFLICT.but(location=Location(*place)) for place in places]
    assert re.findall(r"--> (\S+)", shown(*found)) == ["a:2:4", "a:2:5", "a:10:1", "b:1:1"]
    same = [CONFLICT.but(code=code) for code in ("CFG405", "CFG403")]
    assert re.findall(r"error\[(\w+)\]", shown(*same)) == ["CFG403", "CFG405"]


def test_a_line_that_is_not_to_be_quoted_is_not() -> None:
    unquoted = shown(CONFLICT.but(location=Location("secret.sops.yaml", 4, 8, 4, 14)))
    assert unquoted.splitlines()[1:3] == ["  --> secret.sops.yaml:4:8     managers.web.env", "   | list here"]
    assert "A, B" not in shown(CONFLICT.but(quotable=False))
    assert "A: 1" not in shown(CONFLICT.but(quotable=False))


def test_places_that_are_no_line() -> None:
    assert "  --> <--set>     managers.web.env\n" in shown(CONFLICT.but(location=command_line("--set")))
    assert "  --> managers.web.env\n" in shown(CONFLICT.but(location=None))
    assert "-->" not in shown(CONFLICT.but(location=None, path=None))


@pytest.mark.parametrize(
    ("file", "start", "end", "expected"),
    [
        ("tab.yaml", 7, 12, [" 1 |     key:    value", "   |             ^^^^^ here"]),
        ("wide.yaml", 5, 6, [" 1 | 名前: 値 # é́", "   |       ^^ here"]),
        ("wide.yaml", 9, 11, [" 1 | 名前: 値 # é́", "   |            ^ here"]),
        ("esc.yaml", 9, 12, [" 1 | a: \\x1b[31mred", "   |            ^^^ here"]),
    ],
)
def test_tabs_wide_and_unsafe_characters_keep_the_caret_below_its_text(
    file: str, start: int, end: int, expected: list[str]
) -> None:
    found = CONFLICT.but(location=Location(file, 1, start, 1, end), label="here", related=())
    assert shown(found).splitlines()[3:5] == expected


def test_a_span_over_lines_is_underlined_to_the_end_of_its_first() -> None:
    found = CONFLICT.but(location=Location(PROD, 4, 3, 6, 1), related=())
    assert shown(found).splitlines()[4] == "   |   ^^^^^^^^^^^ list here"


def test_a_span_of_no_width_still_has_a_caret() -> None:
    for span in (Location(PROD, 4, 3, 4, 3), Location(PROD, 4, 3), Location(PROD, 4, 99, 4, 99)):
        assert shown(CONFLICT.but(location=span, related=())).splitlines()[4].count("^") == 1


def test_colours_only_when_asked() -> None:
    assert "\x1b[" not in shown(CONFLICT)
    colored = shown(CONFLICT, color=True)
    assert "\x1b[1;31merror[CFG402]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == shown(CONFLICT)


def test_a_note_of_several_lines_is_indented() -> None:
    assert "   = note: a\n           b\n" in shown(CONFLICT.but(notes=("a\nb",)))


def test_the_summary_counts_what_is_shown() -> None:
    assert shown(environments=("test", "prod")) == "test, prod: no findings\n"
    assert shown(environments=()) == "no findings\n"
    note = report("policy-waived", policy="p", target="t", until="x", owner="o", reason="r")
    assert shown(CONFLICT, CONFLICT, CONFLICT.but(code="CFG403"), note).endswith("\nprod: 2 errors, 1 note\n")


@given(
    st.text(st.characters(codec="utf-8"), max_size=80),
    st.integers(0, 90),
    st.integers(0, 90),
    st.integers(20, 60),
)
def test_a_line_fits_its_room_and_its_span_stays_in_sight(line: str, start: int, end: int, room: int) -> None:
    text, column, length = marked(line, start, end, room)
    assert columns(text) <= room
    assert column + length <= max(room, 1)
    if "…" not in text:
        assert columns(text[: len(text)]) >= column + length
