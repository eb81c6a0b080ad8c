"""From one commit to another: the branch that is checked out, the index, and the tracked files, or nothing of it.

Files first, then the index, then the branch, which decides: a move that died is done when the branch stands at the new
commit and is taken back when it does not. Each step says what it replaces, so doing it again, or the other way round,
does the same; there is one function for the move, for finishing and for taking back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from cfgc.diagnostics import Diagnostic, Failed, report
from cfgc.external.git.blobs import Blob, Change, Changes, differences, files_of, refuse_unsafe
from cfgc.external.git.checkout import Checkout
from cfgc.external.git.desk import Desk, Move, is_taken, is_waiting, open_desk, sync
from cfgc.external.git.identity import Identity, identity
from cfgc.external.git.names import NOTHING_YET
from cfgc.external.git.objects import Objects
from cfgc.external.git.private import private_place
from cfgc.external.git.repository import Repository, locate
from cfgc.model.location import start_of

_SHOWN = 20
_FOR_A_MOVE = 60.0
_FOR_A_CHILD = 1.0
"""How many seconds the next command waits: nobody reads half a move; a `git` that outlived us ends by itself."""
_SKIPPED = "S"
_NOT_STAGED: tuple[str, Blob | None] = ("", None)


def head(repository: Repository) -> tuple[str, str]:
    """The branch that is checked out (`refs/heads/...`, none for a detached HEAD) and its commit's full id.

    Raises `Failed` before the first commit.
    """
    done = repository.ask("symbolic-ref", "-q", "HEAD")
    (found,) = Objects(repository).get(["HEAD^{commit}"])
    if found is None:
        raise Failed(report("unknown-revision", revision="HEAD", help=NOTHING_YET))
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n"), found.oid


def refuse_dirty(repository: Repository, commit: str) -> None:
    """Raises `Failed` unless index and tracked files are what a commit holds; untracked files do not count."""
    staged, tree = _index(repository), Checkout(repository)
    committed = files_of(repository, commit)
    paths = dict.fromkeys((*committed, *staged))
    dirty = [path for path in paths if not _is_clean(tree, path, committed.get(path), staged.get(path))]
    if dirty:
        raise Failed(*(report("dirty-tree", at=start_of(path), file=path) for path in dirty[:_SHOWN]))


def move(desk: Desk, new: str, *, expected: str, reason: str) -> None:
    """Move from the commit `expected` to `new` (full ids).

    Raises `Failed`, and leaves everything as it was, for a dirty tree, for an untracked file in the way, for what must
    not be written, and when another command of Git works or worked meanwhile; `OSError` when the system refuses.
    """
    repository = desk.repository
    with desk.index_lock():
        desk.refuse_unfinished()
        ref, old = head(repository)
        if old != expected:
            raise Failed(report("repository-busy", file=repository.git_dir / "HEAD"))
        refuse_dirty(repository, old)
        changes = differences(repository, old, new)
        refuse_unsafe(changes)
        step = Move(ref, old, new)
        _refuse_in_the_way(Checkout(repository), changes)
        mover = identity(repository)  # whom the reflog names
        try:
            desk.begin(step)
            _do(desk, step, changes)
            _point(desk, step, reason, mover)
        except BaseException:
            _undo(desk, step, changes)
            raise
        desk.end()


def recover(folder: Path) -> list[Diagnostic]:
    """Finish or take back the move that a process began and did not live to end, and remove what it left.

    Returns what became of it: nothing where nothing was left, or where a living process works. Raises `Failed` when it
    cannot be done now.
    """
    try:
        repository = locate(folder)
    except Failed:
        return []
    if not is_taken(repository):
        return []
    try:
        with open_desk(repository, wait=_FOR_A_MOVE if is_waiting(repository) else _FOR_A_CHILD) as desk:
            return list(_settle(desk))
    except Failed:
        if is_waiting(repository):
            raise
        return []  # a living process works there, or nobody may write: nothing has moved


def _settle(desk: Desk) -> Iterator[Diagnostic]:
    step = desk.journal()
    if step is None:
        desk.end()  # there is none, or one that nobody can read
        return
    with desk.index_lock():
        changes = differences(desk.repository, step.old, step.new)
        now = head(desk.repository)
        if now == (step.ref, step.new):
            left, outcome = _carry(desk, step, changes), f"finished: HEAD is {step.new[:12]}"
        elif now == (step.ref, step.old):
            left, outcome = _carry(desk, step, _reversed(changes)), f"taken back: HEAD is {step.old[:12]} as before"
        else:
            left, outcome = [], "forgotten: HEAD has moved on since"
        desk.end()
    yield report("interrupted-move", outcome=outcome)
    for path in left:
        yield report("left-alone", at=start_of(path), file=path)


def _do(desk: Desk, step: Move, changes: Changes) -> None:
    left = _carry(desk, step, changes)
    if left:
        raise Failed(*(report("dirty-tree", at=start_of(path), file=path) for path in left))


def _point(desk: Desk, step: Move, reason: str, mover: Identity) -> None:
    """Set the branch, or a detached HEAD, to the new commit, if it still is at the old one."""
    name = step.ref or "HEAD"
    plain = "" if step.ref else "option no-deref\0"
    order = f"{plain}update {name}\0{step.new}\0{step.old}\0".encode("utf-8", "surrogateescape")
    words = ("update-ref", "-m", reason, "--stdin", "-z")
    desk.git(desk.repository, *words, input=order, env=mover.variables)


def _undo(desk: Desk, step: Move, changes: Changes) -> None:
    """Take back what went wrong halfway; where that goes wrong too, the journal stays for the next command."""
    with contextlib.suppress(OSError, Failed):
        if head(desk.repository) != (step.ref, step.new):
            _carry(desk, step, _reversed(changes))
        desk.end()


def _carry(desk: Desk, step: Move, changes: Changes) -> list[str]:
    """Bring files and index from one side of the changes to the other; the paths that held neither."""
    tree, scratch = Checkout(desk.repository), _scratch(step)
    staged = _index(desk.repository)
    missing = {path for path in changes if path in staged and _is_not_missed(tree, path, staged[path])}
    left = []
    for path, (before, after) in sorted(changes.items(), key=_removals_first):
        tree.clear(path, scratch)
        if path not in missing and not tree.put(path, before, after, scratch):
            left.append(path)
    due = {path: change for path, change in changes.items() if staged.get(path, _NOT_STAGED)[1] == change.before}
    if due:
        _stage(desk, step, due, missing)
    return left


def _removals_first(item: tuple[str, Change]) -> tuple[bool, str]:
    return item[1].after is not None, item[0]


def _reversed(changes: Changes) -> Changes:
    return {path: Change(after, before) for path, (before, after) in changes.items()}


def _scratch(step: Move) -> str:
    return f".cfgc-{step.new[:16]}"


def _stage(desk: Desk, step: Move, due: Changes, missing: set[str]) -> None:
    """Replace the index by one that has the other side of every change."""
    place = desk.repository.git_dir / "index"
    beside = desk.folder / "index"
    shutil.copyfile(place, beside)
    private = private_place(desk, desk.repository.top, step.old)
    for shared in place.parent.glob("sharedindex.*"):
        shutil.copyfile(shared, private.git_dir / shared.name)
    lines = b"".join(_line(path, change) for path, change in sorted(due.items(), key=_removals_first))
    still = b"".join(os.fsencode(path) + b"\0" for path in sorted(missing) if path in due and due[path].after)
    words = ("-c", "core.splitIndex=false", "update-index", "-z", "--replace")
    own = {"GIT_INDEX_FILE": str(beside)}
    # all with a configuration of our own: Git runs clean filters even when it only writes an index
    desk.git(private, *words, "--index-info", input=lines, env=own)
    desk.git(private, *words, "--skip-worktree", "--stdin", input=still, env=own)
    desk.ask(private, "update-index", "-q", "--refresh", env=own)
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.rename(place)
    sync(place.parent)


def _line(path: str, change: Change) -> bytes:
    some = change.after or change.before
    assert some is not None
    mode, oid = change.after or ("0", "0" * len(some.oid))
    return f"{mode} {oid}\t{path}\0".encode("utf-8", "surrogateescape")


def _index(repository: Repository) -> dict[str, tuple[str, Blob | None]]:
    """Path -> how Git marks it, and what is staged there; none at all for one with a conflict."""
    done = repository.ask("ls-files", "-s", "-t", "-z", "--full-name")
    found: dict[str, tuple[str, Blob | None]] = {}
    for line in done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mark, mode, oid, stage = facts.split(" ")
        found[path] = (mark, Blob(mode, oid) if stage == "0" else None)
    return found


def _is_clean(tree: Checkout, path: str, committed: Blob | None, staged: tuple[str, Blob | None] | None) -> bool:
    if staged is None or committed != staged[1]:
        return False
    return _is_not_missed(tree, path, staged) or tree.holds(path, committed)


def _is_not_missed(tree: Checkout, path: str, staged: tuple[str, Blob | None]) -> bool:
    """Whether a file is not there because it lies outside of a sparse checkout."""
    return staged[0] == _SKIPPED and tree.holds(path, None)


def _refuse_in_the_way(tree: Checkout, changes: Changes) -> None:
    """Raises `Failed` where a file to be is not free, and where content is lacking for the way there or back."""
    gone = {path for path, change in changes.items() if change.after is None}
    blocked = []
    for path, (before, after) in changes.items():
        for blob in filter(None, (before, after)):
            tree.content(path, blob)
        if before is None and not tree.is_free(path) and not _cleared(path, gone):
            blocked.append(path)
    if blocked:
        raise Failed(*(report("in-the-way", at=start_of(path), file=path) for path in blocked[:_SHOWN]))


def _cleared(path: str, gone: set[str]) -> bool:
    """Whether what stands at or above a path is a file, or a folder of files, that this very move removes."""
    names = path.split("/")
    above = {"/".join(names[:count]) for count in range(1, len(names))}
    return not gone.isdisjoint(above) or any(other.startswith(f"{path}/") for other in gone)
