"""Values that break formats: the corpus V of THREATS G5, and texts that Hypothesis makes of the same characters."""

from __future__ import annotations

import random

from hypothesis import strategies as st

V = (
    "", " ", " lead", "trail ", "'", '"', "`", "\\", "trailing\\", "$HOME", "${X}", "$(id)", "#h", " #h", "a #h", "!",
    "%s",
    "=", ";", "\n", "a\nB=evil", "\nB=evil", "\r", "a\rb", "a\r\nb", "\0", "\t", "\x85", "\u2028", "\u202e",
    "\U0001f600",
    "x" * 65536, "ENC[", "{{ x }}", "yes", "1e3", "0o17", "~", "-", "<<", "it's", 'a"b', "a'b\"c", "\\n", "a\\\\b",
    "\\'",
    "null", "Null", "on", "off", "y", "N", "TRUE", ".inf", ".NaN", "0x1F", "0b11", "017", "1_000", "12:30:45",
    "2024-01-02", "2024-01-02T03:04:05Z", "1.0.0", "+1", "-1", ".5", "1.", "=", "? a", ": a", "a: b", "a:", "- a", "&a",
    "*a", "!a", "|", ">", "%a", "@a", "[a]", "{a}", ",a", "---", "...", "--- a", "\ufeff", "\u200b", "\xa0", "a\n",
    "a\n\n",
    "\n\n", "a\n b\n", " a\nb", "a\n\nb", "a \nb", "a\t\nb", "a\nb ", "\ta\nb", "tab\there", "\x1b[31m", "\x7f", "0",
    "1",
    "30s", "512Mi", "1e3s", "5e", "0x", "1k", "true", "#", "# a", "a#b", "http://x:80/y?z=1#f", "C:\\dir\\", "]\n[x]",
    "export A=b", "$", "$$", "${", "${A:-b}", "a$b", "é", "漢字", "\u00ad", "\ufffe", "\uffff", "a\x0bb", "a\x0cb",
)  # fmt: skip
"""Each is a value that some reader of some format takes for something else."""

ALPHABET = "aZ09 '\"`\\$#!%=;:,-?&*|>@[]{}()<~\n\r\t\x00\x0b\x1b\x7f\x85\xa0\u2028\u202e\ufeffé漢\U0001f600{}eoxb._/+"
TEXTS = st.one_of(st.text(ALPHABET, max_size=12), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
KEYS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
NUMBERS = st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False))
SCALARS = st.one_of(TEXTS, NUMBERS, st.booleans())
TREES = st.recursive(
    st.one_of(SCALARS, st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
MAPS = st.dictionaries(KEYS, TREES, max_size=4)
NOT_NULL = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
MAPS_WITHOUT_NULL = st.dictionaries(KEYS, NOT_NULL, max_size=4)


def samples(count: int) -> list[str]:
    """The same texts every time, for readers that read many in one process."""
    chance = random.Random(7)
    return ["".join(chance.choices(ALPHABET, k=chance.randint(0, 6))) for _ in range(count)]
