"""Names and key paths for people: masked where one is a secret itself, of bounded length."""

from __future__ import annotations

import re

from cfgc.model.text import cut
from cfgc.model.values import MASK
from cfgc.reports.scan.outline import Path
from cfgc.reports.scan.secrets.forms import present

_LONGEST_KEY = 200
_LONGEST_NAME = 100
_SWITCH = re.compile(r"[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])")
_SHORTEST_SECRET = 16
"""no token of any form is shorter"""
_SHORTEST_MADE, _MOST_SWITCHES = 20, 5
"""a name so long that goes so often from letters to digits and back was made by a machine"""


def shown_name(name: str) -> str:
    """A key or a variable."""
    if len(name) < _SHORTEST_SECRET:
        return name
    made = len(name) >= _SHORTEST_MADE and len(_SWITCH.findall(name)) >= _MOST_SWITCHES
    if made or any(pattern.search(name) for _, pattern in present(name)):
        return MASK
    return cut(name, _LONGEST_NAME)


def shown_path(path: Path) -> str:
    """A key path."""
    return cut(".".join(map(shown_name, path)), _LONGEST_KEY)
