"""A tree as text for people and programs: `show` and `merge`."""

from __future__ import annotations

from cfgc.diagnostics import Failed, report
from cfgc.model.values import INCLUDE, Value, masked
from cfgc.stages.render.emitters import Sheet, Unfit, emitter
from cfgc.stages.render.plain import plain

PRINTED_FORMATS = ("yaml", "json", "dotenv")


def text_of(value: Value, format_name: str, *, reveal: bool = False) -> str:
    """The value in one of `PRINTED_FORMATS`, secrets masked unless `reveal`; raises `Failed` for what it cannot hold.

    Runtime variables show as they were written, an include as its `<<` key.
    """
    try:
        return emitter(format_name).write(data_of(value, reveal=reveal), Sheet())
    except Unfit as unfit:
        raise Failed(report(unfit.rule, path=unfit.path, **unfit.facts)) from None


def data_of(value: Value, *, reveal: bool) -> Value:
    """The value as plain data: secrets masked or, with `reveal`, in plain text."""
    return _shown(plain(value, sealed=False, expands=False) if reveal else masked(value))


def _shown(value: Value) -> Value:
    if isinstance(value, dict):
        return {"<<" if key == INCLUDE else key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value
