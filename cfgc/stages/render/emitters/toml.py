"""toml: TOML 1.0. The values of a table come before its tables, as the format demands, else in tree order (O07)."""

from __future__ import annotations

import re
from typing import Any

from cfgc.model.keypath import KeyPath
from cfgc.stages.render.emitters.emitter import Emitter, Plain, Sheet, Traced, Unfit

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]')
_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_WORD = {True: "true", False: "false"}


def string(value: str) -> str:
    """A basic string."""
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def _escape(found: re.Match[str]) -> str:
    if "\ud800" <= found[0] <= "\udfff":
        raise Unfit("text-not-unicode")
    return _NAMED.get(found[0]) or f"\\u{ord(found[0]):04x}"


def key_word(key: str) -> str:
    """A key as it stands before `=`, bare where it can be."""
    return key if _BARE.fullmatch(key) else string(key)


def inline(value: Any) -> str:
    """A value as it stands after `=`; raises `Unfit`."""
    kind = type(value)
    if kind is str:
        return string(value)
    if kind is int and not -(2**63) <= value < 2**63:
        raise Unfit("number-too-large", format="toml", bits="64")
    if kind is list:
        return "[" + ", ".join([inline(item) for item in value]) + "]"
    if kind is dict:
        inner = ", ".join([f"{key_word(key)} = {inline(item)}" for key, item in value.items()])
        return f"{{ {inner} }}" if inner else "{}"
    if value is None:
        raise Unfit("text-not-held", format="toml", reason="it is null, and TOML has none")
    return _WORD[value] if kind is bool else repr(value)


def _is_tables(value: Any) -> bool:
    return type(value) is list and bool(value) and all(type(item) is dict for item in value)


def _table(node: dict[str, Any], path: KeyPath, name: str, out: list[tuple[str, KeyPath]]) -> None:
    below = {key: item for key, item in node.items() if type(item) is dict or _is_tables(item)}
    for key, item in node.items():
        if key not in below:
            out.append((f"{key_word(key)} = {inline(item)}\n", (*path, key)))
    for key, item in below.items():
        full = f"{name}.{key_word(key)}" if name else key_word(key)
        if type(item) is dict:
            out.append((f"\n[{full}]\n", (*path, key)))
            _table(item, (*path, key), full, out)
        else:
            _tables(item, (*path, key), full, out)


def _tables(items: list[dict[str, Any]], path: KeyPath, name: str, out: list[tuple[str, KeyPath]]) -> None:
    for index, item in enumerate(items):
        out.append((f"\n[[{name}]]\n", (*path, index)))
        _table(item, (*path, index), name, out)


def trace(data: Plain, _: Sheet) -> Traced:
    """The document in pieces; raises `Unfit`."""
    if type(data) is not dict:
        raise Unfit("format-needs-map", ())
    out: list[tuple[str, KeyPath]] = []
    _table(data, (), "", out)
    if out and out[0][0].startswith("\n"):
        out[0] = (out[0][0][1:], out[0][1])
    return out


def write(data: Plain, sheet: Sheet) -> str:
    """The document; raises `Unfit`."""
    return "".join([text for text, _ in trace(data, sheet)])


EMITTER = Emitter(write=write, trace=trace, runtime="keep")
