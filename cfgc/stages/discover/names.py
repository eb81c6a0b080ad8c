"""What a file, a folder, an environment and a component may be named (THREATS O09, F13).

Stricter than a key: these names become files on every system and stand in paths, URLs and object names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cfgc.diagnostics import Diagnostic, Label, report
from cfgc.model.location import start_of
from cfgc.model.text import printable

LONGEST = 100

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def objection(name: str) -> str | None:
    """Why a name can't be used, as the end of a sentence; none for a good one."""
    if not name:
        return "it is empty"
    if len(name) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    if name.startswith("_"):
        return "names that start with `_` are kept for `_index` and `_each`"
    if not _NAME.fullmatch(name):
        return f"only ASCII letters, digits, `_`, `-` and `.` may stand in it{_culprit(name)}"
    if name.endswith("."):
        return "Windows drops a dot at the end"
    if _DEVICE.fullmatch(name):
        return "it is a device on Windows"
    return None


def _culprit(name: str) -> str:
    wrong = next((letter for letter in name if not _NAME.fullmatch(f"a{letter}")), None)
    return f", not `{printable(wrong)}`" if wrong else ", and a letter or digit must come first"


class Twins:
    """Finds names that a file system which does not tell case would take for one."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str]] = {}

    def clash(self, steps: Sequence[str], file: str) -> Diagnostic | None:
        """A finding if a name on the way to `steps` was spelt otherwise in an earlier file."""
        path = ""
        for step in steps:
            path = f"{path}/{step}"
            spelt, other = self._known.setdefault(path.casefold(), (path, file))
            if spelt != path:
                related = [Label(start_of(other), "the other spelling")]
                return report("case-twins", at=start_of(file), related=related, called=step, other=_last(spelt))
        return None


def _last(path: str) -> str:
    return path.rpartition("/")[2]
