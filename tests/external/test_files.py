"""The working tree as a source (THREATS F01 to F03, F14, Gi6, Gi7)."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfgc.diagnostics import Failed
from cfgc.external.files import WorkTree
from cfgc.external.source import LARGEST
from cfgc.model.layers import Entry

Write = Callable[[Mapping[str, str]], Path]


def test_lists_every_file_in_byte_order(project: Write) -> None:
    root = project({"e/b.yaml": "", "e/a/z.yaml": "", "e/a-b.yaml": "", "e/B.yaml": "", "other.yaml": ""})
    assert WorkTree(root).list("e") == [
        Entry("e/B.yaml", "file"),
        Entry("e/a-b.yaml", "file"),
        Entry("e/a/z.yaml", "file"),
        Entry("e/b.yaml", "file"),
    ]


def test_lists_the_whole_project_without_hidden_names(project: Write) -> None:
    """SPEC 2: names starting with `.` are skipped."""
    root = project({"a.yaml": "", ".git/config": "", "e/.gitkeep": "", "e/.cache/x.yaml": ""})
    assert WorkTree(root).list("") == [Entry("a.yaml", "file")]


@pytest.mark.parametrize("folder", ["missing", "e/missing/deeper", "../e", "e//x", "./e", "e/a.yaml/x\0"])
def test_a_folder_that_is_not_there_holds_nothing(project: Write, folder: str) -> None:
    assert WorkTree(project({"e/a.yaml": ""})).list(folder) == []


def test_a_project_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    tree = WorkTree(tmp_path / "missing")
    assert tree.list("") == []
    assert not tree.exists("a")
    with pytest.raises(FileNotFoundError):
        tree.read("a")


def test_a_file_in_a_folders_place_is_listed_as_itself(project: Write) -> None:
    assert WorkTree(project({"e": ""})).list("e") == [Entry("e", "file")]


def test_reads_what_is_there(project: Write) -> None:
    tree = WorkTree(project({"a.yaml": "a: 1\n", "e/empty.yaml": ""}))
    assert tree.read("a.yaml") == b"a: 1\n"
    assert tree.read("e/empty.yaml") == b""
    assert tree.describe() == "working tree"


@given(names=st.lists(st.text("ab-.", min_size=1, max_size=3), min_size=1, max_size=9, unique=True))
def test_every_listed_file_can_be_read(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    root = tmp_path_factory.mktemp("tree")
    shown = [name for name in names if not name.startswith(".")]
    for name in shown:
        (root / name).write_text(name)
    tree = WorkTree(root)
    assert [entry.path for entry in tree.list("")] == sorted(shown)
    assert [tree.read(name) for name in shown] == [name.encode() for name in shown]


def test_exists_says_files_and_folders_alone(project: Write) -> None:
    root = project({"e/a.yaml": ""})
    (root / "link").symlink_to("e")
    tree = WorkTree(root)
    found = [
        path for path in ("", "e", "e/a.yaml", "e/b.yaml", "link", "link/a.yaml", "e/..", "..") if tree.exists(path)
    ]
    assert found == ["", "e", "e/a.yaml"]


@pytest.mark.parametrize(
    "path", ["missing.yaml", "a.yaml/b", "../outside.yaml", "e/../a.yaml", "/etc/passwd", "a\0b", "e/"]
)
def test_what_is_not_below_the_root_is_not_found(project: Write, path: str) -> None:
    root = project({"root/a.yaml": "", "root/e/b.yaml": "", "outside.yaml": ""}) / "root"
    with pytest.raises(FileNotFoundError):
        WorkTree(root).read(path)


def test_no_symbolic_link_is_followed(project: Write) -> None:
    """F01, F03: not the last name of a path and none before it."""
    root = project({"root/a.yaml": "a", "outside/a.yaml": "planted"}) / "root"
    (root / "folder").symlink_to("../outside")
    (root / "file.yaml").symlink_to("../outside/a.yaml")
    (root / "inside.yaml").symlink_to("a.yaml")
    tree = WorkTree(root)
    assert [entry.kind for entry in tree.list("")] == ["file", "symlink", "symlink", "symlink"]
    assert tree.list("folder") == [Entry("folder", "symlink")]
    assert tree.list("folder/deeper") == [Entry("folder", "symlink")]
    for path, at in (("folder/a.yaml", "folder"), ("file.yaml", "file.yaml"), ("inside.yaml", "inside.yaml")):
        with pytest.raises(OSError, match=f"is a symbolic link: '{at}'"):
            tree.read(path)


def test_a_link_swapped_in_is_not_followed(project: Write) -> None:
    """F02: whatever is swapped in while we read, nothing outside is read."""
    base = project({"root/e/a.yaml": "inside", "outside/a.yaml": "planted"})
    root, away = base / "root", base / "away"
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            (root / "e").rename(away)
            (root / "e").symlink_to("../outside")
            (root / "e").unlink()
            away.rename(root / "e")

    swapping = threading.Thread(target=swap)
    swapping.start()
    read = set()
    try:
        for number in range(100_000):
            if number > 1500 and b"inside" in read:
                break
            tree = WorkTree(root)
            try:
                read.add(tree.read("e/a.yaml"))
                read.update(entry.kind.encode() for entry in tree.list("e"))
            except (OSError, Failed) as error:
                read.add(str(error).encode())
    finally:
        done.set()
        swapping.join()
    assert b"inside" in read
    assert b"planted" not in read


@pytest.mark.parametrize("kind", ["fifo", "socket"])
def test_a_special_file_neither_hangs_nor_is_read(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """F03: FIFO, device, socket."""
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listener:
        if kind == "fifo":
            os.mkfifo("x.yaml")
        else:
            listener.bind("x.yaml")
        tree = WorkTree(tmp_path)
        assert tree.list("") == [Entry("x.yaml", "other")]
        with pytest.raises(OSError, match="is no regular file"):
            tree.read("x.yaml")


def test_a_folder_has_no_content(project: Write) -> None:
    with pytest.raises(OSError, match="is a folder: 'e'"):
        WorkTree(project({"e/a.yaml": ""})).read("e")


def test_a_nested_repository_is_a_submodule(project: Write) -> None:
    """Gi6: as Git sees it, with a `.git` folder or a `.git` file; the project itself is none."""
    root = project({".git/HEAD": "", "e/sub/.git": "gitdir: x", "e/sub/a.yaml": "", "own/.git/HEAD": "", "own/b": ""})
    tree = WorkTree(root)
    assert tree.list("") == [Entry("e/sub", "submodule"), Entry("own", "submodule")]
    assert tree.list("own") == [Entry("own", "submodule")]
    with pytest.raises(OSError, match="is a Git submodule: 'own'"):
        tree.read("own/b")


def test_a_file_without_permission_is_an_os_error(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project({"e/a.yaml": ""})
    _refuse(monkeypatch, "a.yaml")
    with pytest.raises(PermissionError, match=r"Permission denied: 'e/a\.yaml'"):
        WorkTree(root).read("e/a.yaml")


def test_a_folder_without_permission_is_a_finding(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """CFG103: no part of a project is left out in silence."""
    root = project({"e/f/a.yaml": ""})
    _refuse(monkeypatch, "f")
    with pytest.raises(Failed) as caught:
        WorkTree(root).list("e")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("CFG103", "cannot read the folder `e/f`: Permission denied")


def test_a_readable_folder_is_no_finding(project: Write) -> None:
    """CFG103, the passing side."""
    assert WorkTree(project({"e/f/a.yaml": ""})).list("e")


def test_a_folder_that_goes_away_while_it_is_listed_is_a_finding(
    project: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a listing is never taken for the whole."""
    root = project({"e/a.yaml": "", "e/f/b.yaml": ""})
    real = os.open

    def vanishing(path: str, *args: int, **options: Any) -> int:
        if path == "f":
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)
        return real(path, *args, **options)

    monkeypatch.setattr(os, "open", vanishing)
    with pytest.raises(Failed, match="CFG103 cannot read the folder `e/f`"):
        WorkTree(root).list("e")


