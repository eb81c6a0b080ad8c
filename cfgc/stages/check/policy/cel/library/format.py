"""`"...".format([...])`: `%[.precision]` and one of `s d f e x X o b`, as the strings extension defines them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final

from cfgc.stages.check.policy.cel.leaves import items_of, lift
from cfgc.stages.check.policy.cel.library.conversions import show_double
from cfgc.stages.check.policy.cel.library.function import CHARACTERS_A_STEP, length
from cfgc.stages.check.policy.cel.library.times import show_duration, show_timestamp
from cfgc.stages.check.policy.cel.values import (
    CelError,
    CelValue,
    Duration,
    Frame,
    Timestamp,
    TypeValue,
    UInt,
    Unknowns,
    from_key,
    merge_unknowns,
    type_name,
)

MAX_PRECISION: Final = 1000
_CLAUSE: Final = r"%(?:(%)|(?:\.([0-9]{1,4}))?([a-zA-Z])|)"
_INTEGERS: Final = frozenset({int, UInt})
_NUMBERS: Final = frozenset({int, UInt, float})


def format_text(frame: Frame, template: str, arguments: list[Any]) -> str | Unknowns:
    """The template with its clauses filled in; unknown if an argument is."""
    writer = _Writer(frame)
    items = items_of(arguments)
    parts: list[str] = []
    used = last = 0
    for found in re.finditer(_CLAUSE, template):
        parts.append(template[last : found.start()])
        last = found.end()
        if found[1]:
            parts.append("%")
            continue
        if used == len(items):
            raise CelError("`format` has more clauses than arguments")
        parts.append(writer.clause(found[3], found[2], items[used]))
        used += 1
    if used < len(items):
        raise CelError("`format` has more arguments than clauses")
    parts.append(template[last:])
    frame.spend(sum(map(len, parts)) // CHARACTERS_A_STEP)
    return merge_unknowns(writer.unknown) if writer.unknown else "".join(parts)


class _Writer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.unknown: list[CelValue] = []

    def clause(self, letter: str | None, precision: str | None, value: CelValue) -> str:
        write = _CLAUSES.get(letter or "")
        if write is None:
            raise CelError("`format` knows the clauses `%s %d %f %e %x %X %o %b %%`")
        if precision is not None and (letter not in ("f", "e") or int(precision) > MAX_PRECISION):
            raise CelError(f"a precision goes with `%f` and `%e` and is at most {MAX_PRECISION}")
        if type(value) is Unknowns:
            self.unknown.append(value)
            return ""
        return write(self, value, int(precision or 6) if precision != "0" else 0)

    def text(self, value: CelValue, _: int = 0) -> str:
        kind = type(value)
        if kind is list:
            self._frame.spend(len(value))
            return "[" + ", ".join(self.text(lift(item)) for item in value) + "]"
        if kind is dict:
            self._frame.spend(len(value))
            entries = sorted((self.text(from_key(key)), self.text(lift(item))) for key, item in value.items())
            return "{" + ", ".join(f"{key}: {item}" for key, item in entries) + "}"
        if kind is Unknowns:
            self.unknown.append(value)
            return ""
        shown = _SHOWN.get(kind)
        if shown is None:
            raise CelError(f"`%s` cannot show {type_name(value)}")
        self._frame.spend(1 + length(value))
        return shown(value)

    def decimal(self, value: CelValue, _: int) -> str:
        if type(value) not in _NUMBERS:
            raise CelError(f"`%d` takes a number, not {type_name(value)}")
        return _SHOWN[type(value)](value)

    def fixed(self, value: CelValue, precision: int) -> str:
        return _float("f", value, precision)

    def scientific(self, value: CelValue, precision: int) -> str:
        return _float("e", value, precision)

    def binary(self, value: CelValue, _: int) -> str:
        return format(_integer("b", int(value) if type(value) is bool else value), "b")

    def octal(self, value: CelValue, _: int) -> str:
        return format(_integer("o", value), "o")

    def hexadecimal(self, value: CelValue, _: int) -> str:
        if type(value) in (str, bytes):
            self._frame.spend(2 * length(value))
            return (value.encode() if type(value) is str else value).hex()
        return format(_integer("x", value), "x")

    def upper(self, value: CelValue, _: int) -> str:
        return self.hexadecimal(value, 0).upper()


def _integer(letter: str, value: CelValue) -> int:
    if type(value) not in _INTEGERS:
        raise CelError(f"`%{letter}` does not take {type_name(value)}")
    return int(value)


def _float(letter: str, value: CelValue, precision: int) -> str:
    if type(value) not in _NUMBERS:
        raise CelError(f"`%{letter}` takes a number, not {type_name(value)}")
    return _special(float(value)) or format(float(value), f".{precision}{letter}")


def _special(value: float) -> str:
    if math.isfinite(value):
        return ""
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


_CLAUSES: Final[dict[str, Callable[[_Writer, CelValue, int], str]]] = {
    "s": _Writer.text,
    "d": _Writer.decimal,
    "f": _Writer.fixed,
    "e": _Writer.scientific,
    "b": _Writer.binary,
    "o": _Writer.octal,
    "x": _Writer.hexadecimal,
    "X": _Writer.upper,
}

_SHOWN: Final[dict[type, Callable[[Any], str]]] = {
    str: str,
    int: str,
    UInt: lambda value: str(int(value)),
    float: lambda value: _special(value) or show_double(value),
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    bytes: lambda value: value.decode(errors="replace"),
    Timestamp: show_timestamp,
    Duration: show_duration,
    TypeValue: lambda value: value.name,
}
