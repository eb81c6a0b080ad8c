"""The commits before one, and what each changed of the project's files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cfgc.external.git.commits import Commit, History
from cfgc.external.git.edges import Edge

_FIRST, _MOST = 8, 256


class Way:
    """The commits from `start` back, children first, without `stop` and what is before that (full ids).

    They and their differences are asked for in bulk, more at a time the further somebody walks.
    """

    def __init__(self, history: History, start: str, stop: str = "") -> None:
        self.start = start
        self.stop = stop
        self._history = history
        self._coming = history.ancestors(start, stop)
        self._commits: list[Commit] = []
        self._places: dict[str, int] = {}
        self._edges: dict[tuple[str, str], Edge] = {}
        self._many = _FIRST

    def __iter__(self) -> Iterator[Commit]:
        at = 0
        while at < len(self._commits) or self._load(self._many):
            yield self._commits[at]
            at += 1

    def parents(self, commit: Commit) -> Iterator[Commit | None]:
        """The parents in order, also those behind `stop`; none for one that a shallow clone lacks."""
        for oid in commit.parents:
            while oid not in self._places and self._load(self._many):
                pass
            if oid in self._places:
                yield self._commits[self._places[oid]]
            else:
                yield self._history.commit(oid) if self.stop and self._history.has(oid) else None

    def edge(self, child: Commit, parent: Commit) -> Edge:
        """What differs in a parent from its child."""
        if (child.id, parent.id) not in self._edges:
            self._ask(child, parent)
        return self._edges[child.id, parent.id]

    def _ask(self, child: Commit, parent: Commit) -> None:
        """Compare the two, and the commits that follow with their parents."""
        start = self._places.get(child.id, len(self._commits))
        self._load(start + self._many + 1 - len(self._commits))
        following = [(each, known) for each in self._commits[start : start + self._many] for known in self._known(each)]
        steps = [(child, parent), *following]
        for (one, other), edge in zip(steps, self._history.edges(steps), strict=True):
            self._edges[one.id, other.id] = edge
        self._many = min(self._many * 2, _MOST)

    def _known(self, commit: Commit) -> Iterator[Commit]:
        places = (self._places.get(oid) for oid in commit.parents)
        return (self._commits[place] for place in places if place is not None)

    def _load(self, many: int) -> bool:
        """Get so many commits more; whether there was one."""
        came = list(islice(self._coming, max(0, many)))
        self._places.update((commit.id, place) for place, commit in enumerate(came, len(self._commits)))
        self._commits += came
        return bool(came)
