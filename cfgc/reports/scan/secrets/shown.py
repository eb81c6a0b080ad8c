"""Names and key paths for people: masked where one is a secret itself, of bounded length."""

from __future__ import annotations

import re
from functools import lru_cache

from cfgc.model.text import cut
from cfgc.model.values import MASK
from cfgc.reports.scan.outline import Path
from cfgc.reports.scan.secrets.forms import present

_LONGEST_KEY = 200
_LONGEST_NAME = 100
_LOOKED_AT = 1_000
"""so much of a name is looked at for a secret that would be cut in two"""
_SWITCH = re.compile(r"[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])")
_SHORTEST_SECRET = 16
"""no token of any form is shorter"""
_SHORTEST_MADE, _MOST_SWITCHES = 20, 5
"""a name so long that goes so often from letters to digits and back was made by a machine"""


def shown_name(name: str) -> str:
    """A key or a variable."""
    if len(name) < _SHORTEST_SECRET:
        return name
    name = name[:_LOOKED_AT]
    if _is_secret(name):
        return MASK
    return cut(name, _LONGEST_NAME)


def shown_path(path: Path) -> str:
    """A key path."""
    return cut(".".join(map(shown_name, path)), _LONGEST_KEY)


@lru_cache(maxsize=256)
def _is_secret(name: str) -> bool:
    """Whether a name is of a form, or was made by a machine."""
    made = len(name) >= _SHORTEST_MADE and len(_SWITCH.findall(name)) >= _MOST_SWITCHES
    return made or any(pattern.search(name) for _, pattern in present(name))
