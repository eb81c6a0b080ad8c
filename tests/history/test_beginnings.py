"""The commit that begins a project, and repositories before it: that there is nothing to compare with is no mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.history.timeline import Timeline
from tests.system.conftest import Cfgc, cfgc

__all__ = ["cfgc"]

SETTINGS = "environments: {test: {extends: base}, prod: {extends: base}}\ncomponents: [web]\n"


@pytest.fixture
def begun(tmp_path: Path) -> Timeline:
    """A repository that is older than the project in it."""
    made = Timeline(tmp_path)
    made.commit({"README": "x\n"})
    made.commit(
        {
            "cfgc.yaml": SETTINGS,
            "environments/base/web.yaml": "port: 80\n",
            "environments/prod/web.yaml": "port: 443\n",
            "schemas/web.schema.json": '{"properties": {"port": {"type": "integer"}}}',
        }
    )
    made.checkout()
    return made


def test_the_first_merge_request_adds_environments(begun: Timeline, cfgc: Cfgc) -> None:
    done = cfgc(begun.root, "diff", "HEAD~1..HEAD", "--format", "json")
    assert done.code == 0, done.err
    found = done.data["environments"]
    assert {name: [(each["kind"], each["path"], each["new"]) for each in found[name]["changes"]] for name in found} == {
        "test": [("added", "web", {"port": 80})],
        "prod": [("added", "web", {"port": 443})],
    }
    assert found["prod"]["changes"][0]["commit"] == begun.made[-1]
    pairs = cfgc(begun.root, "affected", "HEAD~1..HEAD", "--format", "names").out.split("\n")
    assert [line for line in pairs if " web " in line] == [
        f"{name} web web/.env web/config.yaml" for name in ("test", "prod")
    ]


def test_its_end_takes_them_away(begun: Timeline, cfgc: Cfgc) -> None:
    found = cfgc(begun.root, "diff", "HEAD..HEAD~1", "--format", "json").data["environments"]
    assert [each["kind"] for name in found for each in found[name]["changes"]] == ["removed", "removed"]


def test_a_target_without_a_project_has_no_rules(begun: Timeline, cfgc: Cfgc) -> None:
    assert cfgc(begun.root, "validate", "--against", "HEAD~1").code == 0
    (begun.root / "environments/prod/web.yaml").write_text("port: x\n")
    assert "CFG6" in cfgc(begun.root, "validate", "--against", "HEAD~1").out


def test_where_neither_side_has_a_project_it_is_said_once(begun: Timeline, cfgc: Cfgc) -> None:
    done = cfgc(begun.root, "diff", "HEAD~1..HEAD~1")
    assert done.code == 1
    assert done.err.count("error[") == 1
    assert "CFG101" in done.err


def test_there_is_no_way_back_before_it(begun: Timeline, cfgc: Cfgc) -> None:
    done = cfgc(begun.root, "rollback", "prod", "--to", "HEAD~1")
    assert done.code == 1
    assert f"there is no project in `{begun.made[0][:12]}`" in done.err


@pytest.mark.parametrize(
    "words",
    [("diff",), ("log", "prod", "web.port"), ("rollback", "prod", "--to", "HEAD"), ("validate", "--against", "main")],
)
def test_before_the_first_commit(tmp_path: Path, cfgc: Cfgc, words: tuple[str, ...]) -> None:
    Timeline(tmp_path)
    (tmp_path / "environments/base").mkdir(parents=True)
    (tmp_path / "environments/base/web.yaml").write_text("port: 80\n")
    (tmp_path / "cfgc.yaml").write_text(SETTINGS)
    done = cfgc(tmp_path, *words)
    assert done.code == 2
    assert "nothing is committed yet" in done.err + done.out


def test_a_branch_that_was_not_there_yet_is_told_as_data(begun: Timeline, cfgc: Cfgc) -> None:
    done = cfgc(begun.root, "diff", "nope..HEAD", "--format", "json")
    assert json.loads(done.out)["diagnostics"][0]["name"] == "unknown-revision"


def test_a_range_needs_no_commit_that_is_checked_out(begun: Timeline, cfgc: Cfgc) -> None:
    (begun.root / ".git/HEAD").write_text("ref: refs/heads/orphan\n")
    assert cfgc(begun.root, "diff", "main~1..main").code == 0
    assert "on the branch that is checked out" in cfgc(begun.root, "diff", "HEAD~1").err
    assert "did you mean `main`?" in cfgc(begun.root, "diff", "mian..main").err


def test_two_revisions_are_written_as_a_range(begun: Timeline, cfgc: Cfgc) -> None:
    done = cfgc(begun.root, "diff", "HEAD~1", "HEAD")
    assert done.code == 2
    assert "two revisions are written as a range: `HEAD~1..HEAD`" in done.err
    assert "there is no environment `prdo`" in cfgc(begun.root, "diff", "HEAD~1", "prdo").err
