"""Blobs -> the commits that brought them and those that took them away: one walk over the history for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from cfgc.diagnostics import Failed
from cfgc.external.git.last import MOST_COMMITS
from cfgc.external.git.names import is_shallow
from cfgc.external.git.repository import Repository, failed

_AT_ONCE = 500
"""Blobs that one walk looks for: their names are words of a command"""
_WORDS = ("--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev")


class Stay(NamedTuple):
    """The ids of the first commit that brought a blob and of the last that took it away; empty where none is known."""

    brought: str = ""
    removed: str = ""


def stays(repository: Repository, blobs: Collection[str]) -> dict[str, Stay]:
    """Blob id -> its stay, among the newest `MOST_COMMITS` commits of all refs and `HEAD`.

    A commit that moves a blob does neither. Merges are looked through: what they bring comes from a commit of a branch.
    What a shallow clone begins with was brought by nobody who is known. Raises `Failed`.
    """
    if not blobs:
        return {}
    done = repository.ask(
        "rev-list", "--topo-order", f"--max-count={MOST_COMMITS}", "--ignore-missing", "--all", "HEAD"
    )
    if done.code:
        raise Failed(failed("rev-list", done))
    found: dict[str, Stay] = {}
    ordered = sorted(blobs)
    for at in range(0, len(ordered), _AT_ONCE):
        wanted = ordered[at : at + _AT_ONCE]
        found.update({blob: Stay() for blob in wanted})
        for commit, gone, came in _changes(repository, done.stdout, wanted):
            for blob in (gone | came) & found.keys():
                brought, removed = found[blob]
                if blob not in gone:
                    found[blob] = Stay(commit, removed)
                elif blob not in came:
                    found[blob] = Stay(brought, removed or commit)
    return found


def _changes(repository: Repository, commits: bytes, wanted: Sequence[str]) -> Iterator[tuple[str, set[str], set[str]]]:
    """Each commit, newest first, that changes where blobs are `wanted`, with the ids before and after."""
    first = () if is_shallow(repository) else ("--root",)
    done = repository.ask("diff-tree", *_WORDS, *first, *(f"--find-object={blob}" for blob in wanted), input=commits)
    if done.code:
        raise Failed(failed("diff-tree", done))
    commit, gone, came = "", set[str](), set[str]()
    parts = iter(done.stdout.split(b"\0"))
    for part in parts:
        if part.startswith(b":"):
            _, _, before, after, _ = part.decode("ascii").split(" ")
            gone.add(before)
            came.add(after)
            next(parts)  # the path
            continue
        if commit:
            yield commit, gone, came
        commit, gone, came = part.decode("ascii"), set(), set()
