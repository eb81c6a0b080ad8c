"""json: two spaces, text beyond ASCII as it is, nothing that a JavaScript reader would change (THREATS O06)."""

from __future__ import annotations

import math
import re
from json import JSONEncoder
from typing import Any

from cfgc.model.keypath import KeyPath
from cfgc.stages.render.emitters.emitter import Emitter, Plain, Sheet, Traced, Unfit

_SAFE_INTEGER = 2**53 - 1
_UNSAFE = re.compile("[\u2028\u2029\ud800-\udfff\x7f]")
_quote = JSONEncoder(ensure_ascii=False).encode


def string(value: str) -> str:
    """A string in quotes; line separators are escaped, for those who paste JSON into a script."""
    return escape(_quote(value))


def escape(text: str) -> str:
    """JSON text with the characters escaped that JSON allows and JavaScript does not; raises `Unfit`."""
    return _UNSAFE.sub(_escape, text) if _UNSAFE.search(text) else text


def _escape(found: re.Match[str]) -> str:
    if "\ud800" <= found[0] <= "\udfff":
        raise Unfit("text-not-unicode")
    return f"\\u{ord(found[0]):04x}"


def _scalar(value: Any) -> str:
    kind = type(value)
    if isinstance(value, str):
        return string(value)
    if kind is int:
        if abs(value) > _SAFE_INTEGER:
            raise Unfit("number-too-large", format="json", bits="53")
        return str(value)
    if kind is float and not math.isfinite(value):
        raise Unfit("number-not-finite")
    return {None: "null", True: "true", False: "false"}[value] if kind is not float else repr(value)


def _node(value: Plain, lead: str, pad: str, path: KeyPath, out: list[tuple[str, KeyPath]]) -> None:
    """One piece for a scalar, two (its brackets) around those of a container; `lead` is what stands before it."""
    kind = type(value)
    if not value or (kind is not dict and kind is not list):
        empty = "{}" if kind is dict else "[]" if kind is list else None
        out.append((lead + (empty or _scalar(value)), path))
        return
    opening, closing = "{}" if kind is dict else "[]"
    out.append((lead + opening, path))
    separator = "\n"
    for step, item in value.items() if kind is dict else enumerate(value):
        key = f"{string(str(step))}: " if kind is dict else ""
        _node(item, f"{separator}{pad}  {key}", pad + "  ", (*path, step), out)
        separator = ",\n"
    out.append((f"\n{pad}{closing}", path))


def trace(data: Plain, _: Sheet) -> Traced:
    """The document in pieces; raises `Unfit`."""
    out: list[tuple[str, KeyPath]] = []
    _node(data, "", "", (), out)
    out.append(("\n", ()))
    return out


def write(data: Plain, sheet: Sheet) -> str:
    """The document; raises `Unfit`."""
    return "".join([text for text, _ in trace(data, sheet)])


EMITTER = Emitter(write=write, trace=trace, nulls=None, runtime="keep")
