"""Where something stands in a file."""

from __future__ import annotations

from typing import NamedTuple


class Location(NamedTuple):
    """A span in a file: lines and columns count from 1, columns in characters, the end is exclusive.

    `file` is relative to the project's root, with `/`. A location that has no place in a
    file (a command line) has line 0.
    """

    file: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


def start_of(file: str) -> Location:
    """The place to blame when only the file is known."""
    return Location(file, 1, 1, 1, 1)


def command_line(option: str) -> Location:
    """The location of a value that was given on the command line, e.g. `--set`."""
    return Location(f"<{option}>", 0, 0, 0, 0)
