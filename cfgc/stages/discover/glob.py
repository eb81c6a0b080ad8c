"""Globs over key paths, matched in time linear in the path: a pattern is a stranger's text (THREATS S03)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from cfgc.model.keypath import KeyPath

Glob: TypeAlias = tuple[str, ...]
"""One segment, split at its `*`."""
Globs: TypeAlias = tuple[Glob, ...]

ANY: Glob = ("", "", "")
"""The segment `**`: any number of segments, none too."""

_SEGMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^./"]+)')
_ESCAPE = re.compile(r"\\(.)")


@lru_cache(maxsize=1024)
def split(pattern: str) -> Globs:
    """The segments of a pattern; none where it is no pattern: an empty segment, a quote left open."""
    found: list[Glob] = []
    at = 0
    while match := _SEGMENT.match(pattern, at):
        text = match[2] if match[1] is None else _ESCAPE.sub(r"\1", match[1])
        found.append(tuple(text.split("*")))
        if match.end() == len(pattern):
            return tuple(found)
        if pattern[match.end()] not in "./":
            break
        at = match.end() + 1
    return ()


def like(name: str, glob: Glob) -> bool:
    """Whether one segment matches: its fixed parts stand in the name, in order."""
    if len(glob) == 1:
        return name == glob[0]
    first, *middle, last = glob
    end = len(name) - len(last)
    at = len(first)
    if at > end or not name.startswith(first) or not name.endswith(last):
        return False
    for part in middle:
        at = name.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def step(states: Iterable[Globs], name: str) -> set[Globs]:
    """What is left of patterns behind one more segment of a path; an empty rest is a match."""
    left: set[Globs] = set()
    for state in _opened(states):
        if state and state[0] == ANY:
            left.add(state)
        elif state and like(name, state[0]):
            left.add(state[1:])
    return _opened(left)


def _opened(states: Iterable[Globs]) -> set[Globs]:
    """The states, and those behind a `**` that takes nothing."""
    opened: set[Globs] = set()
    for state in states:
        opened.add(state)
        while state and state[0] == ANY:
            state = state[1:]
            opened.add(state)
    return opened


def path_like(path: KeyPath, globs: Globs) -> bool:
    """Whether a whole path matches."""
    if ANY not in globs:
        return len(path) == len(globs) and all(like(str(name), glob) for name, glob in zip(path, globs, strict=True))
    states = {globs}
    for name in path:
        states = step(states, str(name))
    return () in states
