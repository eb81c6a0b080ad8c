"""THREATS F01 to F03: edits stay inside of the project, and all files of an edit are written or none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.edit import FileEdit, Overlay, write
from cfgc.external.files import WorkTree
from tests.edit.conftest import WEB, Cfgc, contents


def test_files_are_made_changed_and_removed(tmp_path: Path) -> None:
    (tmp_path / "e/x").mkdir(parents=True)
    (tmp_path / "e/x/a.yaml").write_text("1")
    (tmp_path / "e/x/b.yaml").write_text("2")
    edits = [
        FileEdit("e/x/a.yaml", b"1", b"one"),
        FileEdit("e/x/b.yaml", b"2", None),
        FileEdit("e/y/z/c.yaml", None, b"3"),
    ]
    write(tmp_path, edits)
    assert contents(tmp_path) == {"e/x/a.yaml": b"one", "e/y/z/c.yaml": b"3"}


def test_folders_that_an_edit_leaves_empty_go(tmp_path: Path) -> None:
    (tmp_path / "environments/prod/managers").mkdir(parents=True)
    (tmp_path / "environments/prod/managers/a.yaml").write_text("1")
    write(tmp_path, [FileEdit("environments/prod/managers/a.yaml", b"1", None)])
    assert list((tmp_path / "environments").iterdir()) == []


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_mode_of_a_file_is_kept(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "a").chmod(mode)
    write(tmp_path, [FileEdit("a", b"1", b"2")])
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("changed")
    with pytest.raises(Failed) as failed:
        write(tmp_path, [FileEdit("a", b"1", b"2"), FileEdit("b", b"old", b"new")])
    assert failed.value.diagnostics[0].name == "edit-not-written"
    assert contents(tmp_path) == {"a": b"1", "b": b"changed"}


@pytest.mark.parametrize(
    "edit", [FileEdit("new", None, b"1"), FileEdit("gone", b"1", b"2"), FileEdit("gone", b"1", None)]
)
def test_a_file_that_came_or_went_meanwhile_counts_as_changed(tmp_path: Path, edit: FileEdit) -> None:
    (tmp_path / "new").write_text("x")
    with pytest.raises(Failed):
        write(tmp_path, [edit])
    assert contents(tmp_path) == {"new": b"x"}


def link_file(folder: Path, outside: Path) -> None:
    (outside / "a").write_text("1")
    (folder / "e").mkdir()
    (folder / "e/a").symlink_to(outside / "a")


def link_folder(folder: Path, outside: Path) -> None:
    (outside / "a").write_text("1")
    (folder / "e").symlink_to(outside)


@pytest.mark.parametrize("link", [link_file, link_folder])
@pytest.mark.parametrize("old", [b"1", None])
def test_nothing_is_written_through_a_symbolic_link(
    tmp_path: Path, link: Callable[[Path, Path], None], old: bytes | None
) -> None:
    folder, outside = tmp_path / "project", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    link(folder, outside)
    for new in (b"2", None) if old else (b"2",):
        with pytest.raises(Failed):
            write(folder, [FileEdit("e/a", old, new)])
    assert contents(outside) == {"a": b"1"}


@pytest.mark.parametrize("path", ["../a", "/etc/a", "e/../../a"])
def test_no_path_leads_out_of_the_project(tmp_path: Path, path: str) -> None:
    (tmp_path / "project").mkdir()
    with pytest.raises(Failed):
        write(tmp_path / "project", [FileEdit(path, None, b"1")])
    assert contents(tmp_path) == {}


def test_a_failure_at_the_last_file_puts_the_first_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    rename, renamed = os.rename, []

    def failing(source: str, target: str, **options: int) -> None:
        if target == "b":
            raise OSError(28, "No space left on device")
        renamed.append(target)
        rename(source, target, **options)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(Failed):
        write(tmp_path, [FileEdit("a", b"a", b"A"), FileEdit("b", b"b", b"B")])
    assert renamed == ["a", "a"]
    assert contents(tmp_path) == {"a": b"a", "b": b"b"}


def test_a_layer_file_that_is_a_link_is_not_edited(
    cfgc: Cfgc, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "web.yaml"
    outside.write_text("replicas: 3\n")
    (shop / WEB).unlink()
    (shop / WEB).symlink_to(outside)
    assert cfgc(shop, "set", "prod", "managers.web.replicas", "5").code == 1
    assert outside.read_text() == "replicas: 3\n"


def test_an_overlay_is_the_tree_with_its_files_in_it(tmp_path: Path) -> None:
    for name in ("e/a", "e/b", "e/f/c", "x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    overlay = Overlay(WorkTree(tmp_path), {"e/a": b"new", "e/b": None, "e/g/d": b"d"})
    assert [entry.path for entry in overlay.list("e")] == ["e/a", "e/f/c", "e/g/d"]
    assert [overlay.read(name) for name in ("e/a", "e/f/c", "x")] == [b"new", b"e/f/c", b"x"]
    assert [overlay.exists(name) for name in ("e/a", "e/b", "e/g", "e/g/d", "x", "y")] == [
        True,
        False,
        True,
        True,
        True,
        False,
    ]
    with pytest.raises(FileNotFoundError):
        overlay.read("e/b")
