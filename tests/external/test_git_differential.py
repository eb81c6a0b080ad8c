"""GitPython is the oracle of our own reading (docs/decisions/0004-git-by-plumbing.md)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import git
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfgc.external.git import head_commit
from cfgc.external.git.sources import Revision

NAME = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0", max_codepoint=0x2FFF), min_size=1, max_size=4
).filter(lambda name: not name.startswith((".", "_")) and not name.lower().startswith("git~"))
CONTENT = st.one_of(
    st.binary(max_size=40).filter(lambda content: not content.startswith(b"version ")),  # a Git LFS pointer is refused
    st.integers(65_530, 65_540).map(bytes),  # around a pipe's size
)
FILES = st.dictionaries(st.lists(NAME, min_size=1, max_size=3).map("/".join), CONTENT, min_size=1, max_size=12)
KINDS = {stat.S_IFLNK: "symlink", stat.S_IFREG: "file"}


@given(files=FILES, links=st.sets(NAME, max_size=2), executable=st.booleans(), packed=st.booleans())
@settings(max_examples=25)
def test_lists_and_reads_what_gitpython_does(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], links: set[str], executable: bool, packed: bool
) -> None:
    root = tmp_path_factory.mktemp("repository")
    with git.Repo.init(root) as repository:
        _fill(root, files, links, executable=executable)
        repository.git.add("--all", "--force")
        repository.git.commit("--quiet", "--message=x")
        commit = repository.head.commit
        if packed:
            repository.git.gc("--quiet")
        expected = {str(blob.path): blob for blob in commit.tree.traverse() if isinstance(blob, git.Blob)}

        source = Revision(root, "HEAD")
        assert source.commit == head_commit(root) == commit.hexsha
        entries = source.list("")
        assert [(entry.path, entry.kind, entry.oid) for entry in entries] == [
            (path, KINDS[stat.S_IFMT(blob.mode)], blob.hexsha) for path, blob in sorted(expected.items())
        ]
        for entry in entries:
            if entry.kind == "file":
                assert source.read(entry.path) == expected[entry.path].data_stream.read()


def _fill(root: Path, files: dict[str, bytes], links: set[str], *, executable: bool) -> None:
    """Write what can be written: a name that is a file's can't be a folder's."""
    for name, content in files.items():
        path = root / name
        if any(parent.is_file() for parent in path.parents) or path.is_dir():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755 if executable else 0o644)
    for name in links:
        if not os.path.lexists(root / name):
            (root / name).symlink_to("anywhere")
