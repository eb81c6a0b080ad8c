"""dotenv: what Docker Compose, python-dotenv and Node's dotenv read alike; the rest is refused (THREATS O03).

The three differ in nearly everything: python-dotenv expands `${X}` inside single quotes, Compose expands `$X` inside
double quotes, Node's undoes nothing but `\\n` and `\\r` in double quotes and loses a bare carriage return.
A value is written in the first of three ways that all of them read back as it is: bare, in single quotes, in
double quotes. `tests/render/test_dotenv.py` holds this against the three readers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cfgc.stages.render.emitters import variables
from cfgc.stages.render.emitters.emitter import Emitter, Expansion, Unfit

_BARE = re.compile(r"[A-Za-z0-9_./:@%+,=\\~^*?!&;|<>()\[\]{}-]*")
_SINGLE = re.compile(r"(?:[^'\\\r\0]|\\(?![\\']|\Z))*")
_DOUBLE = re.compile(r"[^\"\\$\r\0]*")
_EXPANDED = re.compile(r"\$\{[^}:]*(?::-[^}]*)?\}")
_LIST_ESCAPES = str.maketrans({"'": "\\u0027", "$": "\\u0024", "\x7f": "\\u007f"})
_DEFAULT = re.compile(r"[^\"\\$}'\r\n]*")


@lru_cache(maxsize=1 << 16)
def _string(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    if _SINGLE.fullmatch(value) and not _EXPANDED.search(value):
        return f"'{value}'"
    return f'"{_double(value)}"'


def _double(value: str) -> str:
    flat = value.replace("\r", "")
    if not _DOUBLE.fullmatch(flat):
        raise Unfit("text-not-held", format="dotenv", reason=_reason(value))
    return value.replace("\n", "\\n").replace("\r", "\\r")


def _reason(value: str) -> str:
    if "\0" in value:
        return "it holds a NUL character"
    if _EXPANDED.search(value):
        return "some readers would expand the `${...}` in it"
    return "its quotes or backslashes are read differently by Compose, python-dotenv and Node"


def _other(value: Any) -> str:
    if type(value) is Expansion:
        return _expansion(value)
    text = variables.text_of(value)
    if type(value) is list:  # inside JSON text, escapes can say what quotes cannot
        text = text.translate(_LIST_ESCAPES).replace("\\\\", "\\u005c")
    return _string(text)


def _expansion(value: Expansion) -> str:
    text = ""
    for part in value.parts:
        if isinstance(part, str):
            text += _double(part)
        elif part.operator == ":?" or not _DEFAULT.fullmatch(part.operand):
            raise Unfit("text-not-held", format="dotenv", reason="not all readers know this form of `${...}`")
        else:
            text += part.text
    return f'"{text}"'


REMEMBERED = _string
_LINES = variables.Assignments(_string, _other)

EMITTER = Emitter(
    write=_LINES.write,
    trace=_LINES.trace,
    options=frozenset({"prefix"}),
    leaf_lists=True,
    expands=True,
)
