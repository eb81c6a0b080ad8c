"""The native and the exact reader give the same on every text that the native one takes (ADR 0002, THREATS Y15)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.model.layers import Format
from cfgc.model.values import Value
from cfgc.stages.read import read_text, yaml_ordinary
from cfgc.stages.read.formats import compose, exact
from cfgc.stages.read.text import decode
from cfgc.stages.read.traps import trapped

from .alphabet import KEYS, LINES, MUTATIONS, VALUES
from .desk import same, value_of
from .spec_examples import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]

indents = st.sampled_from([0, 0, 0, 0, 1, 2, 2, 2, 3, 4, 4, 6, 79, 81]).map(" ".__mul__)
dashes = st.sampled_from(["", "", "", "", "- ", "- ", "-   ", "- - ", "- - - - - ", "-"])


@cache
@st.composite
def lines(draw: st.DrawFn) -> str:
    kind = draw(st.integers(0, 11))
    indent = draw(indents)
    if kind == 0:
        return indent + draw(st.sampled_from(["", "# c", "#", "#c: d", " ", "---", "..."]))
    if kind == 1:
        return indent + draw(st.sampled_from(VALUES))
    key = draw(st.sampled_from(KEYS)) if kind < 5 else f"k{draw(st.integers(0, 30))}"
    if kind == 2:
        block = [
            indent + " " * draw(st.integers(0, 4)) + line for line in draw(st.lists(st.sampled_from(LINES), max_size=4))
        ]
        return "\n".join([f"{indent}{key}: {draw(st.sampled_from(['|', '>', '|-', '>-', '|+']))}", *block])
    value = draw(st.sampled_from(VALUES) | st.text(max_size=8)) if draw(st.booleans()) else ""
    colon = draw(st.sampled_from([": ", ":  ", ": ", ":"])) if kind != 3 else ""
    return (
        indent
        + draw(dashes)
        + (key + colon if colon else "")
        + value
        + draw(st.sampled_from(["", "", "", " ", "  # c: d", "#x"]))
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Lines of the ordinary grammar and just beyond it, in any order and indentation."""
    text = draw(st.sampled_from(["", "", "", "---\n", "# c\n"])) + "\n".join(
        draw(st.lists(lines(), min_size=1, max_size=7))
    )
    text += draw(st.sampled_from(["\n", "\n", "", "\n\n"]))
    return text.replace("\n", "\r\n") if draw(st.integers(0, 19)) == 0 else text


@cache
@st.composite
def trees(draw: st.DrawFn, indent: int = 0) -> str:
    """Text that is well indented, so that most of it is ordinary and deep."""
    ordinary = ordinary_values()
    lines: list[str] = []
    for name in draw(st.lists(st.sampled_from(["a", "b", "c", "timeout", "name", '"q k"']), max_size=4, unique=True)):
        shape = draw(st.integers(0, 4 if indent < 12 else 1))
        pad = " " * indent
        if shape < 2:
            lines.append(f"{pad}{name}: {draw(ordinary)}")
        elif shape == 2:
            lines.append(f"{pad}{name}:\n{draw(trees(indent + draw(st.integers(1, 4))))}")
        elif shape == 3:
            dash = pad + " " * draw(st.integers(0, 3)) + "- "
            items = "\n".join(dash + item for item in draw(st.lists(ordinary, min_size=1, max_size=3)))
            lines.append(f"{pad}{name}:\n{items}")
        else:
            column = indent + draw(st.integers(0, 3))
            item = draw(trees(column + 2)).lstrip(" ") or "x: 1"
            lines.append(f"{pad}{name}: # list\n{' ' * column}- {item}")
    return "\n".join(line for line in lines if line.strip())


@cache
def ordinary_values() -> st.SearchStrategy[str]:
    return st.sampled_from([value for value in VALUES if yaml_ordinary_line(f"k: {value}\n")])


def yaml_ordinary_line(text: str) -> bool:
    try:
        yaml_ordinary.load(text.encode(), "it")
    except yaml_ordinary.NotOrdinary:
        return False
    return True


def agree(raw: bytes) -> bool:
    """Asserts that the exact reader confirms the native one and finds no trap of YAML 1.1.

    False for a text that the native one leaves alone.
    """
    try:
        native = yaml_ordinary.load(raw, "it")
    except yaml_ordinary.NotOrdinary:
        return False
    value, findings = by_the_exact_reader(raw)
    assert findings == []
    assert same(native, value)
    text = decode(raw, "it")
    assert trapped(text, compose(text, "yaml")[0]) == []
    return True


def by_the_exact_reader(raw: bytes) -> tuple[Value, list[Diagnostic]]:
    try:
        parsed = exact(decode(raw, "it"), "yaml")
    except Failed as failed:
        return None, list(failed.diagnostics)
    return parsed.data, parsed.findings


@given(documents())
@settings(max_examples=800)
@example("a: .NaN\n")
@example("a: |\n")
@example("a: |\n  x")
def test_the_readers_agree_on_lines_in_any_order(text: str) -> None:
    agree(text.encode())


@given(trees())
@settings(max_examples=300)
def test_the_readers_agree_on_well_indented_trees(text: str) -> None:
    agree(text.encode())


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "line", ["k: {}\n", "- {}\n", "k: {} # c\n", "k:\n  - {}\n", "k: [{}]\n", "k: {{a: {}}}\n", "{}: 1\n", "k: {}"]
)
def test_the_readers_agree_on_every_value_in_every_place(line: str, value: str) -> None:
    agree(line.format(value).encode())


