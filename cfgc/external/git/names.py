"""What a revision's name stands for."""

from __future__ import annotations

import re

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.external.git.objects import Objects
from cfgc.external.git.repository import Repository
from cfgc.model.text import closest

_NAME = re.compile(r"[^\x00-\x20\x7f:?*\[\\]{1,250}")
"""Branches, tags, ids and `~ ^ @{}` behind them. A colon would name a file or search messages; Git's own refs hold none
of the characters refused here. A name is a line in a pipe and never an argument, so `--output=x` is only an unknown
one (THREATS Gi1)."""
_COMMIT_ID = re.compile(r"[0-9a-f]{7,64}")
_TREE = re.compile(rb"tree ([0-9a-f]{40,64})\n")
_SUGGESTED = 1000
_SHALLOW = "this clone is shallow: it lacks the commits before its boundary"
_DEEPEN = "fetch them: `git fetch --unshallow`; in GitLab CI set `GIT_DEPTH: 0`"

NOTHING_YET = "nothing is committed yet on the branch that is checked out: make its first commit"


def resolve(repository: Repository, objects: Objects, revision: str) -> tuple[str, str]:
    """The full id of the commit that a revision names, and its tree's id; raises `Failed` if it names none."""
    if _NAME.fullmatch(revision):
        (found,) = objects.get([f"{revision}^{{commit}}"])
        if found is not None and found.content is not None and (tree := _TREE.match(found.content)):
            return found.oid, tree[1].decode()
    if objects.get(["HEAD^{commit}"]) == [None] and (revision.startswith("HEAD") or not _names(repository)):
        raise Failed(report("unknown-revision", revision=revision, help=NOTHING_YET))
    raise Failed(_unknown(repository, revision))


def _unknown(repository: Repository, revision: str) -> Diagnostic:
    meant = None if _COMMIT_ID.fullmatch(revision) else closest(revision, _names(repository))
    if meant:
        return report("unknown-revision", revision=revision, help=f"did you mean `{meant}`?")
    if is_shallow(repository):
        return report("unknown-revision", revision=revision, notes=[_SHALLOW], help=_DEEPEN)
    return report("unknown-revision", revision=revision)


def _names(repository: Repository) -> list[str]:
    """Branches, tags and what remotes have, in short form."""
    refs = ("refs/heads", "refs/tags", "refs/remotes")
    done = repository.ask("for-each-ref", f"--count={_SUGGESTED}", "--format=%(refname:short)", *refs)
    return done.stdout.decode("utf-8", "replace").splitlines()


def is_shallow(repository: Repository) -> bool:
    """Whether the history was cut off when the repository was cloned."""
    done = repository.ask("rev-parse", "--is-shallow-repository")
    return done.stdout.strip() == b"true"
