"""A tree as text for people and programs: `show` and `merge`."""

from __future__ import annotations

from cfgc.diagnostics import Failed
from cfgc.model.keypath import KeyPath
from cfgc.model.values import INCLUDE, Value, masked
from cfgc.stages.render import write_plain
from cfgc.stages.render.plain import plain


def text_of(value: Value, format_name: str, *, at: KeyPath = (), reveal: bool = False) -> str:
    """The value at a key path as `yaml`, `json` or `dotenv`, secrets masked unless `reveal`.

    Runtime variables show as they were written, an include as its `<<` key. Raises `Failed` for what the format
    cannot hold.
    """
    text, found = write_plain(format_name, data_of(value, reveal=reveal), at)
    if text is None:
        raise Failed(*found)
    return text


def data_of(value: Value, *, reveal: bool) -> Value:
    """The value as plain data: secrets masked or, with `reveal`, in plain text."""
    return _shown(plain(value, sealed=False, expands=False) if reveal else masked(value))


def _shown(value: Value) -> Value:
    if isinstance(value, dict):
        return {"<<" if key == INCLUDE else key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value