def _refuse(monkeypatch: pytest.MonkeyPatch, refused: str) -> None:
    """Permissions do not stop root, so the system call is made to refuse."""
    real = os.open

    def refusing(path: str, *args: int, **options: Any) -> int:
        if path == refused:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *args, **options)

    monkeypatch.setattr(os, "open", refusing)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(OSError, match=r"is larger than 64 MiB: 'huge\.yaml'"):
        WorkTree(tmp_path).read("huge.yaml")


def test_a_file_that_grows_while_it_is_read_is_refused() -> None:
    """Half a file is never taken for the whole: here one whose size the system does not know before."""
    with pytest.raises(OSError, match="is being written to: 'status'"):
        WorkTree(Path("/proc/self")).read("status")


def test_an_lfs_pointer_is_refused(project: Write) -> None:
    """Gi6, CFG955: an LFS pointer is not the content it stands for."""
    root = project({"a.yaml": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"})
    with pytest.raises(Failed) as caught:
        WorkTree(root).read("a.yaml")
    assert caught.value.diagnostics[0].code == "CFG955"
    assert WorkTree(root).raw("a.yaml").startswith(b"version")


def test_content_that_only_resembles_a_pointer_is_read(project: Write) -> None:
    """CFG955, the passing side."""
    assert WorkTree(project({"a.yaml": "version: https://git-lfs.github.com/spec/v1\n"})).read("a.yaml")


@pytest.mark.parametrize("change", ["edit", "replace", "remove", "add"])
def test_a_change_while_reading_is_noticed(project: Write, change: str) -> None:
    """Gi7, CFG104."""
    root = project({"e/a.yaml": "one", "e/b.yaml": ""})
    tree = WorkTree(root)
    tree.list("e")
    tree.read("e/a.yaml")
    os.utime(root / "e", ns=(1, 1))
    seen = WorkTree(root)
    seen.list("e")
    seen.read("e/a.yaml")
    assert seen.changed() == []
    if change == "edit":
        (root / "e/a.yaml").write_text("three")
    elif change == "replace":
        (root / "e/new").write_text("two")
        (root / "e/new").replace(root / "e/a.yaml")
    elif change == "remove":
        (root / "e/a.yaml").unlink()
    else:
        (root / "e/c.yaml").touch()
    assert {found.code for found in seen.changed()} == {"CFG104"}
    expected = {"edit": {"e/a.yaml"}, "add": {"e"}}.get(change, {"e", "e/a.yaml"})
    assert {found.location.file for found in seen.changed() if found.location} == expected


def test_a_tree_that_stands_still_has_not_changed(project: Write) -> None:
    """CFG104, the passing side: what was never read may change."""
    root = project({"e/a.yaml": "one", "f/b.yaml": ""})
    tree = WorkTree(root)
    tree.list("e")
    tree.read("e/a.yaml")
    (root / "f/b.yaml").write_text("changed")
    assert tree.changed() == []


def test_many_folders_keep_few_descriptors_open(project: Write) -> None:
    root = project({f"e/{number}/{name}.yaml": name for number in range(150) for name in "ab"})
    tree = WorkTree(root)
    before = len(os.listdir("/proc/self/fd"))
    entries = tree.list("e")
    assert [tree.read(entry.path) for entry in entries] == [b"a", b"b"] * 150
    assert len(os.listdir("/proc/self/fd")) - before <= 64
    del tree
    assert len(os.listdir("/proc/self/fd")) <= before


def test_threads_may_read_together(project: Write) -> None:
    root = project({f"e/{number}/a.yaml": str(number) for number in range(100)})
    tree = WorkTree(root)
    wrong: list[object] = []

    def read(start: int) -> None:
        for number in (*range(start, 100), *range(start)):
            try:
                content = tree.read(f"e/{number}/a.yaml")
            except OSError as error:
                wrong.append(error)
            else:
                wrong.extend([] if content == str(number).encode() else [content])

    threads = [threading.Thread(target=read, args=(start,)) for start in range(0, 100, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
