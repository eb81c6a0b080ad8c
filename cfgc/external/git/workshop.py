"""Commits are made here: objects in the repository, and nothing else of it is touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.external.git.blobs import Blob, differences, refuse_unsafe
from cfgc.external.git.desk import Desk
from cfgc.external.git.identity import Identity, identity
from cfgc.external.git.objects import Objects
from cfgc.external.git.private import private_place
from cfgc.external.git.repository import failed
from cfgc.model.location import start_of

_SPARSE = ("-c", "core.sparseCheckout=true", "-c", "core.sparseCheckoutCone=false")
_PARENT = re.compile(rb"\Atree [0-9a-f]+\nparent ([0-9a-f]+)\n")
_LEFT = ("REVERT_HEAD", "AUTO_MERGE", "MERGE_MSG", "ORIG_HEAD")


class Reverted(NamedTuple):
    """What comes of taking a commit back: the tree, and none if nothing changes."""

    tree: str
    changed: bool


class Workshop:
    """A place to make commits on top of `base` (a full id). Raises `Failed` where Git does, or knows no author."""

    def __init__(self, desk: Desk, base: str) -> None:
        self._desk = desk
        self.identity: Identity = identity(desk.repository)
        tree = desk.folder / "tree"
        tree.mkdir(exist_ok=True)
        self._place = private_place(desk, tree, base)
        self.commit = base
        self._started = False

    def blob(self, content: bytes) -> str:
        """The id of a content, which the repository has from now on."""
        return self._git("hash-object", "-w", "--no-filters", "--stdin", input=content)

    def tree_with(self, base: str, changes: Mapping[str, Blob | None]) -> str:
        """The tree of a commit or tree with some paths (from the top) put to other files; none removes one."""
        own = {"GIT_INDEX_FILE": str(self._desk.folder / "tree.index")}
        self._git("read-tree", base, env=own)
        ordered = sorted(changes.items(), key=lambda item: (item[1] is not None, item[0]))
        lines = b"".join(_line(path, blob, len(base)) for path, blob in ordered)
        self._git("update-index", "-z", "--replace", "--index-info", input=lines, env=own)
        return self._git("write-tree", "--missing-ok", env=own)

    def add(self, tree: str, message: str) -> str:
        """Make a commit of a tree on top of the last one; its full id."""
        text = message.encode("utf-8", "replace").replace(b"\0", b"")
        words = ("commit-tree", tree, "-p", self.commit, "-F", "-")
        self.commit = self._git(*words, input=text, env=self.identity.variables)
        return self.commit

    def revert(self, commit: str, *, mainline: bool) -> Reverted:
        """What `git revert` of a commit makes of the last one; of a merge, its first parent's side is kept.

        Nothing is checked out: every path is outside of a sparse checkout, and only a conflict is written to the
        workshop's own folder. Raises `Failed` with a finding for each path in conflict, and for a commit whose parent
        this clone lacks: taken for the first one of all, all files would go with it.
        """
        self._refuse_boundary(commit)
        self._start()
        words = ("revert", "--no-commit", *(("-m", "1") if mainline else ()), commit)
        done = self._desk.ask(self._place, *_SPARSE, *words, env=self.identity.variables)
        if done.code:
            raise Failed(*(self._conflicts(commit) or [failed("revert", done)]))
        tree = self._git("write-tree", "--missing-ok")
        for name in _LEFT:
            (self._place.git_dir / name).unlink(missing_ok=True)
        refuse_unsafe(differences(self._desk.repository, self.commit, tree))
        return Reverted(tree, tree != self._git("rev-parse", f"{self.commit}^{{tree}}"))

    def _start(self) -> None:
        """Put the last commit into HEAD and the index, the working tree stays empty."""
        (self._place.git_dir / "HEAD").write_text(f"{self.commit}\n", encoding="ascii")
        if not self._started:
            (self._place.git_dir / "info/sparse-checkout").write_text("/.cfgc-nothing\n", encoding="ascii")
            self._started = True
        self._git(*_SPARSE, "read-tree", "--reset", "-u", self.commit)

    def _refuse_boundary(self, commit: str) -> None:
        objects = Objects(self._desk.repository)
        (found,) = objects.get([commit])
        parent = None if found is None or found.content is None else _PARENT.search(found.content)
        if parent and objects.get([parent[1].decode()]) == [None]:
            raise Failed(report("missing-commit", commit=parent[1][:12].decode()))

    def _unmerged(self) -> list[str]:
        lines = self._desk.git(self._place, "ls-files", "-u", "-z").decode("utf-8", "surrogateescape")
        return list(dict.fromkeys(line.partition("\t")[2] for line in lines.split("\0")[:-1]))

    def _conflicts(self, commit: str) -> list[Diagnostic]:
        return [
            report("revert-conflict", at=start_of(path), file=path, commit=commit[:12]) for path in self._unmerged()
        ]

    def _git(self, *words: str, input: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        return self._desk.git(self._place, *words, input=input, env=env).decode("ascii", "replace").strip()


def _line(path: str, blob: Blob | None, width: int) -> bytes:
    mode, oid = blob or ("0", "0" * width)
    return f"{mode} {oid}\t{path}\0".encode("utf-8", "surrogateescape")
