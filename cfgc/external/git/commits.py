"""Commits as values, the way between two of them, and what differs between their trees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.external.git.edges import Edge, edges_between
from cfgc.external.git.names import is_shallow, resolve
from cfgc.external.git.nearby import Nearby
from cfgc.external.git.objects import AHEAD, Objects
from cfgc.external.git.repository import failed, locate
from cfgc.external.git.sources import Difference, Revision, Trees

_PERSON = re.compile(r"(?P<name>.*?) ?<(?P<mail>[^<>]*)> (?P<seconds>-?\d{1,18})(?: (?P<zone>[+-]\d{4}))?")
_DEFAULT_BRANCHES = ("refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master")


class Person(NamedTuple):
    """Who did something to a commit, and when: ISO 8601 with the zone that the person was in."""

    name: str
    mail: str
    date: str


class Commit(NamedTuple):
    """A commit. Texts are the author's own: they are escaped where they are shown, never here."""

    id: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str
    tree: str = ""

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


class History:
    """The commits of the repository around a project's folder. Raises `Failed` where Git or an object is missing."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._repository = locate(root)
        self._objects = Objects(self._repository)
        self._trees = Trees(self._objects)
        self._commits: dict[str, Commit] = {}
        self._revisions: dict[str, Revision] = {}

    def commit_id(self, revision: str) -> str:
        """The full id of the commit that a branch, a tag or another name of Git stands for."""
        return resolve(self._repository, self._objects, revision)[0]

    def commit(self, oid: str) -> Commit:
        """The commit of a full id."""
        known = self._commits.get(oid)
        if known is None:
            (found,) = self._objects.get([oid])
            if found is None or found.content is None or found.type != "commit":
                raise Failed(self._lost(oid))
            known = self._commits[oid] = parse_commit(oid, found.content)
        return known

    def has(self, oid: str) -> bool:
        """Whether the commit of a full id is here; a shallow clone lacks those before its boundary."""
        try:
            self.commit(oid)
        except Failed as failed:
            if failed.diagnostics[0].name != "missing-commit":
                raise
            return False
        return True

    def files(self, oid: str) -> Revision:
        """The project's files in the commit of a full id; all of them ask one `git`."""
        known = self._revisions.get(oid)
        if known is None:
            known = self._revisions[oid] = Revision(self._root, oid, self._trees)
        return known

    def changed(self, before: str, after: str) -> dict[str, Difference]:
        """Project path -> `added`, `removed` or `changed`, for all files that differ between two commits."""
        return dict(self.files(before).differences(self.files(after)))

    def edges(self, steps: Sequence[tuple[Commit, Commit]]) -> list[Edge]:
        """What differs along each step from one commit to another, asked at once."""
        return edges_between(self._repository, [(before.tree, after.tree) for before, after in steps])

    def files_near(self, commit: Commit, edge: Edge) -> Nearby:
        """The project's files in a commit; `edge` leads to it from one whose files are known."""
        return Nearby(commit.id, edge.nodes, self._objects, partial(self.files, commit.id))

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two full ids; raises `Failed` when there is none, or when it was not fetched."""
        done = self._repository.ask("merge-base", one, other)
        if done.code == 1:
            notes = ["this clone is shallow: it lacks the commits before its boundary"]
            shallow = is_shallow(self._repository)
            raise Failed(report("no-merge-base", one=one[:12], other=other[:12], notes=notes if shallow else []))
        if done.code:
            raise Failed(failed("merge-base", done))
        return done.stdout.decode("ascii").strip()

    def default_branch(self) -> str:
        """The full id of the default branch's tip: what `origin/HEAD` says, else `main` or `master`."""
        for name in _DEFAULT_BRANCHES:
            (found,) = self._objects.get([f"{name}^{{commit}}"])
            if found is not None and found.type == "commit":
                return found.oid
        raise Failed(report("no-default-branch"))

    def ancestors(self, start: str, stop: str = "") -> Iterator[Commit]:
        """The commits of `start` and before, children first, without `stop` and what is before that.

        Those before the boundary of a shallow clone are not among them.
        """
        words = [start] if not stop else [start, f"^{stop}"]
        done = self._repository.ask("rev-list", "--topo-order", *words)
        if done.code:
            raise Failed(failed("rev-list", done))
        return self._each(done.stdout.decode("ascii").split())

    def _each(self, oids: Sequence[str]) -> Iterator[Commit]:
        """Commits asked for together, more at a time the further somebody walks; none of them is kept."""
        start, many = 0, 8
        while start < len(oids):
            asked = oids[start : start + many]
            answers = iter(self._objects.get(asked))
            for oid in asked:
                found = next(answers, None)
                content = found.content if found is not None and (found.oid, found.type) == (oid, "commit") else None
                yield self.commit(oid) if content is None else parse_commit(oid, content)
            start, many = start + many, min(many * 2, AHEAD)

    def _lost(self, oid: str) -> Diagnostic:
        if is_shallow(self._repository):
            return report("missing-commit", commit=oid[:12], help="fetch it: `git fetch --unshallow`")
        return report("missing-commit", commit=oid[:12])


def parse_commit(oid: str, content: bytes) -> Commit:
    """The commit behind a commit object's bytes; a header that Git would not write gives an empty text."""
    header, _, message = content.decode("utf-8", "replace").partition("\n\n")
    parents: list[str] = []
    tree = ""
    people = {"author": Person("", "", ""), "committer": Person("", "", "")}
    for line in header.split("\n"):
        word, _, rest = line.partition(" ")
        if word == "parent":
            parents.append(rest)
        elif word == "tree":
            tree = rest
        elif word in people:
            people[word] = _person(rest)
    return Commit(oid, tuple(parents), people["author"], people["committer"], message, tree)


def _person(text: str) -> Person:
    found = _PERSON.fullmatch(text)
    if found is None:
        return Person(text, "", "")
    return Person(found["name"], found["mail"], _date(int(found["seconds"]), found["zone"] or "+0000"))


def _date(seconds: int, zone: str) -> str:
    minutes = int(zone[1:3]) * 60 + int(zone[3:])
    offset = timezone(timedelta(minutes=min(minutes, 1439) * (-1 if zone[0] == "-" else 1)))
    try:
        return datetime.fromtimestamp(seconds, offset).isoformat()
    except (OverflowError, ValueError, OSError):
        return ""
