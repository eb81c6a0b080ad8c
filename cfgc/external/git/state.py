"""What of the working tree is committed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cfgc.diagnostics import Failed
from cfgc.external.files import WorkTree
from cfgc.external.git.repository import locate

if TYPE_CHECKING:
    from cfgc.external.git.sources import Revision


def repository_root(folder: Path) -> Path | None:
    """The top of the working tree that a folder lies in; none in no repository. Needs no Git."""
    try:
        return locate(folder).top
    except Failed:
        return None


class HeadFiles(NamedTuple):
    """The files that say which commit is checked out, some of them absent, and whether there is a repository."""

    paths: list[str]
    repository: bool


def head_files(root: Path) -> HeadFiles | None:
    """Which files tell by being the same that the commit of a folder is; none where files do not tell. Needs no Git."""
    start = root.resolve()
    try:
        repository = locate(start)
    except Failed:
        return HeadFiles([f"{place}/.git" for place in (start, *start.parents)], repository=False)
    git_dir, shared, top = repository.git_dir, repository.common_dir, repository.top
    paths = [f"{place}/.git" for place in (start, *start.parents) if place.is_relative_to(top) and place != top]
    if not (top / ".git").is_dir():
        paths.append(f"{top}/.git")
    paths += [f"{top}/.git/cfgc", f"{git_dir}/cfgc", f"{git_dir}/HEAD", f"{git_dir}/commondir", f"{shared}/packed-refs"]
    reference = _reference(git_dir / "HEAD")
    if reference:
        if reference.endswith("/.invalid") or _reference(shared / reference):
            return None
        paths.append(f"{shared}/{reference}")
    return None if (git_dir / "HEAD").is_symlink() else HeadFiles(paths, repository=True)


def _reference(file: Path) -> str:
    """The name that a symbolic reference stands for; none of one that holds a commit, or is not there."""
    try:
        text = file.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
    return text.removeprefix("ref:").strip() if text.startswith("ref:") else ""


def head_commit(root: Path) -> str | None:
    """The full id of the commit that is checked out; none in no repository and before the first commit.

    Raises `Failed` when Git is not installed or fails.
    """
    revision = _head(root)
    return revision.commit if revision else None


def is_clean(root: Path, paths: Iterable[str], known: Mapping[str, str] | None = None) -> bool:
    """Whether files, and all files below folders, are byte for byte those of the commit that is checked out.

    Name folders where you can: a file that only the commit has is noticed below a folder and nowhere else. `known`
    gives the blob ids of files that were read already. Contents are compared as they are, and no filter of Git's is
    run: a file that Git would convert on its way in is not clean, for a render of the commit reads other bytes. False
    in no repository and before the first commit. Raises `Failed` when Git is not installed or fails.
    """
    revision, tree = _head(root), WorkTree(root)
    return revision is not None and all(_same(tree, revision, path, known or {}) for path in paths)


def blob_id(content: bytes, algorithm: str = "sha1") -> str:
    """The id that Git gives a file's content; `sha256` in repositories of that object format."""
    import hashlib

    digest = hashlib.new(algorithm, b"blob %d\0" % len(content), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def _head(root: Path) -> Revision | None:
    if repository_root(root) is None:
        return None
    from cfgc.external.git.sources import Revision

    try:
        return Revision(root, "HEAD")
    except Failed as error:
        if error.diagnostics[0].name == "unknown-revision":
            return None
        raise


def _same(tree: WorkTree, revision: Revision, path: str, known: Mapping[str, str]) -> bool:
    committed = {entry.path: entry.oid for entry in revision.list(path) if entry.kind == "file"}
    if path in known:
        return committed.keys() == {path} and _matches(tree, path, committed[path], known[path])
    present = [entry.path for entry in tree.list(path) if entry.kind == "file"]
    if len(present) != len(committed) or not all(name in committed for name in present):
        return False
    return all(_matches(tree, name, oid, known.get(name)) for name, oid in committed.items())


def _matches(tree: WorkTree, path: str, oid: str, known: str | None) -> bool:
    if known is not None and len(known) == len(oid):
        return known == oid
    return oid == blob_id(tree.raw(path), "sha1" if len(oid) == 40 else "sha256")
