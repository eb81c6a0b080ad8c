"""What differs between two commits, file by file, and which of it may be written into a working tree."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from cfgc.diagnostics import Failed, report
from cfgc.external.git.repository import Repository, failed
from cfgc.external.source import DEEPEST
from cfgc.model.location import start_of


class Blob(NamedTuple):
    """A file's mode as Git writes it, and the id of its content."""

    mode: str
    oid: str


class Change(NamedTuple):
    """A path's file on both sides; none where there is none."""

    before: Blob | None
    after: Blob | None


Changes: TypeAlias = dict[str, Change]

_IGNORED = re.compile("[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_GIT_FOLDER = re.compile(r"\.git|git~\d+", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_FILES = ("100644", "100755")
_WORDS = {"120000": "a symbolic link", "160000": "a submodule"}


def differences(repository: Repository, before: str, after: str) -> Changes:
    """Path from the top of the working tree -> how its file differs between two commits or trees (full ids)."""
    words = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none")
    done = repository.ask("diff-tree", *words, before, after)
    if done.code:
        raise Failed(failed("diff-tree", done))
    fields = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return {path: _change(facts) for facts, path in zip(fields[::2], fields[1::2], strict=True)}


def files_of(repository: Repository, commit: str) -> dict[str, Blob]:
    """Path -> file of a whole commit (a full id), links and submodules too."""
    done = repository.ask("ls-tree", "-r", "-z", "--full-tree", commit)
    if done.code:
        raise Failed(failed("ls-tree", done))
    found = {}
    for line in done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, _, oid = facts.split(" ")
        found[path] = Blob(mode, oid)
    return found


def refuse_unsafe(changes: Changes) -> None:
    """Raises `Failed` for a path that must not be written, or that is no regular file (THREATS Gi5)."""
    found = [(path, reason) for path, change in changes.items() if (reason := _unsafe(path, change))]
    if found:
        raise Failed(*(report("unsafe-path", at=start_of(path), file=path, reason=reason) for path, reason in found))


def _change(facts: str) -> Change:
    """From `:MODE MODE OID OID STATUS`; a mode of zeros says that there is no file."""
    old_mode, new_mode, old, new, _ = facts[1:].split(" ")
    return Change(_blob(old_mode, old), _blob(new_mode, new))


def _blob(mode: str, oid: str) -> Blob | None:
    return Blob(mode, oid) if mode.strip("0") else None


def _unsafe(path: str, change: Change) -> str | None:
    names = path.split("/")
    if len(names) > DEEPEST:
        return "lies too deep"
    if any(name in ("", ".", "..") or _GIT_FOLDER.fullmatch(_folded(name)) for name in names):
        return "leads out of the working tree or into Git's own folder"
    if _CONTROL.search(path):
        return "holds a control character or a backslash"
    modes = [blob.mode for blob in change if blob and blob.mode not in _FILES]
    return f"is {_WORDS.get(modes[0], 'no regular file')}" if modes else None


def _folded(name: str) -> str:
    """A name as file systems may read it that ignore case, invisible characters, and dots or spaces at the end."""
    return _IGNORED.sub("", name).partition(":")[0].rstrip(". ")
