"""systemd: an `EnvironmentFile=`, as systemd's own `load_env_file` reads it (THREATS O04)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cfgc.stages.render.emitters import variables
from cfgc.stages.render.emitters.emitter import Emitter, Unfit

_PLANES = range(0, 0x110000, 0x10000)
_BARE = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\ufdd0-\ufdef"
    + "".join([chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in _PLANES])
    + "]"
)
_SPECIAL = re.compile(r'["\\$`]')


@lru_cache(maxsize=1 << 16)
def _string(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    if _DROPPED.search(value):
        raise Unfit(
            "text-not-held",
            format="systemd",
            reason="systemd drops a variable with such a control character or noncharacter",
        )
    return '"' + _SPECIAL.sub(r"\\\g<0>", value) + '"'


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
