"""yaml: PyYAML, a YAML 1.1 reader, and ruamel.yaml, a 1.2 reader, both read back what was there (THREATS O05)."""

from __future__ import annotations

import io
from typing import Any

import pytest
import yaml
from hypothesis import given
from ruamel.yaml import YAML

from cfgc.stages.render.emitters import Sheet, emitter
from tests.render.corpus import MAPS, TEXTS, V, samples
from tests.render.world import refused, secret, text, unknown


def read_11(written: str) -> Any:
    return yaml.load(written, yaml.CSafeLoader)


def read_12(written: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return reader.load(io.StringIO(written))


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types: `1` is neither `True` nor `1.0`."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def written(data: Any) -> str:
    return emitter("yaml").write(data, Sheet())


@pytest.mark.parametrize("read", [read_11, read_12])
def test_o05_both_versions_read_back_the_corpus(read: Any) -> None:
    data = {f"v{number}": value for number, value in enumerate((*V, *samples(300)))}
    assert same(read(written({"in": {"maps": data, "lists": list(data.values())}})), {
        "in": {"maps": data, "lists": list(data.values())}
    })  # fmt: skip


@pytest.mark.parametrize("read", [read_11, read_12])
def test_o05_both_versions_read_back_the_corpus_as_keys(read: Any) -> None:
    data = {value[:900]: {value[:900]: [value]} for value in V}
    assert same(read(written(data)), data)


@given(MAPS)
def test_o05_pyyaml_reads_back_any_tree(data: dict[str, Any]) -> None:
    assert same(read_11(written(data)), data)


@given(MAPS)
def test_o05_ruamel_reads_back_any_tree(data: dict[str, Any]) -> None:
    assert same(read_12(written(data)), data)


@given(TEXTS)
def test_o05_a_text_alone_reads_back(value: str) -> None:
    assert same(read_11(written(value)), value)
    assert same(read_12(written([value])), [value])


def test_section_8_block_style_two_spaces() -> None:
    data = {"a": {"b": [1, {"c": "x", "d": []}, [2, 3]], "e": {}}, "f": "two\nlines\n", "g": "one\ntwo", "t": True}
    assert text("yaml", data) == (
        "a:\n  b:\n    - 1\n    - c: x\n      d: []\n    - - 2\n      - 3\n  e: {}\n"
        "f: |\n  two\n  lines\ng: |-\n  one\n  two\nt: true\n"
    )


@pytest.mark.parametrize(
    "value", ["web", "a.b-c_d", "https://x.example.org:80/y", "30s", "512Mi", "a b", "db:5432", "/health"]
)
def test_section_8_ordinary_words_stand_plain(value: str) -> None:
    assert text("yaml", {"a": value}) == f"a: {value}\n"


@pytest.mark.parametrize(
    "value", ["1e3", "0o17", "1E5", "1.0e3", "yes", "NO", "~", "null", "12:30:45", "2024-01-02", "<<", "="]
)
def test_o05_what_some_reader_would_retype_is_quoted(value: str) -> None:
    assert text("yaml", {"a": value}) == f'a: "{value}"\n'


@pytest.mark.parametrize("number", [1e16, 1e-7, -0.0, 0.1, 1e300, 5.0, -3, 2**63, True, None])
def test_section_8_numbers_are_numbers_for_both(number: Any) -> None:
    data = {"a": number}
    assert same(read_11(written(data)), data)
    assert same(read_12(written(data)), data)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (float("inf"), "number-not-finite"),
        (float("nan"), "number-not-finite"),
        (2**64, "number-too-large"),
        ("\ud800", "text-not-unicode"),
    ],
)
def test_section_8_what_yaml_readers_would_change_is_refused(value: Any, rule: str) -> None:
    (found,) = refused("yaml", {"a": [{"b": value}]})
    assert (found.name, found.path) == (rule, ("managers", "web", "a", 0, "b"))


def test_section_8_variables_are_kept_as_text() -> None:
    assert text("yaml", {"a": unknown("$URL"), "b": [unknown("x/", "$B")]}) == 'a: "${URL}"\nb:\n  - "x/${B}"\n'


def test_section_6_the_sealed_form_has_the_token_in_place() -> None:
    from tests.render.world import emitted

    artifact = emitted("yaml", {"a": secret("p: w"), "b": 1})
    assert artifact.secret
    assert artifact.content == b'a: "p: w"\nb: 1\n'
    assert artifact.sealed == b'a: "ENC[AES256_GCM,data:abc,type:str]"\nb: 1\n'
