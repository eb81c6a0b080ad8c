"""The inventory of `cfgc scan`, of the working tree or of a commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from posixpath import basename, dirname

from cfgc.external.git.blobs import files_of
from cfgc.external.git.objects import AHEAD, Objects
from cfgc.external.git.repository import Repository, locate
from cfgc.reports.report.asked import Asked, Ground
from cfgc.reports.report.model import Inventory
from cfgc.reports.scan.examine import examine
from cfgc.reports.scan.globs import matches
from cfgc.reports.scan.inventory import Facts
from cfgc.reports.scan.inventory import Inventory as Scanned
from cfgc.reports.scan.inventory import Source as Scan
from cfgc.reports.scan.names import Around, Candidate, candidate
from cfgc.reports.scan.scan import WRITTEN, Request, scan
from cfgc.reports.scan.work import LARGEST, shown_path

OWN = ("/reports/config_report_*", "/reports/badges/", *(f"/{name}" for name in WRITTEN))
"""what `cfgc report --write` and `cfgc scan --write` write: no report tells of the one before"""
_FILES = ("100644", "100755")


def inventory(ground: Ground, asked: Asked) -> Inventory:
    """The configuration sources below the project's folder."""
    without = (*OWN, *asked.exclude)
    if ground.history is not None and ground.side.is_commit:
        found = _committed(ground.root, ground.side.commit, without)
        return _told(Scanned(tuple(Scan(facts) for facts in found)))
    request = Request(ground.root, without, commits=False, processes=asked.processes)
    return _told(scan(request)[0])


def _told(scanned: Scanned) -> Inventory:
    # their size tells nothing of a project's health, and is another with every comment
    numbers = {name: number for name, number in scanned.summary().items() if name != "bytes"}
    return Inventory({each.facts.path: each.facts.role for each in scanned.sources}, numbers)


def _committed(root: Path, commit: str, without: Sequence[str]) -> Iterator[Facts]:
    """The facts of a commit's files, in path order, as `cfgc scan` finds them in a checkout."""
    repository = locate(root)
    above = f"{repository.prefix}/" if repository.prefix else ""
    blobs = {
        path.removeprefix(above): blob.oid
        for path, blob in files_of(repository, commit).items()
        if path.startswith(above) and blob.mode in _FILES
    }
    kept = [path for path in blobs if not any(matches(pattern, path) for pattern in without)]
    around = Around(_folders_with("Chart.yaml", kept), _folders_with("cfgc.yaml", kept))
    named = {path: each for path in sorted(kept) if (each := candidate(path, around)) is not None}
    for path, raw in _contents(repository, {path: blobs[path] for path in named}):
        facts = _facts(path, raw, named[path], around)
        if facts is not None:
            yield facts


def _facts(path: str, raw: bytes, named: Candidate, around: Around) -> Facts | None:
    return None if len(raw) > LARGEST else examine(shown_path(path), raw, named, around)


def _contents(repository: Repository, wanted: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Each path with its bytes, without what this clone does not have."""
    objects, waiting = Objects(repository), list(wanted)
    while waiting:
        answers = objects.get([wanted[path] for path in waiting[:AHEAD]])
        for path, answer in zip(waiting, answers, strict=False):
            if answer is not None and answer.content is not None:
                yield path, answer.content
        waiting = waiting[max(len(answers), 1) :]


def _folders_with(name: str, paths: Iterable[str]) -> frozenset[str]:
    return frozenset(dirname(path) for path in paths if basename(path) == name)
