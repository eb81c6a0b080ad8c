"""Which two contents `cfgc diff` compares."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.history.sides import Asked, Between, check_names, open_sides, parse_range
from tests.history.timeline import Timeline

VALUE = "environments/prod/app.yaml"


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    """`main` with two commits, `topic` off the first with one."""
    timeline = Timeline(tmp_path)
    first = timeline.commit({VALUE: "a: 1\n"})
    timeline.commit({VALUE: "a: 2\n"})
    timeline.commit({VALUE: "a: 3\n"}, parents=(first,), branch="topic")
    timeline.checkout()
    return timeline


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("A..B", Between("A", "B")),
        ("A..", Between("A", "")),
        ("..B", Between("HEAD", "B")),
        ("A...B", Between("A", "B", common=True)),
        ("A", Between("A", "")),
    ],
)
def test_a_range_is_written_as_for_git(text: str, meant: Between) -> None:
    assert parse_range(text) == meant


def test_the_default_is_the_merge_base_against_the_working_tree(timeline: Timeline) -> None:
    _git(timeline.root, "checkout", "-q", "topic")
    (timeline.root / VALUE).write_text("a: 4\n")
    sides = open_sides(timeline.root, None, Asked())
    assert (sides.before.commit, sides.after.name) == (timeline.made[0], "working tree")
    assert sides.after.session.source.read(VALUE) == b"a: 4\n"


def test_staged_is_the_index(timeline: Timeline) -> None:
    (timeline.root / VALUE).write_text("a: 4\n")
    _git(timeline.root, "add", "-A")
    (timeline.root / VALUE).write_text("a: 5\n")
    sides = open_sides(timeline.root, None, Asked(), staged=True)
    assert (sides.after.name, sides.after.session.source.read(VALUE)) == ("index", b"a: 4\n")


def test_three_dots_begin_at_the_merge_base(timeline: Timeline) -> None:
    sides = open_sides(timeline.root, Between("main", "topic", common=True), Asked())
    assert (sides.before.commit, sides.after.commit) == (timeline.made[0], timeline.made[2])


def test_revisions_without_a_common_ancestor_are_a_finding(timeline: Timeline) -> None:
    timeline.commit({VALUE: "a: 9\n"}, parents=(), branch="orphan")
    with pytest.raises(Failed) as failed:
        open_sides(timeline.root, Between("main", "orphan", common=True), Asked())
    assert [each.name for each in failed.value.diagnostics] == ["no-merge-base"]


def test_a_base_that_was_not_fetched_is_an_error_and_no_empty_difference(timeline: Timeline, tmp_path: Path) -> None:
    """THREATS Gi6."""
    shallow = tmp_path / "shallow"
    words = ["git", "clone", "-q", "--depth=1", "--no-single-branch", f"file://{timeline.root}", str(shallow)]
    subprocess.run(words, check=True)
    with pytest.raises(Failed) as failed:
        open_sides(shallow, Between("origin/main", "origin/topic", common=True), Asked())
    (found,) = failed.value.diagnostics
    assert (found.name, "shallow" in found.notes[0]) == ("no-merge-base", True)


def test_a_repository_without_a_default_branch_is_a_finding(timeline: Timeline) -> None:
    _git(timeline.root, "branch", "-m", "main", "trunk")
    with pytest.raises(Failed) as failed:
        open_sides(timeline.root, None, Asked())
    assert [each.name for each in failed.value.diagnostics] == ["no-default-branch"]


def test_the_default_branch_is_what_the_remote_says(timeline: Timeline, tmp_path: Path) -> None:
    _git(timeline.root, "branch", "-m", "main", "trunk")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", timeline.root, clone], check=True)
    assert open_sides(clone, None, Asked()).before.commit == timeline.made[1]


@pytest.mark.parametrize("name", ["--output=/tmp/x", "-h", "ext::sh -c id", "a b", "@{-1}", "main:environments", ""])
def test_a_name_that_is_no_commit_is_unknown_and_nothing_more(timeline: Timeline, name: str) -> None:
    """THREATS Gi1."""
    before = sorted(timeline.root.rglob("*"))
    with pytest.raises(Failed) as failed:
        open_sides(timeline.root, Between(name, "main"), Asked())
    assert [each.name for each in failed.value.diagnostics] == ["unknown-revision"]
    assert sorted(timeline.root.rglob("*")) == before


def test_an_environment_of_neither_side_is_unknown(timeline: Timeline) -> None:
    sides = open_sides(timeline.root, Between("main", "topic"), Asked())
    check_names(sides, ["prod"])
    with pytest.raises(Failed) as failed:
        check_names(sides, ["prd"])
    assert "prod" in failed.value.diagnostics[0].help


def _git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)