@pytest.mark.parametrize("text", [case[1] for case in EXAMPLES], ids=[case[0] for case in EXAMPLES])
def test_the_readers_agree_on_the_examples_of_the_specification(text: str) -> None:
    agree(text.encode())


def estate() -> list[Path]:
    return sorted(path for folder in ("environments", "policies") for path in (ROOT / folder).rglob("*.yaml"))


def test_the_readers_agree_on_the_estate() -> None:
    assert estate()
    for path in estate():
        agree(path.read_bytes())


@pytest.mark.parametrize("path", sorted((ROOT / "tests/read/ordinary").iterdir()), ids=lambda path: path.stem)
def test_ordinary_configuration_takes_the_fast_path(path: Path) -> None:
    assert agree(path.read_bytes())


@pytest.mark.parametrize("text", ["", "\n", "a: 1\r\nb: x\r\n", "a: x", "a:"])
def test_ordinary_texts_that_no_editor_writes(text: str) -> None:
    assert agree(text.encode())


EXOTIC = """
a: !replace 1
a: &x 1
a: [[[b]]]
a: yes
on: 1
a: 012
a: 1_000
a: 12:30
a: 1e3
a: 2024-01-01
1: a
é: a
<<: ${x}
a: .inf
a: 0x1F
true: 1
a: "\\x41"
? a
- - - - - a
""".strip().splitlines()


@pytest.mark.parametrize(
    "text",
    [
        *EXOTIC,
        *("a: x\n  y", "a: 'x\n  y'", "a: 1\n---\nb: 2", "%YAML 1.2\n---\na: 1"),
        *("a:\tb", "\ufeffa: 1", "a: x\u2028y", " " * 81 + "a: 1"),
    ],
)
def test_the_rest_takes_the_exact_reader(text: str) -> None:
    assert not agree(f"{text}\n".encode())


def test_well_indented_trees_are_mostly_ordinary() -> None:
    """The laws above would hold of a reader that refuses everything."""
    seeds: list[bool] = []

    @given(trees())
    @settings(max_examples=100, database=None)
    def collect(text: str) -> None:
        seeds.append(agree(text.encode()))

    collect()
    assert sum(seeds) > len(seeds) * 0.6


def test_a_text_of_the_fast_path_cannot_be_nested_too_deep() -> None:
    text = "".join(" " * depth + "a:\n" for depth in range(80)) + " " * 80 + "- - - - a: {b: c}\n"
    assert agree(text.encode())
    assert value_of(text)


HOW_MANY = 10_000
SEEDS: dict[Format, list[bytes]] = {
    "yaml": [
        *(case[1].encode() for case in EXAMPLES),
        b"managers:\n  web:\n    image: x:1.2\n    hosts:\n      - name: a\n        port: 1\n    tags: [a, b]\n",
        b"a: &a {x: 1}\nb:\n  <<: *a\n  y: !append [1, 2]\nc: !by:name\n  - {name: x}\n",
    ],
    "json": [b'{"a": [1, 2.5, true, null, "x\\u00e9\\n"], "b": {"c": {}}}', b'[{"a b": -0.5e3}, "\\", {}]\n'],
    "toml": [
        b'a = 1\nb.c = "x"\nd = 2024-01-01T10:00:00Z\n[e.f]\ng = [1, {h = 2}]\n[[i]]\nj = """\nk"""\n',
        b"x = 07:32:00\n[a]\n[a.b]\nc = {d.e = 1, \"f\" = [2, 3,]}\n[[a.z]]\n[[a.z.y]]\nq = '''a'b'''\n[[a.z]]\n",
    ],
    "dotenv": [b"A=1\nB=\"x\\ny\" # c\nexport C='z'\nsops_version=3.11.0\n"],
}
_KINDS: list[Format] = ["yaml", "yaml", "yaml", "json", "toml", "dotenv"]


def mutants() -> Iterator[tuple[Format, bytes]]:
    chance = random.Random(15)
    for _ in range(HOW_MANY):
        kind = chance.choice(_KINDS)
        text = chance.choice(SEEDS[kind])
        for _ in range(chance.randint(1, 4)):
            text = _mutated(text, chance)
        yield kind, text


def _mutated(text: bytes, chance: random.Random) -> bytes:
    at, to = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
    match chance.randrange(5):
        case 0:
            return text[:at] + text[min(to, at + 6) :]
        case 1:
            return text[:at] + chance.choice(MUTATIONS) + text[at:]
        case 2:
            return text[:at] + text[at:to] * 2 + text[to:]
        case 3:
            return text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :]
        case _:
            rows = text.split(b"\n")
            chance.shuffle(rows)
            return b"\n".join(rows)


def test_y15_ten_thousand_mutations_give_findings_and_no_other_exception() -> None:
    broken = 0
    for kind, text in mutants():
        value, findings = read_text(text, "it", kind)
        assert all(found.code.startswith("CFG2") and found.location for found in findings), text
        assert not findings or value is None
        broken += bool(findings)
        if kind == "yaml":
            agree(text)
    assert HOW_MANY * 0.2 < broken < HOW_MANY * 0.9
