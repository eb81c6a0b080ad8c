"""shell: a file that any POSIX shell reads with `.`; every value stands in single quotes (THREATS O01)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cfgc.stages.render.emitters import variables
from cfgc.stages.render.emitters.emitter import Emitter, Expansion, Unfit

_BARE = re.compile(r"[A-Za-z0-9_./:@%+,=-]+")
_SPECIAL = re.compile(r'["\\$`]')


@lru_cache(maxsize=1 << 16)
def _string(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    if "\0" in value:
        raise Unfit("text-not-held", format="shell", reason="it holds a NUL character")
    return "'" + value.replace("'", "'\\''") + "'"


def _other(value: Any) -> str:
    if type(value) is Expansion:
        return '"' + "".join([_part(part) for part in value.parts]) + '"'
    return _string(variables.text_of(value))


def _part(part: Any) -> str:
    if isinstance(part, str):
        if "\0" in part:
            raise Unfit("text-not-held", format="shell", reason="it holds a NUL character")
        return _SPECIAL.sub(r"\\\g<0>", part)
    operand = _SPECIAL.sub(r"\\\g<0>", part.operand).replace("}", "\\}")
    return f"${{{part.name}{part.operator}{operand}}}"


REMEMBERED = _string
_LINES = variables.Assignments(_string, _other, lead="export ")

EMITTER = Emitter(
    write=_LINES.write,
    trace=_LINES.trace,
    options=frozenset({"prefix"}),
    leaf_lists=True,
    expands=True,
)
