"""A folder -> its paths: in a repository what Git knows or would add, elsewhere all but what builds leave."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import basename, dirname
from typing import NamedTuple

from cfgc.external.files import WorkTree
from cfgc.external.git.listed import listed
from cfgc.external.git.repository import Repository
from cfgc.reports.scan.globs import matches
from cfgc.reports.scan.names import Around, Candidate, candidate, is_built


class Listing(NamedTuple):
    """What is to be read, by path."""

    candidates: dict[str, Candidate]
    around: Around


def list_candidates(tree: WorkTree, repository: Repository | None, exclude: Sequence[str]) -> Listing:
    """The paths whose names promise configuration or code, without those that a pattern of `exclude` names.

    Raises `Failed` where a folder, or Git, cannot be read.
    """
    names = listed(repository) if repository else []
    if not names and (repository is None or repository.prefix):  # of a folder that it ignores Git knows nothing
        names = [entry.path for entry in tree.walk(is_built)]
    kept = [name for name in names if not any(matches(pattern, name) for pattern in exclude)]
    around = Around(_folders_with("Chart.yaml", kept), _folders_with("cfgc.yaml", kept))
    found = {name: candidate(name, around) for name in kept}
    return Listing({name: each for name, each in found.items() if each is not None}, around)


def _folders_with(name: str, paths: Sequence[str]) -> frozenset[str]:
    return frozenset(dirname(path) for path in paths if basename(path) == name)
