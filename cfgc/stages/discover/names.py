"""What a file, a folder, an environment and a component may be named (THREATS O09, F13).

Stricter than a key: these names become files on every system and stand in paths, URLs and object names.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.location import start_of
from cfgc.model.text import printable

LONGEST = 100

_LETTERS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_GOOD = re.compile(
    rf"(?!{_DEVICE.pattern}$)[A-Za-z0-9](?:[A-Za-z0-9_.-]{{0,{LONGEST - 2}}}[A-Za-z0-9_-])?", re.IGNORECASE | re.ASCII
)


@lru_cache(maxsize=1 << 14)  # every layer has its own file of the same name
def objection(name: str) -> str | None:
    """Why a name can't be used, as the end of a sentence; none for a good one."""
    if _GOOD.fullmatch(name):
        return None
    if not name:
        return "it is empty"
    if len(name) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    if name.startswith("_"):
        return "names that start with `_` are kept for `_index` and `_each`"
    if not _LETTERS.fullmatch(name):
        return f"only ASCII letters, digits, `_`, `-` and `.` may stand in it{_culprit(name)}"
    if name.endswith("."):
        return "Windows drops a dot at the end"
    return "it is a device on Windows"


def _culprit(name: str) -> str:
    wrong = next((letter for letter in name if not _LETTERS.fullmatch(f"a{letter}")), None)
    return f", not `{printable(wrong)}`" if wrong else ", and a letter or digit must come first"


class Twins:
    """Finds paths that a file system which does not tell case would take for one."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str]] = {}

    def clash(self, path: str, file: str) -> Diagnostic | None:
        """A finding if a path, or one on the way to it, was spelt otherwise for an earlier file."""
        folded = path.casefold()
        known = self._known.get(folded)
        if known is None:
            self._known[folded] = (path, file)
            above = path.rpartition("/")[0]
            return self.clash(above, file) if above else None
        spelt, other = known
        if spelt == path:
            return None
        related = [Label(start_of(other), "the other spelling")]
        return report("case-twins", at=start_of(file), related=related, called=path, other=spelt)
