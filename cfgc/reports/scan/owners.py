"""CODEOWNERS of GitLab and GitHub -> who owns a path (docs.gitlab.com/user/project/codeowners/reference)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from cfgc.reports.scan.globs import matches

PLACES = ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS", ".github/CODEOWNERS")
_SECTION = re.compile(r"\^?\[(?P<name>[^\]]{1,200})\](?:\[\d{1,4}\])?(?P<owners>(?:\s.*)?)")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")
_MOST_LINES = 5_000


class _Line(NamedTuple):
    section: str
    pattern: str
    owners: tuple[str, ...]


class Owners:
    """The owners of a repository's paths; of each section the last line that fits decides, all sections count."""

    def __init__(self, text: str) -> None:
        self._lines: list[_Line] = []
        section = ""
        default: tuple[str, ...] = ()
        for raw in text.splitlines()[:_MOST_LINES]:
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if found := _SECTION.fullmatch(line):
                section, default = found["name"].strip().lower(), tuple(_owners(found["owners"].split()))
                continue
            pattern, *words = _WORD.findall(line) or [""]
            self._lines.append(_Line(section, pattern, tuple(_owners(words)) or default))

    def of(self, path: str) -> tuple[str, ...]:
        """Who owns a path from the root of the repository, each once."""
        found: dict[str, tuple[str, ...]] = {}
        for line in self._lines:
            if line.pattern.startswith("!"):
                if matches(line.pattern[1:], path):
                    found[line.section] = ()
            elif matches(line.pattern, path):
                found[line.section] = line.owners
        return tuple(dict.fromkeys(owner for owners in found.values() for owner in owners))


def read_owners(read: Callable[[str], bytes]) -> Owners | None:
    """The first CODEOWNERS that is there; `read` raises `OSError` where there is none."""
    for place in PLACES:
        try:
            return Owners(read(place).decode("utf-8", "replace"))
        except OSError:
            continue
    return None


def _owners(words: list[str]) -> list[str]:
    """The words up to a comment."""
    end = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
    return words[:end]
