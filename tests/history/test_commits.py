"""Commits as values, and what differs between two of them (external/git/commits.py)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from git import Repo

from cfgc.diagnostics import Failed
from cfgc.external.git.commits import History, parse_commit
from tests.history.timeline import Timeline


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    return Timeline(tmp_path)


def test_a_commit_has_its_author_and_parents(timeline: Timeline) -> None:
    first = timeline.commit({"a": "1"})
    second = timeline.commit({"a": "2"}, author="Bo Berg <bo@example.org>", message="subject\n\nbody\n")
    commit = History(timeline.root).commit(second)
    assert (commit.parents, commit.author.name, commit.author.mail) == ((first,), "Bo Berg", "bo@example.org")
    assert (commit.subject, commit.author.date) == ("subject", "2025-12-29T09:21:00+00:00")


def test_commits_are_those_that_gitpython_reads(timeline: Timeline) -> None:
    """GitPython is the second reader."""
    one = timeline.commit({"a": "1"})
    two = timeline.commit({"b": "1"}, parents=(one,), branch="side", author="Ünï Cödé <u@example.org>")
    merge = timeline.commit({"c": "1"}, parents=(one, two), message="merge ✓")
    known = Repo(timeline.root)
    found = list(History(timeline.root).ancestors(merge))
    assert {commit.id for commit in found} == {one, two, merge}
    for commit in found:
        other = known.commit(commit.id)
        assert commit.parents == tuple(parent.hexsha for parent in other.parents)
        assert (commit.author.name, commit.message) == (other.author.name, other.message)
        assert commit.author.date == other.authored_datetime.isoformat()


def test_a_commit_that_the_clone_lacks_is_a_finding(timeline: Timeline, tmp_path: Path) -> None:
    timeline.commit({"a": "1"})
    timeline.commit({"a": "2"})
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{timeline.root}", shallow], check=True)
    with pytest.raises(Failed) as failed:
        History(shallow).commit(timeline.made[0])
    assert failed.value.diagnostics[0].name == "missing-commit"
    assert "--unshallow" in failed.value.diagnostics[0].help


def test_the_differences_are_files_that_came_went_or_changed(timeline: Timeline) -> None:
    one = timeline.commit({"same": "1", "dir/x": "1", "dir/y": "1", "a": "1", "f": "1"})
    two = timeline.commit({"dir/x": "2", "dir/y": None, "new/z": "1", "a": None, "a/b": "1", "f": None, "g": "1"})
    history = History(timeline.root)
    there = {"a": "removed", "a/b": "added", "dir/x": "changed", "dir/y": "removed", "f": "removed", "g": "added"}
    assert history.changed(one, two) == {**there, "new/z": "added"}
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert history.changed(two, one) == {path: turned[how] for path, how in history.changed(one, two).items()}


def test_the_differences_are_below_the_projects_folder(timeline: Timeline) -> None:
    one = timeline.commit({"project/a": "1", "other": "1"})
    two = timeline.commit({"project/a": "2", "other": "2"})
    timeline.checkout()
    assert History(timeline.root / "project").changed(one, two) == {"a": "changed"}


@pytest.mark.parametrize(
    ("header", "name", "date"),
    [
        ("Ann <a@b> 0 +0000", "Ann", "1970-01-01T00:00:00+00:00"),
        ("Ann <a@b> 0 -0330", "Ann", "1969-12-31T20:30:00-03:30"),
        ("<> 5 +0000", "", "1970-01-01T00:00:05+00:00"),
        ("no angle", "no angle", ""),
        ("Ann <a@b> 999999999999999999 +0000", "Ann", ""),
        ("Ann <a@b> 0 +9999", "Ann", "1970-01-01T23:59:00+23:59"),
    ],
)
def test_headers_that_git_would_not_write_break_nothing(header: str, name: str, date: str) -> None:
    """THREATS Gi10: the author is the author's own text."""
    commit = parse_commit("0" * 40, f"tree x\nauthor {header}\n\nmessage".encode())
    assert (commit.author.name, commit.author.date) == (name, date)
