"""What the code of the components reads from its environment, as some other program has found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from json import loads
from typing import Any, NamedTuple

from cfgc.model.keypath import KeyPath
from cfgc.model.location import Location

_CODE = "source code"


class Read(NamedTuple):
    """A variable and the line of code that reads it. `optional`: the code has a value of its own without it."""

    variable: str
    location: Location
    optional: bool = False


class CodeReads:
    """The variables that code reads, by file."""

    def __init__(self, reads: Sequence[Read]) -> None:
        self.reads = tuple(reads)

    def of(self, component: KeyPath, others: Iterable[KeyPath] = ()) -> list[Read] | None:
        """What the code of a component reads; none where there is no code of it.

        Its code is what lies below a folder of its name: its whole path, else its last segment where no component of
        `others` has the same.
        """
        ends = [tuple(map(str, component))]
        if not any(other[-1:] == component[-1:] and other != component for other in others):
            ends.append(ends[0][-1:])
        for end in ends:
            found = [read for read in self.reads if _inside(tuple(read.location.file.split("/")[:-1]), end)]
            if found:
                return found
        return None


def _inside(folders: tuple[str, ...], end: tuple[str, ...]) -> bool:
    return any(folders[at : at + len(end)] == end for at in range(len(folders) - len(end) + 1))


def read_reads(text: str) -> CodeReads:
    """The reads in what `cfgc scan --format json` prints; raises `ValueError` for anything else.

    Of it this much is needed, so that any program may write it, with the line where it knows that:
    `{"sources": [{"path": "cmd/web/main.go", "used": ["PORT", {"name": "DEBUG", "line": 12, "optional": true}]}]}`.
    A source with a `role` other than `source code` is configuration, and none of the reads we look for.
    """
    try:
        sources = loads(text)["sources"]
        return CodeReads([read for source in sources if source.get("role", _CODE) == _CODE for read in _of(source)])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it lacks `sources` with `path` and `used`") from error


def _of(source: Mapping[str, Any]) -> list[Read]:
    used = ({"name": each} if isinstance(each, str) else each for each in source["used"])
    return [
        Read(str(each["name"]), Location(str(source["path"]), int(each.get("line", 1))), bool(each.get("optional")))
        for each in used
    ]
