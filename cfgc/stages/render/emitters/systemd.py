"""systemd: an `EnvironmentFile=`, as systemd's own `load_env_file` reads it (THREATS O04)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cfgc.stages.render.emitters import variables
from cfgc.stages.render.emitters.emitter import Emitter, Unfit

_BARE = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPECIAL = re.compile(r'["\\$`]')


@lru_cache(maxsize=1 << 16)
def _string(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    if _CONTROL.search(value):
        raise Unfit("text-not-held", format="systemd", reason="systemd drops a variable that holds a control character")
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
