"""The value of a literal's text."""

from __future__ import annotations

import re
from typing import Final

from cfgc.stages.check.policy.cel.lexer import Token
from cfgc.stages.check.policy.cel.syntax import CelSyntaxError
from cfgc.stages.check.policy.cel.values import INT_MAX, INT_MIN, UINT_MAX, UInt

_ESCAPE: Final = re.compile(
    r"\\(?:([abfnrtv\\?\"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.?))", re.DOTALL
)
_PLAIN: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NEWLINE: Final = re.compile(r"\r\n?")


def integer(token: Token, *, negative: bool = False) -> int:
    """The value of an `int` token, with the sign before it; raises `CelSyntaxError` beyond 64 bits."""
    value = _digits(token.text)
    value = -value if negative else value
    if not INT_MIN <= value <= INT_MAX:
        raise CelSyntaxError("the number does not fit into 64 bits", token.at)
    return value


def unsigned(token: Token) -> UInt:
    """The value of a `uint` token; raises `CelSyntaxError` beyond 64 bits."""
    value = _digits(token.text[:-1])
    if value > UINT_MAX:
        raise CelSyntaxError("the number does not fit into 64 bits", token.at)
    return UInt(value)


def _digits(text: str) -> int:
    if len(text) > 100:  # Python refuses to read very long numbers; no such number fits anyway
        return UINT_MAX + 1
    return int(text, 16) if text.startswith("0x") else int(text)


def string(token: Token) -> str:
    """The value of a `string` token; raises `CelSyntaxError` for a wrong escape."""
    raw, body, start = _body(token)
    text = _NEWLINE.sub("\n", body)
    return text if raw else _ESCAPE.sub(lambda found: _character(found, start), text)


def octets(token: Token) -> bytes:
    """The value of a `bytes` token: its text in UTF-8, `\\x` and octal escapes being single bytes."""
    raw, body, start = _body(token)
    text = _NEWLINE.sub("\n", body)
    if raw:
        return text.encode()
    out = bytearray()
    last = 0
    for found in _ESCAPE.finditer(text):
        out += text[last : found.start()].encode() + _octet(found, start)
        last = found.end()
    return bytes(out + text[last:].encode())


def _body(token: Token) -> tuple[bool, str, int]:
    prefix = re.match(r"[bBrR]*", token.text)
    width = prefix.end() if prefix else 0
    quoted = token.text[width:]
    quote = 3 if quoted[:3] in ('"""', "'''") and len(quoted) >= 6 else 1
    return "r" in token.text[:width].lower(), quoted[quote:-quote], token.at + width + quote


def _character(found: re.Match[str], start: int) -> str:
    simple, two, four, eight, octal, wrong = found.groups()
    if simple:
        return _PLAIN.get(simple, simple)
    if wrong is not None:
        raise CelSyntaxError(f"unknown escape `\\{wrong}`", start + found.start())
    code = int(octal, 8) if octal else int(two or four or eight, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise CelSyntaxError("the escape names no Unicode character", start + found.start())
    return chr(code)


def _octet(found: re.Match[str], start: int) -> bytes:
    two, four, eight, octal = found.group(2, 3, 4, 5)
    if four or eight:
        raise CelSyntaxError("`\\u` and `\\U` have no place in bytes", start + found.start())
    if two or octal:
        return bytes([int(two, 16) if two else int(octal, 8)])
    return _character(found, start).encode()
