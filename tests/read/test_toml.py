"""TOML files: `tomllib` gives the values, dates stay text (SPEC section 2)."""

from __future__ import annotations

import tomllib

import pytest

from cfgc.stages.read import limits

from .desk import findings_of, names_of, same, shown, value_of

PLAIN = """
title = "x"
[db]
port = 5432
hosts = ["a", 'b']
pool.size = 0.5
on = true
[[users]]
name = "ann"
[[users]]
name = "bob"
[users.role]
admin = {read = true, write = false}
"""
ODD = (
    PLAIN
    + r'''
text = "é\n"
long = """
a \
   b"""
big = 1_000
hex = 0xff
exp = 1e3
"a.b" = 1
'''
)


@pytest.mark.parametrize(
    "text",
    [PLAIN, ODD, "", "# c\n", "a.b.c = 1\na.b.d = 2\n", "a = [\n  1, # c\n  2,\n]\n", "a = [[1, 2], [{b = 3}]]\n"],
)
def test_values_are_those_of_tomllib(text: str) -> None:
    assert same(value_of(text, "toml"), tomllib.loads(text))


def test_dates_and_times_are_the_text_that_is_written() -> None:
    text = """
a = 2024-01-02T03:04:05Z
b = 2024-01-02 03:04:05.123456789+01:00
c = 2024-01-02T03:04:05
d = 2024-01-02
e = [07:32:00, {f = 2024-01-02}]
[g."h i"]
j.k = 2024-01-02 # c
"""
    assert value_of(text, "toml") == {
        "a": "2024-01-02T03:04:05Z",
        "b": "2024-01-02 03:04:05.123456789+01:00",
        "c": "2024-01-02T03:04:05",
        "d": "2024-01-02",
        "e": ["07:32:00", {"f": "2024-01-02"}],
        "g": {"h i": {"j": {"k": "2024-01-02"}}},
    }


def test_the_order_of_keys_is_that_of_the_file_with_and_without_dates() -> None:
    for last in ("1", "2024-01-02"):
        assert list(value_of(f"z = 1\n[b]\n[a]\nx = {last}\n", "toml")) == ["z", "b", "a"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a = 1\nb = 2\na = 3\n", ["3:1 duplicate-key (1:1 first here)"]),
        ("[a]\nx = 1\n'x' = 2\n", ["3:1 duplicate-key (2:1 first here)"]),
        ("a = {x = 1, x = 2}\n", ["1:13 duplicate-key (1:6 first here)"]),
        ("[a]\n[a]\n", ["2:3 toml-syntax"]),
        ("a = 1\n[a]\n", ["2:3 toml-syntax"]),
        ("a = \n", ["1:5 toml-syntax"]),
        ("a = [1,\n  2", ["2:4 toml-syntax"]),
        ("d = 2024-01-01\na = 1\n[[a]]\n", ["3:4 toml-syntax"]),
        ("d = 2024-01-01\na = [1]\n[[a]]\n", ["3:4 toml-syntax"]),
        ("d = 2024-01-01\na = []\n[a.b]\n", ["3:5 toml-syntax"]),
        ("d = 2024-01-01\na = {}\n[a.b]\n", ["3:5 toml-syntax"]),
        ('"\\x" = 2024-01-01\n', ["1:4 toml-syntax"]),
        ("a = 'x\n", ["2:1 toml-syntax"]),
        ("a = 2024-13-45\n", ["1:9 toml-syntax"]),
        ("a b = 1\n", ["1:3 toml-syntax"]),
        ("a = nan\n", ["1:5 number-out-of-range"]),
        ("a = [1.0, -inf]\nb = 1e999\n", ["1:11 number-out-of-range", "2:5 number-out-of-range"]),
        (f"a = {'1' * 1001}\n", ["1:5 integer-too-long"]),
        ('"a\\nb" = 1\n', ["1:1 invisible-key"]),
        ('"a\u200bb" = 1\n', ["1:1 invisible-key"]),
        ("a = \x01\n", ["1:5 control-character"]),
        (b"a = '\xff'\n", ["1:6 not-utf8"]),
    ],
)
def test_a_mistake_in_toml_is_located(text: str | bytes, places: list[str]) -> None:
    assert shown(findings_of(text, "toml")) == places


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 100_000, "a = " + "{a = " * 10_000, ".".join(["a"] * 100_000) + " = 1",
     "[" + ".".join(["a"] * 1000) + "]", "a = " + "[\n" * 1000,
     "a = " + "[" * limits.MAX_DEPTH + "]" * limits.MAX_DEPTH],
)  # fmt: skip
def test_deep_toml_is_refused(text: str) -> None:
    assert names_of(text, "toml") == ["too-deep"]


def test_keys_of_very_many_parts_do_not_take_the_square_of_their_number() -> None:
    lines = [".".join(["a"] * 95) + f".x{number} = 1\n" for number in range(20_000)]
    assert names_of("".join(lines), "toml") == ["reading-too-slow"]


def test_very_many_values_are_refused() -> None:
    text = "a = [" + "1," * limits.MAX_NODES + "]"
    assert names_of(text, "toml") == ["too-many-nodes"]
