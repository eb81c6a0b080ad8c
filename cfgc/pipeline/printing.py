"""A tree as text for people and programs: `show` and `merge`."""

from __future__ import annotations

from cfgc.diagnostics import Failed
from cfgc.model.keypath import KeyPath
from cfgc.model.values import INCLUDE, MASK, Marked, Secret, Unknown, Value
from cfgc.stages.render.emit import write_plain
from cfgc.stages.render.plain import plain


def text_of(value: Value, format_name: str, *, at: KeyPath = (), reveal: bool = False) -> str:
    """The value at a key path as `yaml`, `json` or `dotenv`, secrets masked unless `reveal`.

    Runtime variables show as they were written, an include as its `<<` key. Raises `Failed` for what the format
    cannot hold.
    """
    text, found = write_plain(format_name, _data(value, reveal=reveal, expands=format_name == "dotenv"), at)
    if text is None:
        raise Failed(*found)
    return text


def data_of(value: Value, *, reveal: bool) -> Value:
    """The value as plain data: secrets masked or, with `reveal`, in plain text."""
    return _data(value, reveal=reveal, expands=False)


def _data(value: Value, *, reveal: bool, expands: bool) -> Value:
    return plain(_shown(value, reveal=reveal), sealed=False, expands=expands)


def _shown(value: Value, *, reveal: bool) -> Value:
    if isinstance(value, dict):
        return {"<<" if key == INCLUDE else key: _shown(item, reveal=reveal) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item, reveal=reveal) for item in value]
    if isinstance(value, Marked):
        return _shown(value.value, reveal=reveal)
    if isinstance(value, Secret):
        return value if reveal else MASK
    if isinstance(value, Unknown) and not reveal:
        return Unknown(tuple(MASK if isinstance(part, Secret) else part for part in value.parts))
    return value
