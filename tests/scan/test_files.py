"""Files that are none, that lead elsewhere or that are too large are named and not read (THREATS G1, G6)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.reports.scan import Inventory, Request, scan
from cfgc.reports.scan.deliverables import write
from cfgc.reports.scan.work import LARGEST


def scanned(folder: Path, **options: object) -> Inventory:
    inventory, problems = scan(Request(folder, **options))  # type: ignore[arg-type]
    assert not problems
    return inventory


def paths(inventory: Inventory) -> list[str]:
    return [source.facts.path for source in inventory.sources]


def reasons(inventory: Inventory) -> dict[str, str]:
    return {each.path: each.reason for each in inventory.skipped}


@pytest.mark.parametrize("in_git", [False, True])
def test_links_pipes_folders_and_huge_files_are_named_and_not_read(
    in_git: bool, tmp_path: Path, git: Callable[..., str]
) -> None:
    """F03: a FIFO does not hang, a link leads nowhere."""
    outside = tmp_path / "outside.yaml"
    outside.write_text("secret: outside\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "plain.yaml").write_text("a: 1\n")
    (root / "link.yaml").symlink_to(outside)
    (root / "loop.yaml").symlink_to("loop.yaml")
    (root / "folder").symlink_to(tmp_path)
    (root / "code.py").symlink_to(outside)
    with (root / "huge.yaml").open("wb") as file:
        file.truncate(LARGEST + 1)
    (root / "pointer.yaml").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:x\nsize 1\n")
    if in_git:
        git(root, "init", "-q")
        git(root, "add", ".")
    else:
        os.mkfifo(root / "pipe.yaml")
    inventory = scanned(root)
    assert paths(inventory) == ["plain.yaml"]
    found = reasons(inventory)
    assert found.pop("pipe.yaml", "is no regular file") == "is no regular file"
    assert found == {
        "huge.yaml": f"is larger than {LARGEST >> 20} MiB: {LARGEST + 1:,} bytes",
        "link.yaml": "is a symbolic link, which is not followed",
        "loop.yaml": "is a symbolic link, which is not followed",
        "pointer.yaml": "is a pointer of Git LFS",
    }


def test_a_tracked_file_that_became_a_pipe_does_not_hang(tmp_path: Path, git: Callable[..., str]) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.yaml").write_text("a: 1\n")
    git(tmp_path, "add", ".")
    (tmp_path / "a.yaml").unlink()
    os.mkfifo(tmp_path / "a.yaml")
    assert reasons(scanned(tmp_path)) == {"a.yaml": "is no regular file"}


def test_names_of_any_bytes_are_shown_and_read(tmp_path: Path) -> None:
    """O11: no path breaks a stream."""
    (tmp_path / os.fsdecode(b"\xff.yaml")).write_text("a: 1\n")
    (tmp_path / "\x1b[31m.yaml").write_text("a: 1\n")
    assert sorted(paths(scanned(tmp_path))) == ["\x1b[31m.yaml", "\\xff.yaml"]


def test_what_is_not_utf_8_is_told_with_its_place_and_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: 1\nname: Jürgen\npassword: hunter2-x9\n".encode("latin-1"))
    (tmp_path / "wide.yaml").write_bytes("a: 1\n".encode("utf-16"))
    (tmp_path / "marked.yaml").write_bytes("\ufeffa: 1\n".encode())
    (tmp_path / "raw.yaml").write_bytes(b"\0\1\2")
    found = {source.facts.path: source.facts for source in scanned(tmp_path).sources}
    assert found["latin.yaml"].problem == (2, 8, "it is not UTF-8")
    assert [each.key for each in found["latin.yaml"].suspected] == ["password"]
    assert (found["wide.yaml"].state, found["wide.yaml"].note, found["wide.yaml"].keys) == ("ok", "it is UTF-16", 1)
    assert (found["marked.yaml"].state, found["marked.yaml"].top) == ("ok", ("a",))
    assert found["raw.yaml"].state == "binary"


def test_xml_may_say_that_it_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes('<?xml version="1.0" encoding="ISO-8859-1"?><a b="ü"/>'.encode("latin-1"))
    (facts,) = [source.facts for source in scanned(tmp_path).sources]
    assert (facts.state, facts.note) == ("ok", "it is not UTF-8, and says so")


@pytest.mark.parametrize("where", ["<a>&l9;</a>", '<a b="&l9;"/>'])
def test_entities_of_xml_that_stand_for_billions_are_not_expanded(where: str, tmp_path: Path) -> None:
    """Y01 in XML: told or refused, at once and with nothing of it in memory."""
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    (tmp_path / "a.xml").write_text(f'<!DOCTYPE a [<!ENTITY l0 "lol">{levels}]>{where}')
    (facts,) = [source.facts for source in scanned(tmp_path).sources]
    assert facts.state == ("ok" if where.startswith("<a>") else "broken")
    assert facts.keys <= 1


def test_what_is_too_much_is_read_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Y01, Y04: a budget of keys; an alias is never expanded."""
    monkeypatch.setattr("cfgc.reports.scan.outline.MOST_LEAVES", 10)
    (tmp_path / "a.yaml").write_text("".join(f"k{number}: 1\n" for number in range(100)))
    (facts,) = [source.facts for source in scanned(tmp_path).sources]
    assert (facts.state, facts.whole, facts.note) == ("ok", False, "only its first part was read")


