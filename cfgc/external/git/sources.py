"""A commit and the index as sources of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from cfgc.diagnostics import Failed, report
from cfgc.external import process
from cfgc.external.git.names import resolve
from cfgc.external.git.objects import AHEAD, Objects
from cfgc.external.git.repository import Repository, failed, locate
from cfgc.external.git.stored import NOTHING, Folder, Node, Stored, node
from cfgc.model.location import start_of


class Trees:
    """The folders of one repository by the ids of their trees; many revisions may share them."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self._known: dict[str, Folder] = {}

    def folder(self, oid: str) -> Folder:
        """What a tree holds; nothing for an empty id. Raises `LookupError` if this clone lacks it."""
        if not oid:
            return NOTHING
        if oid not in self._known:
            self.fetch([oid])
        return self._known[oid]

    def fetch(self, oids: Sequence[str]) -> None:
        """Get all these trees at once; one that is missing stays so."""
        wanted = [oid for oid in dict.fromkeys(oids) if oid and oid not in self._known]
        for start in range(0, len(wanted), AHEAD):
            asked = wanted[start : start + AHEAD]
            for oid, found in zip(asked, self.objects.get(asked), strict=False):
                if found is not None and found.content is not None:
                    self._known[oid] = dict(_nodes(found.content, len(oid) // 2))


class Revision(Stored):
    """The files of a commit, below the project's folder."""

    def __init__(self, root: Path, revision: str, trees: Trees | None = None) -> None:
        """`root` is the project's folder in a working tree, `trees` are those that revisions share.

        Raises `Failed`: no repository, no such commit, no Git.
        """
        repository = locate(root)
        self._trees = trees or Trees(Objects(repository))
        super().__init__(self._trees.objects)
        self.commit, tree = resolve(repository, self._trees.objects, revision)
        self._project = self._below(tree, repository.prefix)

    def describe(self) -> str:
        return self.commit

    def differences(self, other: Revision) -> Iterator[tuple[str, Difference]]:
        """Each file that another revision has, lacks, or has with other content or of another kind; in path order."""
        yield from self._differing("", self._project, other._project)

    def _differing(self, at: str, mine: Node, theirs: Node) -> Iterator[tuple[str, Difference]]:
        if mine == theirs:
            return
        here = self._within(at, mine) if mine.kind == "folder" else NOTHING
        there = self._within(at, theirs) if theirs.kind == "folder" else NOTHING
        for name in sorted({**here, **there}):
            path = f"{at}/{name}" if at else name
            one, two = here.get(name, _ABSENT), there.get(name, _ABSENT)
            if one != two and (one.kind != "folder" or two.kind != "folder"):
                yield from _leaf(path, one, two)
            yield from self._differing(path, one, two)

    def _root(self) -> Node:
        return self._project

    def _below(self, tree: str, prefix: str) -> Node:
        """The project's folder inside a commit; an empty one where the commit has none."""
        found = Node("folder", tree)
        for name in filter(None, prefix.split("/")):
            found = self._within(prefix, found).get(name, _ABSENT)
            if found.kind != "folder":
                return _ABSENT
        return found

    def _folder(self, oid: str) -> Folder:
        return self._trees.folder(oid)

    def _open(self, folders: Sequence[tuple[str, Node]]) -> Iterator[tuple[str, Folder]]:
        self._trees.fetch([folder.oid for _, folder in folders])
        return super()._open(folders)


Difference: TypeAlias = Literal["added", "removed", "changed"]

_ABSENT = Node("folder", "")


def _leaf(path: str, mine: Node, theirs: Node) -> Iterator[tuple[str, Difference]]:
    """What became of a path that is a file, or a link, on one side or on both."""
    if mine.kind == "folder":
        yield path, "added"
    elif theirs.kind == "folder":
        yield path, "removed"
    else:
        yield path, "changed"


def _nodes(tree: bytes, width: int) -> Iterator[tuple[str, Node]]:
    """The entries of a tree object: `MODE NAME`, a null byte, an id of `width` bytes, one after the other."""
    at = 0
    while at < len(tree):
        space = tree.index(b" ", at)
        end = tree.index(b"\0", space)
        oid = tree[end + 1 : end + 1 + width]
        yield _text(tree[space + 1 : end]), node(_text(tree[at:space]), oid.hex())
        at = end + 1 + width


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


class Index(Stored):
    """The files as they are staged, below the project's folder: what the next commit will hold.

    `GIT_INDEX_FILE` is honoured and nothing else of Git's environment: `git commit -a` and pre-commit name the index
    of the commit to be by it.
    """

    def __init__(self, root: Path) -> None:
        """Raises `Failed`: no repository, a conflict in the index, no Git."""
        repository = locate(root)
        super().__init__(Objects(repository))
        self._folders: dict[str, dict[str, Node]] = {"": {}}
        self.ids: dict[str, str] = {}
        """file -> the id of what is staged of it"""
        for path, found in _staged(repository):
            self.ids[path] = found.oid
            self._add(path, found)

    def describe(self) -> str:
        return "index"

    def _root(self) -> Node:
        return Node("folder", "")

    def _folder(self, oid: str) -> Folder:
        return self._folders[oid]

    def _add(self, path: str, found: Node) -> None:
        folder, _, name = path.rpartition("/")
        if folder not in self._folders:
            self._folders[folder] = {}
            self._add(folder, Node("folder", folder))
        self._folders[folder][name] = found


def _staged(repository: Repository) -> Iterator[tuple[str, Node]]:
    """Each staged path below the project's folder, relative to it; raises `Failed` at a conflict."""
    below = ("--", repository.prefix) if repository.prefix else ()
    above = f"{repository.prefix}/" if repository.prefix else ""
    done = repository.ask("ls-files", "-sz", "--full-name", *below, index_file=_index_file())
    if done.code:
        raise Failed(failed("ls-files", done))
    for line in _text(done.stdout).split("\0")[:-1]:
        facts, _, full = line.partition("\t")
        mode, oid, stage = facts.split(" ")
        if not full.startswith(above):
            continue
        path = full[len(above) :]
        if stage != "0":
            raise Failed(report("unmerged-index", at=start_of(path), file=path))
        yield path, node(mode, oid)


def _index_file() -> str | None:
    """Git names it relative to the folder it runs hooks in, the top of the working tree, where we run Git too."""
    return process.inherited("GIT_INDEX_FILE").get("GIT_INDEX_FILE") or None
