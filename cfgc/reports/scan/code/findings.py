"""What is found in a source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

_CONFIG = re.compile(r"(?i)(?:config|configuration|settings?|options|properties|env|environment)$")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Struct(NamedTuple):
    """A type that holds configuration: its name, its line, how that shows, and the keys that it has."""

    name: str
    line: int
    kind: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class Findings:
    """Structs, and environment variables that are read, each with its first line."""

    structs: list[Struct] = field(default_factory=list)
    reads: dict[str, int] = field(default_factory=dict)

    def read(self, name: str | None, line: int) -> None:
        """Note a read; a name that is computed, or that is none, is left out."""
        if name and _VARIABLE.fullmatch(name):
            self.reads[name] = min(line, self.reads.get(name, line))

    def struct(self, name: str, line: int, kind: str, keys: Iterable[str]) -> None:
        """Note a type, each of its keys once."""
        self.structs.append(Struct(name, line, kind, tuple(dict.fromkeys(keys))))

    def in_order(self) -> Findings:
        """The same, by line and name."""
        return Findings(sorted(self.structs, key=_by_line), dict(sorted(self.reads.items(), key=lambda one: one[0])))


def named_like_config(name: str) -> bool:
    """Whether a type's name says that it holds configuration."""
    return bool(_CONFIG.search(name))


def _by_line(struct: Struct) -> tuple[int, str]:
    return struct.line, struct.name
