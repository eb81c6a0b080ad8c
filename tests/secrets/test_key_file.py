"""C11: an age key file that others can read, or that lies in the project, is a warning with the cure."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).resolve().parents[2] / "keys" / "demo.agekey"


@pytest.fixture
def path(desk: Any) -> str:
    written: str = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    return written


def names(desk: Any, path: str) -> list[tuple[str, str]]:
    desk.reveal(path)
    return [(finding.name, str(finding.severity)) for finding in desk.found]


@pytest.mark.parametrize(
    ("mode", "exposed"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True), (0o644, True)]
)
def test_c11_readable_by_others(mode: int, exposed: bool, path: str, desk: Any) -> None:
    desk.key_file.chmod(mode)
    assert names(desk, path) == ([("exposed-key-file", "warning")] if exposed else [])
    if exposed:
        assert f"chmod 600 {desk.key_file}" in desk.found[0].help


def test_c11_inside_the_project(path: str, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = desk.root / "key.txt"
    shutil.copy(desk.key_file, inside)
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(inside))
    assert names(desk, path) == [("key-file-in-project", "warning")]


def test_c11_inside_the_project_by_a_link(
    path: str, desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside = desk.root / "key.txt"
    shutil.copy(desk.key_file, inside)
    link = tmp_path / "link"
    link.symlink_to(inside)
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(link))
    assert names(desk, path) == [("key-file-in-project", "warning")]


@pytest.mark.parametrize("words", ["THESE KEYS ARE PUBLIC. THEY PROTECT NOTHING.", "This identity is public"])
def test_c11_a_key_that_says_itself_that_it_is_public(
    words: str, path: str, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It guards nothing: its place and mode do not matter, what it opens is named as public instead."""
    inside = desk.root / "demo.agekey"
    inside.write_text(f"# {words}\n{desk.key_file.read_text()}", encoding="ascii")
    inside.chmod(0o644)
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(inside))
    assert names(desk, path) == [("public-key-file", "note")]


def test_c11_the_comment_of_age_keygen_says_no_such_thing(path: str, desk: Any) -> None:
    text = f"# created: 2026-01-01\n# public key: {desk.recipient}\n{desk.key_file.read_text()}"
    desk.key_file.write_text(text, encoding="ascii")
    desk.key_file.chmod(0o644)
    assert names(desk, path) == [("exposed-key-file", "warning")]


def test_c11_the_demo_key_of_this_repository_is_public_by_its_own_words(
    path: str, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.encrypt(path, "a: b", age=DEMO.read_text().split("public key: ")[1].split()[0])
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(DEMO))
    assert names(desk, path) == [("public-key-file", "note")]


def test_the_standard_place(path: str, desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    standard = tmp_path / "config" / "sops" / "age" / "keys.txt"
    standard.parent.mkdir(parents=True)
    shutil.copy(desk.key_file, standard)
    standard.chmod(0o644)
    monkeypatch.delenv("SOPS_AGE_KEY_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert names(desk, path) == [("exposed-key-file", "warning")]


def test_a_pipe_is_left_for_sops_to_read(path: str, desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(pipe))
    from cfgc.external.keyfile import age_key_file

    assert age_key_file(desk.root) is None


def test_nothing_is_said_when_nothing_was_decrypted(desk: Any) -> None:
    desk.key_file.chmod(0o644)
    assert names(desk, desk.write("environments/prod/x.yaml", "a: b")) == []
