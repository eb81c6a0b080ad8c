"""For each file the commit that made it what it is: one walk over the history for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from cfgc.external.git.commits import Commit, History, Person
from cfgc.external.git.edges import Edge

MOST_COMMITS = 20_000
"""What lies further back is not looked for."""
_AT_ONCE = 200
_NOBODY = Person("", "", "")
_EMPTY_TREE = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


def last_commits(history: History, start: str, wanted: Mapping[str, str]) -> dict[str, Commit]:
    """Path -> the newest commit of `start` and before that gave it the content of `wanted` (path -> blob id).

    A merge counts where it differs from all its parents. Paths that no commit accounts for, because they are older than
    `MOST_COMMITS` or than the boundary of a shallow clone, are left out. Raises `Failed`.
    """
    commits = [each._replace(message=each.subject) for each in islice(history.ancestors(start), MOST_COMMITS)]
    known = {each.id: each for each in commits}
    missing = dict(wanted)
    found: dict[str, Commit] = {}
    for at in range(0, len(commits), _AT_ONCE):
        for commit, edges in _changes(history, commits[at : at + _AT_ONCE], known):
            for path, node in edges[0].nodes.items():
                if missing.get(path) == node.oid and all(path in edge.nodes for edge in edges[1:]):
                    found[path] = commit
                    del missing[path]
        if not missing:
            break
    return found


def _changes(
    history: History, commits: Sequence[Commit], known: Mapping[str, Commit]
) -> Iterator[tuple[Commit, list[Edge]]]:
    """Each commit whose parents are all known, with what differs from each of them; a first commit's is nothing."""
    steps: list[tuple[Commit, Commit]] = []
    for commit in commits:
        if all(parent in known for parent in commit.parents):
            nothing = Commit("", (), _NOBODY, _NOBODY, "", _EMPTY_TREE[len(commit.id)])
            steps += [(known[parent], commit) for parent in commit.parents] or [(nothing, commit)]
    edges = iter(history.edges(steps))
    grouped: dict[str, list[Edge]] = {}
    for _, commit in steps:
        grouped.setdefault(commit.id, []).append(next(edges))
    for commit in commits:
        if commit.id in grouped:
            yield commit, grouped[commit.id]
