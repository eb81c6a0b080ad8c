"""A document that calls itself inert holds neither a reference nor ciphertext: the stages after it rely on that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cfgc.model.layers import LayerFile
from cfgc.model.values import Value
from cfgc.stages.read import Reader

PIECES = [
    "$",
    "{",
    "${",
    "a}",
    "\\",
    "\\/",
    "\\n",
    "\\x24",
    "\\u007b",
    "''",
    "ENC[",
    "AES256_GCM,",
    "ENC",
    "[",
    " ",
    "\n  ",
]
FORMS = ["k: {}\n", 'k: "{}"\n', "k: '{}'\n", "k: |\n  {}\n", "k: >-\n  {}\n", "k: [x, '{}']\n", '"{}": 1\n', "- {}\n"]
NEEDLES = ("${", "ENC[AES256_GCM,")


class OneFile:
    """A source of one file."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def read(self, _: str) -> bytes:
        return self._raw


def document(text: str) -> tuple[bool, Value] | None:
    """Whether a file is inert, and its data; none for one with an error."""
    reader = Reader(OneFile(text.encode()))  # type: ignore[arg-type]
    found, _ = reader.read(LayerFile("a.yaml", "base", (), "yaml"))
    return None if found is None else (found.inert, found.data)


def texts(value: Value) -> Iterator[str]:
    """Every key and every text of some data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value:
            yield from texts(item)
        if isinstance(value, dict):
            yield from texts(list(value.values()))


@given(st.sampled_from(FORMS), st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join))
@example('k: "{}"\n', "$\\x7ba}")
@example('k: "{}"\n', "$\\/{")
@example("k: >-\n  {}\n", "$\n  {a}")
def test_no_text_of_an_inert_file_holds_a_reference_or_ciphertext(form: str, inner: str) -> None:
    read = document(form.replace("{}", inner))
    if read is not None and read[0]:
        assert not [text for text in texts(read[1]) if any(needle in text for needle in NEEDLES)]


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("a: 1\nb: [x, 'y z']\n", True),
        ("a: ${b}\n", False),
        ("a: x # ${b}\n", False),
        ("a: ENC[AES256_GCM,data:x]\n", False),
        ('a: "$\\x7bb}"\n', False),
        ("a: !raw x\n", False),
        ("a: &x 1\n", False),
    ],
)
def test_inert_is_what_the_bytes_show(text: str, inert: bool) -> None:
    read = document(text)
    assert read is not None
    assert read[0] is inert
