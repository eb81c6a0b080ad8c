"""Patterns in linear time (SPEC section 7: "a pattern cannot hang the check"; THREATS S03)."""

from __future__ import annotations

import pytest

from cfgc.external import regex


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a", "xay", True),
        ("^a$", "a\n", False),
        (r"^\d+$", "\N{ARABIC-INDIC DIGIT ONE}", False),
        (r"^\w+$", "\N{LATIN SMALL LETTER A WITH DIAERESIS}", False),
        (r"^\p{L}+$", "\N{LATIN SMALL LETTER A WITH DIAERESIS}", True),
        ("^.{2}$", "\U0001f600a", True),
        ("(?i)^abc$", "ABC", True),
        ("^(a|b)+?c{2,3}$", "abacc", True),
        (r"^\/a\-b$", "/a-b", True),
        ("", "", True),
    ],
)
def test_what_matches(pattern: str, text: str, found: bool) -> None:
    assert regex.search(pattern, text) is found


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(.*a){20}$", r"^(\w+\s?)*$"])
def test_s03_a_hostile_pattern_ends(pattern: str) -> None:
    """A backtracking engine needs 2^n steps for these; 50,000 characters would outlive the test."""
    assert regex.search(pattern, "a" * 50_000 + "!") is False


@pytest.mark.parametrize("pattern", ["a(?=b)", "(?<!a)b", r"(a)\1", "(", "[", "a{2,1}", "a{1000}{1000}", "\ud800"])
def test_s03_a_pattern_for_no_linear_engine(pattern: str) -> None:
    with pytest.raises(regex.PatternError):
        regex.search(pattern, "a")
    with pytest.raises(regex.PatternError):
        regex.check(pattern)


def test_a_lone_surrogate_in_the_text_is_no_crash() -> None:
    assert regex.search("^.$", "\ud800") is True
