"""The ways back: each makes commits on top of the one that is checked out, none of which anybody sees yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cfgc.edit import FileEdit
from cfgc.external.git.blobs import Blob, Changes, differences, files_of, refuse_unsafe
from cfgc.external.git.commits import Commit
from cfgc.external.git.repository import Repository
from cfgc.external.git.workshop import Workshop
from cfgc.history.rollback.message import of_revert, of_rollback
from cfgc.history.rollback.reads import SETTINGS, Reads
from cfgc.history.rollback.request import Request


class Ways:
    """Makes the commits of one rollback. `base` is the commit that is checked out; all ids are full."""

    def __init__(self, repository: Repository, shop: Workshop, request: Request) -> None:
        self._repository = repository
        self._shop = shop
        self._request = request
        self._base = shop.commit
        self._author = shop.identity.author

    def restored(self, goal: str, reads: Reads) -> Iterator[str]:
        """Commits that bring back what an environment reads, the one that touches least first.

        The settings, which all environments share, and for a component what it refers to and the rules, only go back
        with a later one.
        """
        changes = differences(self._repository, self._base, goal)
        groups: list[frozenset[str]] = [reads.own, reads.others, reads.rules]
        groups = groups if self._request.component else [reads.all]
        steps = [self._below(changes, group) for group in (*groups, frozenset({SETTINGS}))]
        taken: Changes = {}
        for number, step in enumerate(steps):
            if step or not number:
                taken |= step
                yield self._commit(goal, taken)

    def overridden(self, goal: str, edits: list[FileEdit]) -> str:
        """A commit that makes edits."""
        modes = files_of(self._repository, self._base)
        files: dict[str, Blob | None] = {}
        for edit in edits:
            path = self._full(edit.path)
            mode = modes[path].mode if path in modes else "100644"
            files[path] = None if edit.new is None else Blob(mode, self._shop.blob(edit.new))
        self._shop.commit = self._base
        return self._add(files, of_rollback(self._request, goal, self._author))

    def reverted(self, commits: list[Commit], reads: Reads | None) -> str:
        """The last of the commits that take others back, one each; with `reads`, only in those files."""
        for commit in commits:
            done = self._shop.revert(commit.id, mainline=len(commit.parents) > 1)
            changes = differences(self._repository, self._shop.commit, done.tree)
            if reads is not None:
                changes = self._below(changes, reads.own)
            if changes:
                files = {path: change.after for path, change in changes.items()}
                self._add(files, of_revert(self._request, commit, self._author))
        return self._shop.commit

    def _commit(self, goal: str, changes: Changes) -> str:
        if not changes:
            return self._base
        refuse_unsafe(changes)
        self._shop.commit = self._base
        files = {path: change.after for path, change in changes.items()}
        return self._add(files, of_rollback(self._request, goal, self._author))

    def _add(self, files: Mapping[str, Blob | None], message: str) -> str:
        if not files:
            return self._shop.commit
        return self._shop.add(self._shop.tree_with(self._shop.commit, files), message)

    def _below(self, changes: Changes, wanted: frozenset[str]) -> Changes:
        """The changes of some of the project's files."""
        full = {self._full(path) for path in wanted}
        return {path: change for path, change in changes.items() if path in full}

    def _full(self, path: str) -> str:
        prefix = self._repository.prefix
        return f"{prefix}/{path}" if prefix else path
