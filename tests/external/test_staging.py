"""What is staged, read from the index file, is what `git ls-files` says; an index of another kind is left to Git."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from cfgc.external.staging import changed_names, file_named, id_of, mode_of, name_of, staged_files


def git(*words: str, given: str = "") -> str:
    return subprocess.run(["git", *words], input=given, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    for name in ("a", "a-b/c", "a.b", "b/c/d", "ä/ö", "x" * 200, "b/run"):
        write(name, name)
    Path("b/run").chmod(0o755)
    os.symlink("a", "link")
    git("add", "-A")
    return tmp_path


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def listed(folder: str = "") -> list[str]:
    found = staged_files(".git/index", folder)
    assert found is not None
    return [f"{mode_of(each)} {id_of(each)} 0\t{os.fsdecode(name_of(each))}" for each in found]


def test_it_is_what_git_lists(shop: Path) -> None:
    assert listed() == git("ls-files", "-sz").split("\0")[:-1]
    git("commit", "-qm", "first")
    assert listed() == git("ls-files", "-sz").split("\0")[:-1]


def test_a_folder_is_listed_without_its_namesakes(shop: Path) -> None:
    assert listed("b") == git("ls-files", "-sz", "b").split("\0")[:-1]
    assert len(listed("b")) == 2


def test_a_file_is_found_by_its_name(shop: Path) -> None:
    files = staged_files(".git/index", "") or []
    assert all(file_named(files, name_of(file)) == file for file in files)
    assert file_named(files, b"b/c") is None
    assert file_named(files, b"zz") is None


def test_an_index_of_another_kind_is_left_to_git(shop: Path) -> None:
    write("new", "new")
    git("add", "-N", "new")
    assert staged_files(".git/index", "") is None
    git("add", "new")
    assert staged_files(".git/index", "") is not None
    git("update-index", "--index-version=4")
    assert staged_files(".git/index", "") is None
    git("update-index", "--index-version=2")
    assert staged_files(".git/index", "") is not None
    git("update-index", "--split-index")
    assert staged_files(".git/index", "") is None


def test_an_index_in_conflict_is_left_to_git(shop: Path) -> None:
    (blob, *_) = git("hash-object", "-w", "a").split()
    git("update-index", "--index-info", given=f"100644 {blob} 1\tfought\n100644 {blob} 2\tfought\n")
    assert staged_files(".git/index", "") is None


def test_a_torn_index_is_left_to_git(shop: Path) -> None:
    whole = Path(".git/index").read_bytes()
    dice = random.Random(1)
    for _ in range(100):
        Path("torn").write_bytes(whole[: dice.randrange(len(whole))])
        assert staged_files("torn", "") is None


def test_longer_ids_are_never_taken_for_short_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "--object-format=sha256")
    for number in range(50):
        write(f"f{number}", str(number))
    git("add", "-A")
    found = staged_files(".git/index", "")
    assert not found or [os.fsdecode(name_of(each)) for each in found] != git("ls-files").splitlines()


@pytest.mark.parametrize("seed", range(200))
def test_changes_are_all_that_differs(seed: int) -> None:
    dice = random.Random(seed)
    names = sorted(f"{dice.randrange(1000)}/{'x' * dice.randrange(9)}".encode() for _ in range(dice.randrange(40)))
    before, now, changed = [], [], set()
    for name in dict.fromkeys(names):
        file = _file(name, dice.randbytes(20), dice)
        fate = dice.choice(["same", "same", "same", "touched", "gone", "new", "changed"])
        after = _file(name, file[16:36] if fate == "touched" else dice.randbytes(20), dice)
        before += [] if fate == "new" else [file]
        now += [] if fate == "gone" else [after if fate in ("changed", "touched") else file]
        changed |= {name} if fate in ("gone", "new", "changed") else set()
    assert changed_names(b"".join(before), now) == sorted(changed)


def _file(name: bytes, oid: bytes, dice: random.Random) -> bytes:
    return b"\0\0\x81\xa4" + dice.randbytes(12) + oid + b"\0\1" + name + b"\0"
