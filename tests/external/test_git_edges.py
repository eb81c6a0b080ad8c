"""What differs along many steps between commits, told by one `git`, and the files of a commit nearby."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.external.git.commits import History
from tests.conftest import Git, commit


def repository(root: Path, git: Git, *options: str) -> Path:
    git(root, "init", "-q", "-b", "main", *options)
    return root


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_each_step_has_its_files_whatever_they_are_called(tmp_path: Path, git: Git, object_format: str) -> None:
    root = repository(tmp_path, git, f"--object-format={object_format}")
    folder = root / "sub"
    folder.mkdir()
    names = [
        "a.yaml",
        "with space",
        "new\nline",
        ":100644 000000",
        "ünï.yaml",
        b"\xff.yaml".decode("utf-8", "surrogateescape"),
    ]
    for name in names:
        (folder / name).write_text("1")
    (root / "sub.yaml").write_text("beside")
    one = commit(git, root)
    for name in names[:3]:
        (folder / name).write_text("2")
    for name in names[3:]:
        (folder / name).unlink()
    (root / "sub.yaml").write_text("still beside")
    two = commit(git, root)
    three = commit(git, root)
    history = History(folder)
    ends = [history.commit(each) for each in (one, two, three)]
    there, back, idle = history.edges([(ends[0], ends[1]), (ends[1], ends[0]), (ends[1], ends[2])])
    assert there.changed == {**dict.fromkeys(names[:3], "changed"), **dict.fromkeys(names[3:], "removed")}
    assert back.changed == {**dict.fromkeys(names[:3], "changed"), **dict.fromkeys(names[3:], "added")}
    assert idle == ({}, {})
    assert there.changed == history.changed(one, two)
    assert {path: node.oid for path, node in back.nodes.items()} == {
        name: history.files(one).content_id(name) for name in names
    }


def test_what_becomes_of_another_kind_came_or_went(tmp_path: Path, git: Git) -> None:
    root = repository(tmp_path, git)
    for name in ("file", "link", "folder"):
        (root / name).write_text("1")
    one = commit(git, root)
    (root / "link").unlink()
    (root / "link").symlink_to("file")
    (root / "folder").unlink()
    (root / "folder").mkdir()
    (root / "folder" / "in").write_text("1")
    (root / "file").chmod(0o755)
    two = commit(git, root)
    history = History(root)
    there, back = history.edges(
        [(history.commit(one), history.commit(two)), (history.commit(two), history.commit(one))]
    )
    assert there.changed == {"file": "changed", "link": "removed", "folder": "removed", "folder/in": "added"}
    assert back.changed == {"file": "changed", "link": "added", "folder": "added", "folder/in": "removed"}


def test_a_commit_nearby_has_its_files_and_asks_for_no_tree_where_they_are_known(tmp_path: Path, git: Git) -> None:
    root = repository(tmp_path, git)
    (root / "same").write_text("same")
    (root / "other").write_text("1")
    one = commit(git, root)
    (root / "other").write_text("2")
    two = commit(git, root)
    history = History(root)
    (edge,) = history.edges([(history.commit(two), history.commit(one))])
    near, whole = history.files_near(history.commit(one), edge), history.files(one)
    assert near.describe() == one
    assert near.read("other") == b"1"
    assert near.read("same") == b"same"
    assert near.list("") == whole.list("")
    for path in ("same", "other", "gone"):
        assert near.content_id(path) == whole.content_id(path)
        assert near.exists(path) == whole.exists(path)
    with pytest.raises(FileNotFoundError):
        near.read("gone")


def test_a_git_lfs_pointer_is_a_finding_there_too(tmp_path: Path, git: Git) -> None:
    root = repository(tmp_path, git)
    (root / "a").write_text("version https://git-lfs.github.com/spec/v1\n")
    one = commit(git, root)
    (root / "a").write_text("2")
    two = commit(git, root)
    history = History(root)
    (edge,) = history.edges([(history.commit(two), history.commit(one))])
    with pytest.raises(Failed) as failed:
        history.files_near(history.commit(one), edge).read("a")
    assert failed.value.diagnostics[0].name == "lfs-pointer"


def test_a_tree_that_the_clone_lacks_is_a_finding(tmp_path: Path, git: Git) -> None:
    root = repository(tmp_path, git)
    (root / "a").write_text("1")
    one = commit(git, root)
    (root / "a").write_text("2")
    two = commit(git, root)
    history = History(root)
    steps = [(history.commit(one), history.commit(two))]
    tree = steps[0][1].tree
    (root / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(Failed) as failed:
        history.edges(steps)
    assert failed.value.diagnostics[0].name == "missing-object"


def test_many_commits_come_in_order_whole(tmp_path: Path, git: Git) -> None:
    """They are asked for in growing numbers; none is lost where one number ends."""
    root = repository(tmp_path, git)
    lines = [
        f"commit refs/heads/main\ncommitter A <a@example.org> {n} +0000\ndata 1\n{n % 10}\n" for n in range(1, 700)
    ]
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input="".join(lines).encode(), check=True)
    history = History(root)
    found = list(history.ancestors(history.commit_id("main")))
    assert [each.id for each in found] == git(root, "rev-list", "main").split()
    assert [each.parents for each in found[:-1]] == [(each.id,) for each in found[1:]]
    assert found[-1].message == "1"