@pytest.mark.parametrize("name", ["a.tf", "a.go"])
def test_a_source_that_takes_too_long_is_given_up(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfgc.reports.scan.grammar._LONGEST", 0.0)
    (tmp_path / name).write_text("-----BEGIN A-----\n" * 2_000 + "os.Getenv(")
    (facts,) = [source.facts for source in scanned(tmp_path).sources]
    assert (facts.state, facts.note) == ("not-checked", "it takes too long to read")


def test_a_key_of_a_million_letters_is_cut(tmp_path: Path) -> None:
    """Each of two hundred findings shows it; a name costs what its beginning costs."""
    (tmp_path / "a.ini").write_text("glpat-" * 200_000)
    (facts,) = [source.facts for source in scanned(tmp_path).sources]
    assert len(facts.suspected) == 1
    assert len(facts.top[0]) < 200


def test_without_git_what_builds_leave_is_left_out(tmp_path: Path) -> None:
    for name in ("a.yaml", ".hidden/b.yaml", "node_modules/c.json", "x/.venv/d.yaml", "dist/e.yaml", ".git/f.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}\n")
    assert paths(scanned(tmp_path)) == [".hidden/b.yaml", "a.yaml"]
    assert paths(scanned(tmp_path, exclude=("/.hidden/",))) == ["a.yaml"]


def test_as_many_processes_as_there_are_give_the_same(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.yaml").write_text(f"a: {number}\n")
    assert scanned(tmp_path, processes=3) == scanned(tmp_path)


def test_its_own_files_are_no_source(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    first = scanned(tmp_path)
    assert write(tmp_path, first) == ("reports/config_inventory.md", "reports/config-scan.json")
    assert scanned(tmp_path) == first
    assert write(tmp_path, first) == ()


@pytest.mark.parametrize("linked", ["reports", "reports/config-scan.json"])
def test_it_writes_through_no_link(linked: str, tmp_path: Path) -> None:
    """F01: refused, and what the link leads to stands as it stood."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "config-scan.json").write_text("mine")
    (root / linked).parent.mkdir(exist_ok=True)
    (root / linked).symlink_to(outside if linked == "reports" else outside / "config-scan.json")
    with pytest.raises(Failed):
        write(root, scanned(root))
    assert [path.name for path in outside.iterdir()] == ["config-scan.json"]
    assert (outside / "config-scan.json").read_text() == "mine"
