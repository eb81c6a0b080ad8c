"""properties: what `java.util.Properties` loads. A name is the key path as Spring writes it: `hosts[0].port` (O07)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cfgc.model.keypath import KeyPath, show
from cfgc.stages.render.emitters.emitter import Emitter, Plain, Sheet, Traced, Unfit, leaves, refuse_all
from cfgc.stages.render.emitters.variables import text_of

_IN_KEY = re.compile(r"[^A-Za-z0-9_.\[\]/-]")
_IN_VALUE = re.compile(r"[^\x21-\x5b\x5d-\x7e ]|\A ")
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f"}


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _NAMED:
        return _NAMED[character]
    if " " <= character <= "~":
        return "\\" + character
    try:
        units = character.encode("utf-16-be")
    except UnicodeEncodeError:
        raise Unfit("text-not-unicode") from None
    return "".join([f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)])


def name_of(path: KeyPath) -> str:
    """`hosts[0].port`: keys joined with dots, list positions in brackets."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).removeprefix(".")


def _entries(data: Plain) -> list[tuple[KeyPath, Any]]:
    """An empty map gives nothing, an empty list an empty value, which Spring reads as an empty list."""
    if type(data) is not dict:
        raise Unfit("format-needs-map", ())
    found = [(path, value) for path, value in leaves(data, leaf_lists=False) if type(value) is not dict]
    if len({name_of(path) for path, _ in found}) != len(found):
        refuse_all(_collisions([path for path, _ in found]))
    return found


def _collisions(paths: list[KeyPath]) -> Iterator[Unfit]:
    first: dict[str, KeyPath] = {}
    for path in paths:
        name = name_of(path)
        if name in first:
            yield Unfit("property-name-collision", path, word=name, other=show(first[name]))
        first.setdefault(name, path)


def trace(data: Plain, _: Sheet) -> Traced:
    """The lines with their key paths; raises `Unfit`."""
    for path, value in _entries(data):
        text = "" if type(value) is list else text_of(value)
        yield f"{_IN_KEY.sub(_escape, name_of(path))}={_IN_VALUE.sub(_escape, text)}\n", path


def write(data: Plain, sheet: Sheet) -> str:
    """The document; raises `Unfit`."""
    return "".join([text for text, _ in trace(data, sheet)])


EMITTER = Emitter(write=write, trace=trace, runtime="keep")
