"""yaml: block style, two spaces, strings written so that a YAML 1.1 and a YAML 1.2 reader read the same (THREATS O05).

A string stands plain only when it starts like a word and is no word that YAML knows, so no reader can take it for
anything else; what starts with a digit stands plain only as a number with a unit (`30s`, `512Mi`). A string with line
breaks is a literal block where that is exact, everything else is in double quotes with the escapes of both versions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cfgc.model.keypath import KeyPath
from cfgc.stages.render.emitters.emitter import Emitter, Plain, Sheet, Traced, Unfit

_PLAIN = re.compile(
    r"""(?: [A-Za-z_/] | [1-9][0-9]*[ac-df-np-wyzAC-DF-NP-WYZ] )   # a word, or a number with a unit
        (?: [A-Za-z0-9_./@%+=,~^()<>?!*&|;$'-] | [:](?=[^\s:]) | [ ](?=[^\s\#:]) )*""",
    re.VERBOSE,
)
_WORDS = frozenset(
    word
    for base in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
    for word in (base, base.capitalize(), base.upper())
)
_UNIT = re.compile(r"[0-9]+[A-Za-z]{1,3}|[^0-9].*", re.DOTALL)
_BLOCK = re.compile(r"(?=[^\s])[^\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]+")
_BREAKS = re.compile(r"[\u2028\u2029]|[ \t]\n|[ \t]\Z")
_ESCAPED = re.compile(
    r"[\"\\\x00-\x1f\x7f-\xa0\xad\u0600-\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]"
)
_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x1b": "\\e", "\x07": "\\a"}
_LONGEST_KEY = 1000
_ORDINARY = 2**63
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


@lru_cache(maxsize=1 << 16)
def string(value: str) -> str:
    """A string on one line; nothing for one that stands better as a literal block."""
    if _PLAIN.fullmatch(value) and value not in _WORDS and _UNIT.fullmatch(value):
        return value
    if "\n" in value.rstrip("\n") and _BLOCK.fullmatch(value) and not _BREAKS.search(value):
        return ""
    return quoted(value)


def quoted(value: str) -> str:
    """A string in double quotes, on one line."""
    if _SURROGATE.search(value):
        raise Unfit("text-not-unicode")
    return '"' + _ESCAPED.sub(_escape, value) + '"'


_SURROGATE = re.compile(r"[\ud800-\udfff]")


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    return _NAMED.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def one_line(value: str) -> str:
    """A string on one line, plain where that is safe."""
    return string(value) or quoted(value)


@lru_cache(maxsize=1 << 14)
def _key(key: str) -> str:
    if len(key) > _LONGEST_KEY:
        raise Unfit("key-not-held", format="yaml", reason=f"a key of more than {_LONGEST_KEY} characters")
    return one_line(key) + ":"


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if type(value) is float:
        return _float(value)
    if not _SMALLEST <= value <= _LARGEST:
        raise Unfit("number-too-large", format="yaml", bits="64")
    return str(value)


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise Unfit("number-not-finite")
    text = repr(value)
    if "e" in text and "." not in text:
        return text.replace("e", ".0e")  # YAML 1.1 takes `1e+16` for a string
    return text


def _inline(value: Any, pad: str) -> str:
    """What stands after `key: ` or `- `: a scalar or an empty container; `pad` is the indent of the key or dash."""
    kind = type(value)
    if kind is str:
        return string(value) or _literal(value, pad + "  ")
    if kind is dict:
        return "{}"
    return "[]" if kind is list else _scalar(value)


def _literal(value: str, pad: str) -> str:
    body = value.rstrip("\n")
    tail = len(value) - len(body)
    lines = [pad + line if line else "" for line in body.split("\n")]
    return "\n".join([("|-", "|", "|+")[min(tail, 2)], *lines, *[""] * (tail - 1)])


def _map(node: dict[str, Any], pad: str, out: list[str]) -> None:
    """One piece of text for every entry, then those of what is below: the order of `_paths`."""
    add = out.append
    for key, value in node.items():
        kind = type(value)
        if kind is str:
            add(f"{pad}{_key(key)} {string(value) or _literal(value, pad + '  ')}\n")
        elif kind is int and -_ORDINARY < value < _ORDINARY:
            add(f"{pad}{_key(key)} {value}\n")
        elif kind is dict and value:
            add(f"{pad}{_key(key)}\n")
            _map(value, pad + "  ", out)
        elif kind is list and value:
            add(f"{pad}{_key(key)}\n")
            _list(value, pad + "  ", out)
        else:
            add(f"{pad}{_key(key)} {_inline(value, pad)}\n")


def _list(node: list[Any], pad: str, out: list[str]) -> None:
    for item in node:
        kind = type(item)
        if (kind is dict or kind is list) and item:
            out.append(f"{pad}- ")
            first = len(out)
            (_map if kind is dict else _list)(item, pad + "  ", out)
            out[first] = out[first][len(pad) + 2 :]
        else:
            out.append(f"{pad}- {_inline(item, pad)}\n")


def _pieces(data: Plain) -> list[str]:
    out: list[str] = []
    if type(data) is dict and data:
        _map(data, "", out)
    elif type(data) is list and data:
        _list(data, "", out)
    else:
        out.append((quoted(data) if type(data) is str else _inline(data, "")) + "\n")
    return out


def _paths(data: Plain, path: KeyPath = ()) -> Iterator[KeyPath]:
    entries = data.items() if type(data) is dict else enumerate(data) if type(data) is list else ()
    for step, value in entries:
        yield (*path, step)
        yield from _paths(value, (*path, step))


def write(data: Plain, _: Sheet | None = None) -> str:
    """The document; raises `Unfit`."""
    return "".join(_pieces(data))


def trace(data: Plain, _: Sheet) -> Traced:
    """Its pieces with their key paths."""
    return zip(_pieces(data), list(_paths(data)) or [()], strict=True)


REMEMBERED = string
EMITTER = Emitter(write=write, trace=trace, nulls=None, runtime="keep")
