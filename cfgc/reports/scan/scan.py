"""THE order of a scan: list, read, then what Git and CODEOWNERS know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external.files import WorkTree
from cfgc.external.git.blobs import files_of
from cfgc.external.git.commits import Commit, History
from cfgc.external.git.last import last_commits
from cfgc.external.git.repository import Repository, locate
from cfgc.reports.scan.globs import matches
from cfgc.reports.scan.inventory import Facts, Inventory, LastCommit, Source
from cfgc.reports.scan.listing import list_candidates
from cfgc.reports.scan.owners import Owners, read_owners
from cfgc.reports.scan.past import past_secrets, with_commits
from cfgc.reports.scan.work import Progress, examine_all, shown_path

WRITTEN = ("reports/config_inventory.md", "reports/config-scan.json")
"""What `cfgc scan --write` writes, and therefore does not scan"""


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan: patterns to `exclude`, whether to look for last `commits` and into the `history` of secrets."""

    root: Path
    exclude: tuple[str, ...] = ()
    commits: bool = True
    history: bool = False
    date: str = ""
    processes: int = 1


def scan(request: Request, progress: Progress = lambda _done, _all: None) -> tuple[Inventory, list[Diagnostic]]:
    """The inventory of a folder, and what Git could not tell. Raises `Failed` where nothing can be read."""
    tree = WorkTree(request.root)
    repository = locate(request.root) if request.history else _repository(request.root)
    exclude = (*(f"/{name}" for name in WRITTEN), *request.exclude)
    listing = list_candidates(tree, repository, exclude)
    facts, skipped = examine_all(tree, listing, request.processes, progress)
    found: list[Diagnostic] = []
    commits = _Commits(request.root, repository) if repository and request.commits else None
    if commits:
        found += commits.load([each.path for each in facts])
    owners = read_owners(WorkTree(repository.top).raw if repository else tree.raw)
    above = f"{repository.prefix}/" if repository and repository.prefix else ""
    past = None
    if request.history and repository:
        present = {each.blob for each in facts}
        wanted = partial(_is_wanted, exclude)
        past = with_commits(repository, past_secrets(repository, present, wanted, request.processes))
    return Inventory(
        sources=tuple(_source(each, commits, owners, above) for each in facts),
        skipped=tuple(skipped),
        date=request.date or (commits.head.committer.date[:10] if commits and commits.head else ""),
        commit=commits.head.id if commits and commits.head else "",
        with_commits=commits is not None and commits.head is not None,
        with_owners=owners is not None,
        past=past,
    ), found


def _repository(root: Path) -> Repository | None:
    try:
        return locate(root)
    except Failed:
        return None


def _is_wanted(exclude: Sequence[str], path: str) -> bool:
    return not any(matches(pattern, path) for pattern in exclude)


def _source(facts: Facts, commits: _Commits | None, owners: Owners | None, above: str) -> Source:
    owned = owners.of(above + facts.path) if owners else ()
    if commits is None or commits.head is None:
        return Source(facts, owned)
    return Source(facts, owned, commits.last.get(facts.path), commits.is_changed(facts))


class _Commits:
    """What the history knows of the files of a folder."""

    def __init__(self, root: Path, repository: Repository) -> None:
        self._root = root
        self._repository = repository
        self._blobs: Mapping[str, str] = {}
        self.head: Commit | None = None
        self.last: dict[str, LastCommit] = {}

    def load(self, paths: Sequence[str]) -> list[Diagnostic]:
        """Read the history for some paths. What Git could not tell comes back as findings; nothing is known then."""
        try:
            history = History(self._root)
            head = history.commit(history.commit_id("HEAD"))
            self._blobs = self._committed(head.id)
            wanted = {path: self._blobs[path] for path in paths if path in self._blobs}
            self.last = {path: LastCommit.of(commit) for path, commit in last_commits(history, head.id, wanted).items()}
            self.head = head
        except Failed as failed:
            return [each for each in failed.diagnostics if each.name != "unknown-revision"]  # no commit yet
        return []

    def is_changed(self, facts: Facts) -> bool:
        """Whether a file is not what the commit that is checked out holds; an untracked one is not either."""
        known = self._blobs.get(facts.path, "")
        return known != facts.blob and len(known) in (0, len(facts.blob))

    def _committed(self, head: str) -> dict[str, str]:
        above = f"{self._repository.prefix}/" if self._repository.prefix else ""
        blobs = files_of(self._repository, head)
        return {shown_path(path[len(above) :]): blob.oid for path, blob in blobs.items() if path.startswith(above)}
