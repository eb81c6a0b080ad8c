"""The commit behind a change between two commits, found as `git blame` finds a line (issue 3, section 1 and 3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfgc.external.git.commits import History
from cfgc.history.changes import Change, changes_between
from cfgc.history.life import revisions
from cfgc.history.life.culprits import culprits
from cfgc.history.life.revisions import Archive
from cfgc.model.annotations import Annotations
from cfgc.model.keypath import show
from cfgc.pipeline.compile import Compiled, compile_environment, compile_paths
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.read import Shelf
from tests.history.timeline import Timeline

BASE = "environments/base/app.yaml"
PROD = "environments/prod/app.yaml"
START = {"cfgc.yaml": "version: 1\nenvironments: {prod: {extends: base}, test: {extends: base}}\n", BASE: "size: 1\n"}


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    made = Timeline(tmp_path)
    made.commit(START)
    return made


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commits that a walk compiles, one entry for each compilation."""
    seen: list[str] = []

    def counted(session: Session, *given: object) -> Compiled:
        seen.append(session.source.describe())
        return compile_paths(session, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(revisions, "compile_paths", counted)
    return seen


def tree_at(timeline: Timeline, commit: str, environment: str = "prod") -> Compiled:
    history = History(timeline.root)
    return compile_environment(Session(history.files(commit), timeline.root), Wanted(environment))


def annotations_at(timeline: Timeline, commit: str) -> Annotations:
    return Session(History(timeline.root).files(commit), timeline.root).schemas.annotations


def blamed(timeline: Timeline, before: str, after: str, environment: str = "prod") -> dict[str, str]:
    """Key path -> the commit of its change."""
    old, new = (tree_at(timeline, each, environment).tree for each in (before, after))
    changes = changes_between(old, new, annotations_at(timeline, after))
    archive = Archive(History(timeline.root), timeline.root, Shelf())
    found = culprits(archive, environment, changes, new, (before, after))
    return {show(path): commit.id for path, commit in found.items()}


def test_each_change_has_the_newest_commit_that_made_it(timeline: Timeline) -> None:
    start = timeline.made[0]
    first = timeline.commit({BASE: "size: 2\nname: a\n"})
    timeline.commit({BASE: "size: 3\nname: a\n"})
    last = timeline.commit({BASE: "size: 4\nname: a\n"})
    assert blamed(timeline, start, last) == {"app.size": last, "app.name": first}


def test_a_change_that_was_undone_and_made_again_is_the_last_ones(timeline: Timeline) -> None:
    start = timeline.made[0]
    timeline.commit({BASE: "size: 2\n"})
    timeline.commit({BASE: "size: 1\n"})
    again = timeline.commit({BASE: "size: 2\n"})
    end = timeline.commit({BASE: "size: 2\nname: a\n"})
    assert blamed(timeline, start, end) == {"app.size": again, "app.name": end}


def test_a_removed_key_is_the_newest_commits_whose_parent_has_it(timeline: Timeline) -> None:
    start = timeline.commit({BASE: "size: 1\nname: a\n"})
    gone = timeline.commit({BASE: "size: 1\n"})
    end = timeline.commit({PROD: "size: 5\n"})
    assert blamed(timeline, start, end) == {"app.name": gone, "app.size": end}


def test_items_of_lists_are_followed_by_their_identity(timeline: Timeline) -> None:
    start = timeline.commit({BASE: "users: [{name: ann, role: dev}, {name: ben, role: dev}]\n"})
    role = timeline.commit({BASE: "users: [{name: ann, role: dev}, {name: ben, role: ops}]\n"})
    end = timeline.commit({BASE: "users: [{name: new, role: dev}, {name: ann, role: dev}, {name: ben, role: ops}]\n"})
    assert blamed(timeline, start, end) == {"app.users[name=ben].role": role, "app.users[name=new]": end}


def test_a_change_through_a_reference_is_that_of_the_commit_that_changed_its_target(timeline: Timeline) -> None:
    start = timeline.commit({BASE: "url: https://${shared.host}/\n", "environments/base/shared.yaml": "host: one\n"})
    host = timeline.commit({"environments/base/shared.yaml": "host: two\n"})
    end = timeline.commit({BASE: "url: https://${shared.host}/\nsize: 7\n"})
    assert blamed(timeline, start, end) == {"app.url": host, "shared.host": host, "app.size": end}


def test_a_text_file_a_schema_and_the_settings_are_read_too(timeline: Timeline) -> None:
    schema = '{"properties": {"hosts": {"x-cfgc-merge": "append"}}}'
    start = timeline.commit({BASE: "motd: ${file:files/motd}\nhosts: [a]\n", PROD: "hosts: [b]\n", "files/motd": "one"})
    text = timeline.commit({"files/motd": "two"})
    rule = timeline.commit({"schemas/app.schema.json": schema})
    layers = timeline.commit(
        {
            "cfgc.yaml": "version: 1\nenvironments: {prod: {layers: [base, extra, prod]}, test: {extends: base}}\n",
            "environments/extra/app.yaml": "extra: true\n",
        }
    )
    timeline.commit({"environments/test/app.yaml": "size: 3\n"})
    end = timeline.commit({"README.md": "x\n"})
    assert blamed(timeline, start, end) == {
        "app.motd": text,
        "app.hosts[0]": rule,
        "app.hosts[1]": rule,
        "app.extra": layers,
    }


def test_a_merge_is_followed_to_the_first_parent_with_the_same_value(timeline: Timeline) -> None:
    start = timeline.made[0]
    left = timeline.commit({BASE: "size: 1\nleft: 1\n"})
    right = timeline.commit({PROD: "right: 1\n"}, parents=(start,), branch="side")
    both = timeline.commit({PROD: "right: 1\nmerge: 1\n"}, parents=(left, right))
    assert blamed(timeline, start, both) == {"app.left": left, "app.right": right, "app.merge": both}


def test_a_commit_that_does_not_compile_is_passed_over(timeline: Timeline) -> None:
    start = timeline.made[0]
    before = timeline.commit({BASE: "size: 1\nearly: 1\n"})
    timeline.commit({BASE: "size: [\n"})
    timeline.commit({PROD: "other: 1\n"})
    fixed = timeline.commit({BASE: "size: 2\nearly: 1\n"})
    end = timeline.commit({PROD: "other: 2\n"})
    assert blamed(timeline, start, end) == {"app.early": before, "app.size": fixed, "app.other": end}


def test_what_is_not_committed_has_no_commit(timeline: Timeline) -> None:
    start = timeline.made[0]
    size = timeline.commit({BASE: "size: 2\n"})
    end = timeline.commit({BASE: "size: 2\nname: a\n"})
    new = {"app": {"size": 2, "name": "b"}}
    changes = changes_between({"app": {"size": 1}}, new, annotations_at(timeline, end))
    archive = Archive(History(timeline.root), timeline.root, Shelf())
    found = culprits(archive, "prod", changes, new, (start, end))
    assert {show(path): commit.id for path, commit in found.items()} == {"app.size": size}
    assert culprits(archive, "prod", changes, new, (end, end)) == {}


def test_what_only_the_other_branch_changed_is_no_commit_of_the_range(timeline: Timeline) -> None:
    fork = timeline.made[0]
    main = timeline.commit({BASE: "size: 2\n"})
    side = timeline.commit({PROD: "name: a\n"}, parents=(fork,), branch="side")
    assert blamed(timeline, main, side) == {"app.name": side}


def test_a_new_environment_is_of_the_commit_that_made_it(timeline: Timeline) -> None:
    start = timeline.made[0]
    made = timeline.commit({"cfgc.yaml": START["cfgc.yaml"].replace("test:", "new: {extends: base}, test:")})
    end = timeline.commit({BASE: "size: 2\n"})
    archive = Archive(History(timeline.root), timeline.root, Shelf())
    new = tree_at(timeline, end, "new").tree
    changes = [Change(("app",), "added", new["app"], after=("app",)), Change(("app", "size"), "added", 2)]
    found = culprits(archive, "new", changes, new, (start, end))
    assert {show(path): commit.id for path, commit in found.items()} == {"app": end, "app.size": end}
    del made


def test_commits_that_touch_no_file_that_is_read_are_not_compiled(timeline: Timeline, compiled: list[str]) -> None:
    start = timeline.made[0]
    size = timeline.commit({BASE: "size: 2\n"})
    for number in range(20):
        timeline.commit({"environments/test/app.yaml": f"size: {number}\n", "docs/page.md": f"{number}"})
        timeline.commit({"environments/base/other.yaml": f"size: {number}\n"})
    end = timeline.made[-1]
    new = {"app": {"size": 2}}
    changes = [Change(("app", "size"), "changed", 1, 2)]
    archive = Archive(History(timeline.root), timeline.root, Shelf())
    found = culprits(archive, "prod", changes, new, (start, end))
    assert found[("app", "size")].id == size
    # the end; the commits before `other.yaml` and before test's layer came; nothing for the rest
    assert len(compiled) == 3


def test_no_commit_is_compiled_twice_and_none_behind_the_last_one_needed(
    timeline: Timeline, compiled: list[str]
) -> None:
    start = timeline.made[0]
    for number in range(2, 12):
        timeline.commit({BASE: f"size: {number}\nname: a\nlast: {number // 11}\n"})
    end = timeline.made[-1]
    new = tree_at(timeline, end).tree
    changes = [Change(("app", "size"), "changed", 1, 11), Change(("app", "last"), "changed", 0, 1)]
    archive = Archive(History(timeline.root), timeline.root, Shelf())
    found = culprits(archive, "prod", changes, new, (start, end))
    assert {commit.id for commit in found.values()} == {end}
    assert compiled == timeline.made[:-3:-1]


def test_a_range_of_one_commit_compiles_it_alone(timeline: Timeline, compiled: list[str]) -> None:
    start = timeline.made[0]
    end = timeline.commit({BASE: "size: 2\n"})
    archive = Archive(History(timeline.root), timeline.root, Shelf())
    found = culprits(archive, "prod", [Change(("app", "size"), "changed", 1, 2)], {"app": {"size": 2}}, (start, end))
    assert found[("app", "size")].id == end
    assert compiled == [end]


def test_a_project_may_lie_in_a_folder_and_come_into_being(tmp_path: Path) -> None:
    """What another folder holds is not read; before its first commit a project has nothing."""
    made = Timeline(tmp_path)
    start = made.commit({"other/file": "x"})
    first = made.commit({f"sub/{path}": text for path, text in START.items()})
    end = made.commit({f"sub/{BASE}": "size: 1\nname: a\n"})
    made.checkout()
    root = tmp_path / "sub"
    new = {"app": {"size": 1, "name": "a"}}
    changes = [Change(("app", key), "added", value) for key, value in new["app"].items()]
    found = culprits(Archive(History(root), root, Shelf()), "prod", changes, new, (start, end))
    assert {show(path): commit.id for path, commit in found.items()} == {"app.size": first, "app.name": end}


def test_a_session_over_one_end_gives_the_same_and_is_where_the_walk_begins(timeline: Timeline) -> None:
    start = timeline.made[0]
    first = timeline.commit({BASE: "size: 2\n", "schemas/app.schema.json": "{}"})
    timeline.commit({"environments/prod/far.yaml": "x: 1\n", "README.md": "x"})
    end = timeline.commit({BASE: "size: 2\nname: a\n"})
    history = History(timeline.root)
    new = tree_at(timeline, end).tree
    changes = changes_between(tree_at(timeline, start).tree, new, annotations_at(timeline, end))
    for near in (start, end, first):
        session = Session(history.files(near), timeline.root, Shelf())
        compile_environment(session, Wanted("prod"))
        archive = Archive(history, timeline.root, Shelf(), session)
        for _ in range(2):
            found = culprits(archive, "prod", changes, new, (start, end))
            assert {show(path): commit.id for path, commit in found.items()} == {
                "app.size": first,
                "app.name": end,
                "far": timeline.made[2],
            }
