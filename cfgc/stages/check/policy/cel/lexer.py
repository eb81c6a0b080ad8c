"""Text to tokens (the lexis of the CEL language definition, with optional selection and quoted fields)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from cfgc.stages.check.policy.cel.syntax import CelSyntaxError


class Token(NamedTuple):
    """`kind` is `int`, `uint`, `float`, `string`, `bytes`, `name`, `quoted`, `end`, or the operator itself."""

    kind: str
    text: str
    at: int


_TRIPLE = r"\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''"
_SINGLE = r"\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'"
_RAW = r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\r\n]*\"|'[^'\r\n]*'"

_TOKEN: Final = re.compile(
    rf"""
    (?P<space>(?:[ \t\r\n\f]+|//[^\n]*)+)
  | (?P<bytes>[bB](?:[rR](?:{_RAW})|(?:{_TRIPLE}|{_SINGLE})))
  | (?P<string>[rR](?:{_RAW})|(?:{_TRIPLE}|{_SINGLE}))
  | (?P<float>(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+))
  | (?P<uint>(?:0x[0-9a-fA-F]+|[0-9]+)[uU])
  | (?P<int>0x[0-9a-fA-F]+|[0-9]+)
  | (?P<name>[_a-zA-Z][_a-zA-Z0-9]*)
  | (?P<quoted>`[a-zA-Z0-9_./\- ]+`)
  | (?P<operator>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]{{}}])
    """,
    re.VERBOSE | re.DOTALL,
)

_MISTAKES: Final = {
    "=": "`=` is no operator: write `==` to compare",
    "&": "`&` is no operator: write `&&`",
    "|": "`|` is no operator: write `||`",
    '"': "the string is not closed",
    "'": "the string is not closed",
    "`": "a quoted field holds letters, digits and `_./- ` between two backticks",
}


def tokens(text: str) -> list[Token]:
    """The tokens of an expression, the last one of kind `end`; raises `CelSyntaxError`."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise CelSyntaxError(_MISTAKES.get(text[at], f"unexpected character `{text[at]}`"), at)
        if match.lastgroup != "space":
            found.append(_token(match))
        at = match.end()
    found.append(Token("end", "", len(text)))
    return found


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or ""
    return Token(match[0] if kind == "operator" else kind, match[0], match.start())
