"""THREATS G1: bad YAML fails clean, with one finding at a place, and never with another exception."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cfgc.model.keypath import parse, show
from cfgc.stages.read import limits, read_text, yaml_nodes

from .desk import findings_of, names_of, reader, same, shown, value_of

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9)
)
DOUBLING = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 23))
_CHILD = """
import json, sys
from cfgc.stages.read import read_text
value, findings = read_text(sys.stdin.buffer.read(), "it", "yaml")
status = open("/proc/self/status").read()  # getrusage would count the process that started this one
peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps([[finding.name for finding in findings], peak]))
"""


def _in_a_child(text: str) -> tuple[list[str], int]:
    """The findings and the peak memory in MiB of a process that reads the text; fails where a signal ends it."""
    done = subprocess.run([sys.executable, "-c", _CHILD], input=text.encode(), capture_output=True, check=True)
    names, peak = json.loads(done.stdout)
    return names, peak


def test_y01_an_alias_bomb_is_counted_before_it_is_walked() -> None:
    names, peak = _in_a_child(BOMB)
    assert names == ["too-many-nodes"]
    assert peak < 200


def test_y01_aliases_within_the_budget_are_shared_and_not_copied() -> None:
    value = value_of("a: &a {x: [1, 2]}\nb: *a\nc: [*a]\n")
    assert value["b"] is value["a"]
    assert value["c"][0] is value["a"]


def test_y02_doubling_merges_count_like_the_aliases_that_they_are() -> None:
    assert names_of(DOUBLING) == ["too-many-nodes"]


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "[{a: ", '{"a":', "!append [", "&a ["])
def test_y03_deep_nesting_neither_crashes_nor_recurses(opening: str) -> None:
    assert _in_a_child(opening * 100_000)[0] == ["too-deep"]


def test_y03_a_hundred_levels_are_read_and_one_more_is_not() -> None:
    deepest = "[" * (limits.MAX_DEPTH - 1) + "x" + "]" * (limits.MAX_DEPTH - 1)
    assert value_of(deepest)[0]
    assert names_of(f"[{deepest}]") == ["too-deep"]


def test_y03_a_hundred_levels_of_the_costliest_kind_leave_the_stack_alone() -> None:
    levels = limits.MAX_DEPTH // 2 - 1
    text = "".join(f"!replace &a{level} {{k: !append &b{level} [" for level in range(levels)) + "x" + "]}" * levels
    assert value_of(text).name == "replace"


def test_y03_aliases_of_aliases_count_in_depth() -> None:
    text = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{x: *a{n - 1}}}\n" for n in range(1, 120))
    assert shown(findings_of(text)) == ["99:15 too-deep"]


@pytest.mark.parametrize(
    "text", [b"a: " + b"x" * 50_000_000, b"#" * (limits.MAX_BYTES + 1), b"a: !!str " + b"x" * (limits.MAX_BYTES)]
)
def test_y04_a_file_over_16_mib_is_not_parsed(text: bytes) -> None:
    assert names_of(text) == ["file-too-large"]


def test_y04_a_file_of_16_mib_is_read() -> None:
    assert len(value_of("a: " + "x" * (limits.MAX_BYTES - 4) + "\n")["a"]) == limits.MAX_BYTES - 4


def test_y04_a_million_keys_are_too_many() -> None:
    assert names_of("".join(f"k{number}: v\n" for number in range(1_000_000))) == ["too-many-nodes"]


@pytest.mark.parametrize(
    "more", ["z: 1\n", "z: !!str 1\n", "z: [x]\n", "z: [x,\n y]\n", "z:\n", "z: {x: {y: &a 1}}\n", "z: &a\n"]
)
def test_y04_both_readers_count_keys_values_and_containers(monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    for module in (limits, yaml_nodes):
        monkeypatch.setattr(module, "MAX_NODES", 1001)
    text = "".join(f"k{number}: v\n" for number in range(500))
    assert len(value_of(text)) == 500
    assert len(value_of(text.replace("k0: v", "k0: !!str v"))) == 500
    assert names_of(text + more) == ["too-many-nodes"]


@pytest.mark.parametrize("number", ["0x" + "f" * 2_000_000, "1" * 100_000, "-" + "9" * 5_000, "0o" + "7" * 5_000])
def test_y04_an_integer_of_very_many_digits_is_refused(number: str) -> None:
    assert names_of(f"a: {number}\n") == ["integer-too-long"]


def test_y04_digits_in_quotes_are_text() -> None:
    digits = "1" * 5_000
    assert value_of(f"a: '{digits}'\nb: !!str {digits}\n") == {"a": digits, "b": digits}
    assert value_of("a: " + "1" * limits.MAX_DIGITS) == {"a": int("1" * limits.MAX_DIGITS)}


def test_y04_base_60_is_no_number() -> None:
    number = ":".join(["12"] * 5000)
    assert value_of(f"a: {number}\n") == {"a": number}


def test_y05_an_alias_inside_of_what_it_names() -> None:
    assert shown(findings_of("&a [*a]\n")) == ["1:5 recursive-alias (1:1 inside of this)"]
    assert shown(findings_of("x: &a\n  y: [1, *a]\n")) == ["2:10 recursive-alias (1:4 inside of this)"]
    assert shown(findings_of("x: &a 1\ny: &a {z: *a}\n")) == ["2:11 recursive-alias (2:4 inside of this)"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: 1\nb: 2\na: 3\n", ["3:1 duplicate-key (1:1 first here)"]),
        ('1: x\n"1": y\n', ["2:1 duplicate-key (1:1 first here)"]),
        (
            "m:\n  k: 1\n  'k': 2\n  k: 3\n",
            ["3:3 duplicate-key (2:3 first here)", "4:3 duplicate-key (2:3 first here)"],
        ),
        ("{a: 1, a: 2}\n", ["1:8 duplicate-key (1:2 first here)"]),
        ("b: &b {x: 1}\nc:\n  <<: *b\n  <<: *b\n", ["4:3 duplicate-key (3:3 first here)"]),
        ("&k a: 1\n*k : 2\n", ["2:1 duplicate-key (1:1 first here)"]),
    ],
)
def test_y06_a_duplicate_key_names_both_places(text: str, places: list[str]) -> None:
    assert shown(findings_of(text)) == places


def test_y06_keys_are_text_so_that_true_and_1_are_two() -> None:
    assert value_of("true: a\n1: b\n1.0: c\n") == {"true": "a", "1": "b", "1.0": "c"}


@pytest.mark.parametrize(
    "value",
    ["!!python/object/apply:os.system [id]", "!!python/name:os.system", "!foo x", "!!binary aGk=", "!!set {a}", "!",
     "!!merge x", "!<tag:example.com,2000:x> y", "!by [x]", "!by: [x]", "!append:x [y]", "!Unset"],
)  # fmt: skip
def test_y07_another_tag_is_refused(value: str) -> None:
    assert names_of(f"a: {value}\n") == ["unknown-tag"]


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        ("!!int x", "wrong-tag"),
        ("!!bool maybe", "wrong-tag"),
        ("!!bool yes", "wrong-tag"),
        ("!!null x", "wrong-tag"),
        ("!!float x", "wrong-tag"),
        ("!!int 1.5", "wrong-tag"),
        ("!!float 0x1F", "wrong-tag"),
        ("!!float true", "wrong-tag"),
        ("!!int true", "wrong-tag"),
        ("!!int", "wrong-tag"),
        ("!!map x", "wrong-tag"),
        ("!!seq {a: 1}", "wrong-tag"),
        ("!!map [a]", "wrong-tag"),
        ("!!timestamp x", "unknown-tag"),
    ],
)
def test_y08_a_value_that_its_tag_does_not_fit(value: str, finding: str) -> None:
    assert names_of(f"a: {value}\n") == [finding]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!float 3", 3.0),
        ("!!float -0", -0.0),
        ("!!float '1.5'", 1.5),
        ("!!int '3'", 3),
        ("!!int 0x1F", 31),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!null", None),
        ("!!str", ""),
        ("!!str ~", "~"),
        ("!!map {}", {}),
        ("!!seq []", []),
    ],
)
def test_y08_a_value_that_its_tag_fits(text: str, value: object) -> None:
    assert same(value_of(f"a: {text}\n"), {"a": value})


@pytest.mark.parametrize("value", ["2024-13-45", "-0x_", "0b", "1_", ":", "_", "+.", "-.e1", "0x", "12:99"])
def test_y08_text_that_is_nearly_a_number_or_a_date_is_text(value: str) -> None:
    assert value_of(f"a: {value if value != ':' else repr(value)}\n") == {"a": value}


def test_y09_one_scheme_the_core_schema_of_1_2() -> None:
    text = "[no, on, 010, 1_000, '12:30', 12:30, 1e3, ~, 2024-01-01, 0o17, 0x1F, .5, True, yes]"
    assert value_of(text) == [
        "no",
        "on",
        10,
        "1_000",
        "12:30",
        "12:30",
        1000.0,
        None,
        "2024-01-01",
        15,
        31,
        0.5,
        True,
        "yes",
    ]


@pytest.mark.parametrize(
    "value", [".nan", ".NaN", ".NAN", ".inf", "-.Inf", "+.INF", "1e999", "-1e400", "!!float .inf", "[.inf]"]
)
def test_y10_what_no_format_can_write_alike_is_refused(value: str) -> None:
    assert names_of(f"a: {value}\n") == ["number-out-of-range"]


@pytest.mark.parametrize("value", ["'.nan'", "nan", "inf", "NaN", "!!str .inf", ".nano", ".infinity"])
def test_y10_text_that_looks_like_it_is_text(value: str) -> None:
    assert isinstance(value_of(f"a: {value}\n")["a"], str)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (b"a: 1\n---\nb: 2\n", ["2:1 several-documents"]),
        (b"---\n---\n", ["2:1 several-documents"]),
        (b"a: 1\n...\ngarbage\n", ["3:1 several-documents"]),
        (b"a: 1\n...\n---\n", ["3:1 several-documents"]),
        ("a: ü\n".encode("utf-16"), ["1:1 not-utf8"]),
        ("a: x\n".encode("utf-16-be"), ["1:1 control-character"]),
        (b"\xff\xfe", ["1:1 not-utf8"]),
        (b"a: \xc3\xbc\nb: \xe9\n", ["2:4 not-utf8"]),
        (b"a: \xed\xa0\x80\n", ["1:4 not-utf8"]),
        (b"a: \0\n", ["1:4 control-character"]),
        (b"a: 'x\x1b[31m'\n", ["1:6 control-character"]),
        ("a: x\u0080\n".encode(), ["1:5 control-character"]),
        ("a: 1\n\ufeffb: 2\n".encode(), ["2:1 control-character"]),
        (b'a: "\\ud800"\n', ["1:7 yaml-syntax"]),
    ],
)
def test_y11_one_document_of_utf8(text: bytes, places: list[str]) -> None:
    assert shown(findings_of(text)) == places


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\r\nb: x\r\n", {"a": 1, "b": "x"}),
        ("a: 1\rb: x\r", {"a": 1, "b": "x"}),
        ("a: |\r\n  p\r\n  q\r\n", {"a": "p\nq\n"}),
        ("a: &x\r\n  b\r\nc: *x\r\n", {"a": "b", "c": "b"}),
        ("\ufeffa: 1\n", {"a": 1}),
        ("a: 1\n...\n# the end\n", {"a": 1}),
        ("a: x\u0085b:1\n", {"a": "x\u0085b:1"}),
        ("a: x\u2028b:1\n", {"a": "x\u2028b:1"}),
        ('a: "x\u2029 y"\n', {"a": "x\u2029 y"}),
        ("a: |\n  x\u2028y\n", {"a": "x\u2028y\n"}),
        ('a: "\u2028 \\ue000 \ue000 \\u2028"\n', {"a": "\u2028 \ue000 \ue000 \u2028"}),
        ("a: !!str \u2028é\nb: &x ü\nc: *x\n", {"a": "\u2028é", "b": "ü", "c": "ü"}),
    ],
)
def test_y11_lines_end_at_lf_cr_lf_and_cr_and_nowhere_else(text: str, value: object) -> None:
    assert value_of(text) == value


def test_y11_an_escape_may_name_a_control_character() -> None:
    assert value_of('a: "\\0 \\u001B \\uFEFF \\x7F \\N"\n') == {"a": "\0 \x1b \ufeff \x7f \x85"}


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("a\u202eb", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("a\u200bb", "U+200B ZERO WIDTH SPACE"),
        ("a\u2066b", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("a\u2028b", "U+2028 LINE SEPARATOR"),
        ("a\u00a0b", "U+00A0 NO-BREAK SPACE"),
        ("a\u3164", "U+3164 HANGUL FILLER"),
        ("a\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("a\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
        ("'a\tb'", "U+0009"),
        ('"a\\nb"', "U+000A"),
        ('"a\\eb"', "U+001B"),
        ('"\\0<<"', "U+0000"),
        ('"a\\u0085b"', "U+0085"),
    ],
)  # fmt: skip
def test_y12_a_key_with_characters_that_nobody_sees(key: str, named: str) -> None:
    (found,) = findings_of(f"{key}: 1\n")
    assert found.name == "invisible-key"
    assert found.message.endswith(f": {named}")


@pytest.mark.parametrize(
    "key",
    ["__class__", "constructor", "items", "a.b", "a/b", "[0]", "a b", "é", "日本語", "ключ", "😀", "naïve", "e\u0301",
     "$ref", "a=b", "-", "~", "null", "<<", "a'b", 'a"b', "\\", "", "0", "-1", "x" * 10_000],
)  # fmt: skip
def test_y13_any_visible_key_is_legal_and_reads_back_from_its_path(key: str) -> None:
    quoted = "'" + key.replace("'", "''") + "'"
    value = value_of(f"? {quoted}\n: {{x: 1}}\n")
    assert value == {key: {"x": 1}}
    assert parse(show((key, "x"))) == (key, "x")


def test_y13_a_key_of_10_kb_needs_a_question_mark() -> None:
    (found,) = findings_of("k" * 10_000 + ": 1\n")
    assert found.message == "a key has more than 1,024 characters"
    assert value_of("? " + "k" * 10_000 + "\n: 1\n") == {"k" * 10_000: 1}


def test_y13_a_dot_inside_of_a_key_does_not_fake_a_path() -> None:
    assert show(("a.b", "c")) != show(("a", "b", "c"))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("db:\n\tpassword: s3cr3t\n", ["2:1 tab-indentation"]),
        ("db:\n  x: 1\n \tpassword: s3cr3t\n", ["3:2 tab-indentation"]),
        ('db:\n  password: "s3cr3t\n  x: 1\n', ["2:13 unclosed-quote"]),
        ("db:\n  password: 's3cr3t\n---\n", ["2:13 unclosed-quote"]),
        ("password: @s3cr3t\n", ["1:11 yaml-syntax"]),
        ("password: *s3cr3t\n", ["1:11 unknown-anchor"]),
        ("password: !s3cr3t\n", ["1:11 unknown-tag"]),
        ("password: {s3cr3t\n", ["2:1 unclosed-bracket (1:11 opened here)"]),
        ("password: !!int s3cr3t\n", ["1:11 wrong-tag"]),
        ("s3cr3t\nx: 1\n", ["2:2 yaml-syntax"]),
    ],
)
def test_y14_a_broken_line_with_a_secret_is_located_and_never_shown(text: str, places: list[str]) -> None:
    found = findings_of(text, secret=True)
    assert shown(found) == places
    assert "s3cr3t" not in repr(found)
    assert reader(**{"x.sops_yaml": text}).locator.quote("x.sops.yaml", 1) is None


def test_y14_no_word_of_the_file_hangs_on_an_exception() -> None:
    """Chained exceptions of a parser hold the text that it choked on."""
    text = b'password: "s3cr3t'
    read_text(text, "it", "yaml", secret=True)
    assert sys.exc_info() == (None, None, None)
