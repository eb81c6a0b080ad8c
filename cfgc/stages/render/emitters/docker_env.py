"""docker-env: the file of `docker run --env-file`, which knows no quoting at all (THREATS O02)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cfgc.stages.render.emitters import variables
from cfgc.stages.render.emitters.emitter import Emitter, Unfit

_HELD = re.compile(r"[^\n\r\0]*")
_LONGEST = 60_000
"""Docker reads lines of at most 64 KiB, name and all."""


@lru_cache(maxsize=1 << 16)
def _string(value: str) -> str:
    if not _HELD.fullmatch(value):
        raise Unfit("text-not-held", format="docker-env", reason="it has no way to write a line break or NUL")
    if value != value.strip():
        raise Unfit("text-not-held", format="docker-env", reason="white space at an end of a value is not kept by all")
    if len(value.encode("utf-8", "surrogatepass")) > _LONGEST:
        raise Unfit("text-not-held", format="docker-env", reason=f"a line holds at most {_LONGEST} bytes")
    return value


def _other(value: Any) -> str:
    return _string(variables.text_of(value))


REMEMBERED = _string
_LINES = variables.Assignments(_string, _other)

EMITTER = Emitter(
    write=_LINES.write,
    trace=_LINES.trace,
    options=frozenset({"prefix"}),
    leaf_lists=True,
)
