"""Secrets in plain text in the past: each blob that a ref reaches and the working tree has not, once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from cfgc.external.git.brought import stays
from cfgc.external.git.commits import History
from cfgc.external.git.listed import blobs_ever
from cfgc.external.git.objects import AHEAD, Objects
from cfgc.external.git.repository import Repository
from cfgc.external.workers import side_by_side
from cfgc.reports.scan.examine import examine
from cfgc.reports.scan.inventory import LastCommit, Past
from cfgc.reports.scan.names import Candidate, candidate
from cfgc.reports.scan.secrets import Suspicion
from cfgc.reports.scan.work import LARGEST, shown_path


def past_secrets(
    repository: Repository, present: Collection[str], wanted: Callable[[str], bool], processes: int
) -> tuple[Past, ...]:
    """What is suspected in blobs that are not `present` (blob ids), of paths that are `wanted`; by path and blob."""
    found = {oid: path for oid, path in blobs_ever(repository).items() if oid not in present and wanted(path)}
    named = {oid: (path, each) for oid, path in found.items() if (each := candidate(path)) is not None}
    oids = sorted(named, key=lambda oid: named[oid][0])
    works = [partial(_look, repository, oids[at : at + AHEAD], named) for at in range(0, len(oids), AHEAD)]
    results = [each for chunk in side_by_side(works, processes) for each in chunk]
    return tuple(sorted(Past(path, blob, Suspicion(*suspicion)) for path, blob, suspicion in results))


def with_commits(repository: Repository, past: Sequence[Past]) -> tuple[Past, ...]:
    """The same with the commits that brought each secret and took it away. Raises `Failed`."""
    known = stays(repository, {each.blob for each in past})
    history = History(repository.top)

    def told(oid: str) -> LastCommit | None:
        return LastCommit.of(history.commit(oid)) if oid else None

    return tuple(
        each._replace(brought=told(known[each.blob].brought), removed=told(known[each.blob].removed)) for each in past
    )


def _look(repository: Repository, oids: Sequence[str], named: Mapping[str, tuple[str, Candidate]]) -> list[Any]:
    """Path, blob and suspicion for what is found in some blobs, as JSON-able data."""
    objects, found, waiting = Objects(repository), [], list(oids)
    while waiting:
        answers = objects.get(waiting)
        for oid, answer in zip(waiting, answers, strict=False):
            if answer is None or answer.content is None or answer.type != "blob" or len(answer.content) > LARGEST:
                continue
            path, each = named[oid]
            facts = examine(path, answer.content, each)
            found += [(shown_path(path), oid, tuple(one)) for one in (facts.suspected if facts else ())]
        waiting = waiting[max(len(answers), 1) :]
    return found
