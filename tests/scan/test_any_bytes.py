"""Whatever a file holds, it is told about and nothing crashes, whichever format its name promises (issue 5, 1)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cfgc.external.files import WorkTree
from cfgc.reports.scan.examine import examine
from cfgc.reports.scan.formats import json as every_json
from cfgc.reports.scan.formats import json_plain, yaml, yaml_plain
from cfgc.reports.scan.inventory import Facts, Inventory, Source
from cfgc.reports.scan.listing import list_candidates
from cfgc.reports.scan.names import candidate
from cfgc.reports.scan.outline import Outline
from cfgc.reports.scan.views import FORMATS, render
from cfgc.reports.scan.work import examine_all

NAMES = (
    "a.yaml",
    "a.json",
    "a.jsonc",
    "a.json5",
    "a.toml",
    "a.ini",
    "a.properties",
    ".env",
    "a.tf",
    "a.xml",
    "web.config",
    ".eslintrc",
    "Dockerfile",
    "a.pem",
    "a.age",
    "a.vault",
    "a.p12",
    "a.conf",
    "a.yaml.j2",
    "a.go",
    "a.py",
    "a.ts",
    "a.tsx",
    "a.js",
    "a.java",
    "a.rs",
)
WORDS = st.sampled_from(
    """a: b|- x|{"a": [1, 2]}|[|]|{|}|"|'|\\|#|//|/*|*/|=|:|,|&x *x|<<: *x|!vault |---|...|%YAML|${A}|{{ b }}|{% if %}|
    <a b="c">|</a>|<!DOCTYPE a [<!ENTITY b "c">]>|<![CDATA[|FROM x|ENV A=|RUN <<E|[s]|\\u|\\u12|export A=|password: |
    $ANSIBLE_VAULT;|-----BEGIN PRIVATE KEY-----|func f() { os.Getenv("A") }|type C struct { A int `yaml:"a"` }|
    os.environ["A"]|class S(BaseSettings):|process.env.A|System.getenv("A")|env!("A")|\r|\t|\0|\x85|\u2028|\U0001f600|
    ENC[AES256_GCM,data:|@ConfigurationProperties|interface AConfig {|variable "a" {|a = 1|<<-E|""".encode().split(b"|")
)
CONTENTS = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(str.encode),
    st.lists(st.one_of(WORDS, st.sampled_from([b"\n", b" ", b"  "])), max_size=40).map(b"".join),
)


@pytest.mark.parametrize("name", NAMES)
@given(raw=CONTENTS)
@example(raw=b"")
@example(raw=b"\xff\xfe")
@example(raw=b"\xff\xfea\x00:\x00")
@example(raw=b"\xef\xbb\xbfa: 1")
@example(raw=b"\xff")
@example(raw=b"[" * 3_000)
@example(raw=b'{"a":' * 3_000)
@example(raw=b"a:\n" + b"".join(b" " * depth + b"b:\n" for depth in range(1, 200)))
@example(raw=b"<a>" * 3_000)
@example(raw=b"(" * 3_000)
@example(raw=b"a = {\n" * 1_000)
@example(raw=b"a." * 3_000 + b"a = 1")
@example(raw=b"- " * 3_000)
@example(raw=b"9" * 5_000)
@example(raw=b"a: &a [*a, *a]\nb: &b [*a, *a, *a]\n" + b"<<: *b\n")
def test_no_bytes_crash_it(name: str, raw: bytes) -> None:
    chosen = candidate(name)
    assert chosen is not None
    facts = examine(name, raw, chosen)
    if facts is None:
        assert chosen.code
        return
    assert Facts.from_data(json.loads(json.dumps(facts.as_data()))) == facts
    assert (facts.problem is not None) == (facts.state == "broken")
    for format_name in FORMATS:
        assert render(format_name, Inventory((Source(facts),))).encode()


PIECES = st.sampled_from(
    """\n|  | |- |-|a: |b:|c.d/e: |x|1|#| # c|'|"|:|---\n|...|[]|{}|[a]|\t|\\|''|""|a: 1\n|  c: 2\n|- 3\n|é|~|null|%|@|
    &a |?|,|{"a": |}|[|]|true|-0.5e3|01|\\u00e4|\\x|\r\n|<<: |${A}||*a|!t """.encode().split(b"|")
).map(bytes.decode)
SIMPLE = st.lists(PIECES, max_size=30).map("".join)


@given(text=SIMPLE)
@example(text="a:\n- b\n- c: d\n  e:\nf:\n")
@example(text="a: b\n  c: d\n")
@example(text="- - a\n  - b\n-\n")
def test_the_quick_reader_of_yaml_tells_what_libyaml_does(text: str) -> None:
    quick, exact = Outline(), Outline()
    try:
        yaml_plain.read(text, quick)
    except yaml_plain.NotPlain:
        return
    yaml.read_events(text, exact)
    assert vars(quick) == vars(exact)


@given(text=SIMPLE)
@example(text='{"a": [1, {"b": null}], "c": "\\u00e4"}')
def test_the_quick_reader_of_json_takes_what_json_is(text: str) -> None:
    quick = Outline()
    try:
        json_plain.read(text, quick)
    except json_plain.NotPlain:
        with pytest.raises((ValueError, ZeroDivisionError)):
            json.loads(text, parse_constant=lambda _: 1 / 0)
        return
    json.loads(text)
    exact = Outline()
    every_json.read_any(text, exact)
    assert vars(quick) == vars(exact)


@given(name=st.text(min_size=1, max_size=30), folder=st.text(max_size=30))
def test_no_name_crashes_it(name: str, folder: str) -> None:
    candidate(f"{folder}/{name}")


def test_a_folder_of_all_of_them_is_told_in_path_order(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(b"\0\xff[{(<%")
    tree = WorkTree(tmp_path)
    facts, skipped = examine_all(tree, list_candidates(tree, None, ()), 1, lambda _done, _all: None)
    assert not skipped
    assert [each.path for each in facts] == sorted(name for name in NAMES if not candidate(name).code)  # type: ignore[union-attr]
