"""Each sentence of the contract names the tests that prove it, and these exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT

LISTS = sorted(path for path in Path(__file__).parent.glob("*.md") if path.name != "README.md")
_SENTENCE = re.compile(r"- \*\*(?P<id>[A-Z0-9]+\.\d+)\*\* (?P<text>\S.*\.)")
_TEST = re.compile(r"  - `(?P<file>[^:`]+)(?:::(?P<name>\w+)(?:\[(?P<case>[^]`]+)\])?)?`")


class Proof(NamedTuple):
    """A test: its file, and inside of it a name and a case."""

    file: str
    name: str | None
    case: str | None


class Sentence(NamedTuple):
    id: str
    text: str
    proofs: tuple[Proof, ...]


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a list; every line below the first one of them belongs to one."""
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("- ")), len(lines))
    blocks: list[list[str]] = []
    for line in lines[start:]:
        if line.startswith("- "):
            blocks.append([])
        blocks[-1].append(line)
    for head, *below in blocks:
        found = _SENTENCE.fullmatch(head)
        assert found, head
        yield Sentence(found["id"], found["text"], tuple(_proof(line) for line in below))


def _proof(line: str) -> Proof:
    found = _TEST.fullmatch(line)
    assert found, line
    return Proof(found["file"], found["name"], found["case"])


ALL = {path.stem: list(sentences(path.read_text(encoding="utf-8"))) for path in LISTS}
EACH = [pytest.param(one, id=one.id) for each in ALL.values() for one in each]


class Module(NamedTuple):
    """The tests of a file that run, and every text in it: the name of a case stands among them."""

    tests: frozenset[str]
    texts: frozenset[str]


@cache
def module(file: str) -> Module:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return Module(frozenset(node.name for node in functions if not _skipped(node)), frozenset(texts))


def _skipped(function: ast.FunctionDef) -> bool:
    """Whether the test may stay out of a run: a platform is no reason."""
    marks = {
        node.attr for mark in function.decorator_list for node in ast.walk(mark) if isinstance(node, ast.Attribute)
    }
    return bool(marks & {"skip", "xfail"})


def missing(proof: Proof) -> str | None:
    """What of a proof does not exist."""
    if not (ROOT / proof.file).is_file():
        return proof.file
    if proof.name is None:
        return proof.file if proof.file.endswith(".py") else None
    found = module(proof.file)
    if proof.name not in found.tests:
        return f"{proof.file}::{proof.name}"
    return proof.case if proof.case is not None and proof.case not in found.texts else None


@pytest.mark.parametrize("sentence", EACH)
def test_every_test_that_is_named_exists(sentence: Sentence) -> None:
    assert sentence.proofs
    assert len(set(sentence.proofs)) == len(sentence.proofs)
    assert [gone for gone in map(missing, sentence.proofs) if gone] == []


@pytest.mark.parametrize("name", ALL)
def test_the_sentences_of_a_list_are_numbered_without_gaps(name: str) -> None:
    found = [sentence.id for sentence in ALL[name]]
    lead = found[0].partition(".")[0]
    assert found == [f"{lead}.{number}" for number in range(1, len(found) + 1)]
    texts = [sentence.text for sentence in ALL[name]]
    assert len(set(texts)) == len(texts)


def test_the_lists_are_the_sections_that_issue_2_names() -> None:
    assert set(ALL) == {"4-merging", "5-references", "6-secrets", "8-rendering", "bad-input", "done-when"}


@pytest.mark.parametrize(
    "proof",
    [
        Proof("tests/contract/nosuch.py", "test_x", None),
        Proof("tests/contract/test_contract.py", None, None),
        Proof("tests/contract/test_contract.py", "test_renamed", None),
        Proof("tests/contract/test_contract.py", "missing", None),
        Proof("tests/contract/test_contract.py", "test_what_is_missing_is_told", "no such " + "case"),
    ],
)
def test_what_is_missing_is_told(proof: Proof) -> None:
    """The guard can fail."""
    assert missing(proof)
