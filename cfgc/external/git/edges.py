"""What differs along many steps between trees: one `git diff-tree` for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cfgc.diagnostics import Failed, report
from cfgc.external.git.repository import Repository, failed
from cfgc.external.git.sources import Difference
from cfgc.external.git.stored import Node, node
from cfgc.model.location import start_of

_WORDS = ("--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none")
_NOTHING, _FILE = "00", "10"


class Edge(NamedTuple):
    """What differs from one tree to another, by project path: how, and what stands there in the other."""

    changed: dict[str, Difference]
    nodes: dict[str, Node]


def edges_between(repository: Repository, steps: Sequence[tuple[str, str]]) -> list[Edge]:
    """The differences of each step from one tree to another (full ids).

    `changed` is the content alone: what is a file on one side and none on the other came or went. Raises `Failed` where
    a tree is missing.
    """
    asked = dict.fromkeys(step for step in steps if step[0] != step[1])
    if not asked:
        return [Edge({}, {}) for _ in steps]
    lines = "".join(f"{before} {after}\n" for before, after in asked)
    below = ("--", repository.prefix) if repository.prefix else ()
    done = repository.ask("diff-tree", *_WORDS, *below, input=lines.encode("ascii"))
    if done.code:
        raise Failed(failed("diff-tree", done))
    found = dict(_steps(done.stdout, len(repository.prefix) + 1 if repository.prefix else 0))
    if len(found) < len(asked):  # of a tree that is missing Git says nothing
        raise Failed(report("missing-object", at=start_of("."), file="."))
    return [found.get(step) or Edge({}, {}) for step in steps]


def _steps(said: bytes, above: int) -> Iterator[tuple[tuple[str, str], Edge]]:
    """Each step: a line with both trees, then for each file its facts behind a colon and its path, a null behind both.

    `above` is how much of a path leads to the project's folder.
    """
    at = 0
    while at < len(said):
        end = said.index(b"\n", at)
        before, after = said[at:end].decode("ascii").split(" ")
        edge = Edge({}, {})
        at = end + 1
        while said[at : at + 1] == b":":
            end = said.index(b"\0", at)
            last = said.index(b"\0", end + 1)
            path = said[end + 1 : last].decode("utf-8", "surrogateescape")
            old, new, _, oid, _ = said[at + 1 : end].decode("ascii").split(" ")
            edge.changed[path[above:]] = _difference(old, new)
            if new[:2] != _NOTHING:
                edge.nodes[path[above:]] = node(new, oid)
            at = last + 1
        yield (before, after), edge


def _difference(before: str, after: str) -> Difference:
    """From the modes, whose first two digits tell the kind; zeros say that nothing is there."""
    if before[:2] == after[:2]:
        return "changed"
    return "added" if before[:2] == _NOTHING or after[:2] == _FILE else "removed"
