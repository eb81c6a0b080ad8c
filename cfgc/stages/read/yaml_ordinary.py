"""YAML text of ordinary lines -> data through a native reader; every other text is left to the exact one.

The rule which file goes to which reader is this grammar, over its text alone:

- printable characters and line feeds (or CR LF throughout), no tab; keys in ASCII, at most 100 characters;
- blank lines, comments, one `---` at the top;
- `key:`, `key: value`, `- value`, `- key: value`, `- - value`, indented by at most 80 spaces;
- values on one line: words, `30s`, `1.2.3`, integers and fractions in plain decimal, one- and two-quoted strings with
  the escapes `\\n \\r \\t \\" \\\\ \\/`, `[a, b]` and `{a: b}` of simple values, at most two deep, `null ~ true false`;
- `key: |` and `key: >`, also with `-`.

What YAML 1.1 would type otherwise, as key or value, is no ordinary text, so that only the exact reader needs to look
for traps. On these texts `yaml_rs` and the exact reader give the same; the tests hold them together.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from cfgc.model.values import Value
from cfgc.stages.read.limits import MAX_BYTES, check_nodes

_BOOLEAN_OF_1_1: Final = r"(?:[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF)"
_WORD: Final = rf"(?:{_BOOLEAN_OF_1_1}|[nN]ull|NULL|[tT]rue|TRUE|[fF]alse|FALSE)"
_SAFE: Final = "A-EG-MP-SU-XZa-eg-mp-su-xz_"
"""No word of either version begins with one of these."""
_RISKY: Final = "FfNnOoTtYy"
_KEY: Final = rf"""(?:[{_SAFE}][\w./-]{{0,99}}+|(?!{_WORD}:)[{_RISKY}][\w./-]{{0,99}}+|"[\w ./-]{{1,99}}+"):(?=[ \n])"""
_TAIL: Final = r"[^\n:\#]*+(?:(?::(?=[^ \n])|(?<![ ])\#|\#[^\n]*+)[^\n:\#]*+)*+\n"
"""The rest of a plain value and its comment: a `:` only before, a `#` only after something else than a space."""
_DECIMAL: Final = r"-?(?:0|[1-9][0-9]{0,17}+)(?:\.[0-9]{1,17}+)?+"
_WITH_UNIT: Final = r"[0-9]++(?:(?:\.[0-9]++)?+[%/ac-df-np-wyzAC-DF-NP-WYZ]|(?:\.[0-9]++){2}+)"
"""Digits that no version takes for a number: `30s`, `512Mi`, `1.2.3`, but not `1e3`, `0x1f`, `1_000`."""
_QUOTED: Final = r"""(?:"(?:[^"\\\n]++|\\[nrt"\\/])*+"|'[^'\n]*+(?:''[^'\n]*+)*+')"""
_FLOW_WORD: Final = r"[\w./@%+~*-]*+(?::(?=[\w/])[\w./@%+~*-]*+)*+"
_FLOW_ITEM: Final = (
    rf"(?:(?:[{_SAFE}/]|\.[A-HJ-MO-Za-hj-mo-z/]|(?!{_BOOLEAN_OF_1_1}[ ,\]}}])[{_RISKY}]){_FLOW_WORD}"
    rf"|{_DECIMAL}(?=[ ,\]}}])|{_WITH_UNIT}{_FLOW_WORD}|{_QUOTED})"
)
_NEXT: Final = r"[ ]*+(?:,[ ]*+|(?=[\]}]))"
_FLAT: Final = rf"[\[{{][ ]*+(?:(?:{_KEY}[ ]++)?+{_FLOW_ITEM}{_NEXT})*+[\]}}]"
_FLOW: Final = rf"[\[{{][ ]*+(?:(?:{_KEY}[ ]++)?+(?:{_FLOW_ITEM}|{_FLAT}){_NEXT})*+[\]}}]"
_END: Final = r"(?:[ ]++(?:\#[^\n]*+)?+)?+\n"
_VALUE: Final = rf"""(?:
    [^ \n\-?:,\[\]{{}}\#&*!|>'"%@`0-9+.~=<{_RISKY}]{_TAIL}
  | {_DECIMAL}{_END}
  | \n
  | (?:(?!{_BOOLEAN_OF_1_1}[ \n])[{_RISKY}]|{_WITH_UNIT}|--?[A-Za-z]|\.[A-HJ-MO-Za-hj-mo-z/]|~/){_TAIL}
  | (?:{_QUOTED}|{_FLOW}|~)?+{_END}
  | \#[^\n]*+\n)"""
_LINE: Final = rf"""[ ]{{0,80}}+(?:
    {_KEY}(?:[ ]++|(?=\n))
  | -(?:[ ]++-){{0,3}}+(?:[ ]++{_KEY})?+(?:[ ]++|(?=\n))
  | (?=[\#\n])){_VALUE}"""
_BLOCK: Final = rf"([ ]{{0,80}}+){_KEY}[ ][|>]-?\n\n*+\1[ ]++[^ \n][^\n]*+\n(?:\n*+\1[ ]++[^\n]*+\n)*+"
_ORDINARY: Final = rf"(?:\#[^\n]*+\n|\n)*+(?:---[ ]*+\n)?+(?:{_LINE}|{_BLOCK})*+"

_ASCII: Final = bytes([10, *range(32, 127)])
_ODD: Final = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
"""What is not printable, a tab too, and what breaks lines for YAML 1.1 alone."""


class NotOrdinary(Exception):
    """The text is for the exact reader."""


def load(raw: bytes, file: str) -> Value:
    """The data of an ordinary YAML file, null for one without any.

    Raises `NotOrdinary` for every other file, `Failed` for one of too many nodes.
    """
    import yaml_rs

    if len(raw) > MAX_BYTES:
        raise NotOrdinary
    text = _text(raw)
    if not grammar().fullmatch(text if text.endswith("\n") else text + "\n") or _ends_in_block(text):
        raise NotOrdinary
    try:
        data = yaml_rs.loads(text, parse_datetime=False)
    except yaml_rs.YAMLDecodeError:
        raise NotOrdinary from None
    check_nodes(data, len(raw), file)
    return data


@cache
def grammar() -> re.Pattern[str]:
    """The grammar of ordinary texts, compiled when the first file is read."""
    return re.compile(_ORDINARY, re.VERBOSE | re.ASCII)


def _text(raw: bytes) -> str:
    others = raw.translate(None, _ASCII)
    if not others:
        return raw.decode("ascii")
    if b"\r" in others:
        raw = raw.replace(b"\r\n", b"\n")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise NotOrdinary from None
    if re.search(_ODD, text):
        raise NotOrdinary
    return text


def _ends_in_block(text: str) -> bool:
    """Whether a text under `|` or `>` may be the end, without a line feed: there `yaml_rs` adds one."""
    return not text.endswith("\n") and ("|" in text or ">" in text)
