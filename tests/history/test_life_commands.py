"""`cfgc log` and `cfgc blame` as people and programs run them (issue 3, section 3)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfgc.cli.app import run
from cfgc.model.values import MASK
from tests.history.timeline import Timeline, sealed

BASE, PROD, SETTINGS = "environments/base/web.yaml", "environments/prod/web.yaml", "cfgc.yaml"
START: dict[str, str | None] = {
    SETTINGS: "version: 1\nenvironments: {prod: {extends: base}, test: {extends: base}}\n",
    BASE: "size: 1\nhost: ${shared.host}\n",
    "environments/base/shared.yaml": "host: one\n",
}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    made = Timeline(tmp_path)
    made.commit(START, message="Begins\n\nwith more\n")
    return made


@pytest.fixture
def cfgc(timeline: Timeline, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in the repository: exit code, standard output, standard error."""

    def call(*words: str, root: Path = timeline.root) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(["-C", str(root), *words])
        return code, *capsys.readouterr()

    return call


def data(done: tuple[int, str, str]) -> Any:
    assert done[0] == 0, done[2]
    return json.loads(done[1])


class TestLog:
    def test_the_text_has_a_line_for_each_commit_and_one_for_each_change(self, timeline: Timeline, cfgc: Run) -> None:
        first = timeline.made[0]
        two = timeline.commit({PROD: "size: 2\n"}, author="Ben <b@example.org>", message="Raises the size")
        gone = timeline.commit({BASE: "host: ${shared.host}\n", PROD: None}, message="Drops it")
        code, out, err = cfgc("log", "prod", "web.size")
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            f"{gone[:9]}  2025-12-29  Ann Example  Drops it",
            "  - 2",
            f"{two[:9]}  2025-12-29  Ben  Raises the size",
            "  ~ 1 -> 2  environments/prod/web.yaml:1",
            f"{first[:9]}  2025-12-29  Ann Example  Begins",
            "  + 1  environments/base/web.yaml:1",
        ]

    def test_the_text_of_a_subtree_names_what_changed_in_it(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.commit(
            {BASE: "size: 2\nhost: ${shared.host}\nnew: [1]\n", "environments/base/shared.yaml": "host: two\n"}
        )
        _, out, _ = cfgc("log", "prod", "web", "--limit", "1")
        assert out.splitlines()[1:] == [
            "  ~ web.size: 1 -> 2  environments/base/web.yaml:1",
            '  ~ web.host: "one" -> "two"  environments/base/shared.yaml:1',
            "  + web.new: [1]  environments/base/web.yaml:3",
        ]

    def test_the_text_of_many_changes_is_cut(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.commit({BASE: "\n".join(f"key{number}: 1" for number in range(60))})
        _, out, _ = cfgc("log", "prod", "web", "--limit", "1")
        assert len(out.splitlines()) == 22
        assert out.endswith("  ... and 42 more\n")

    def test_the_json_has_the_documented_shape(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.commit({"environments/base/shared.yaml": "host: two\n"})
        found = data(cfgc("log", "prod", "web.host", "--format", "json"))
        assert found[0] == {
            "commit": timeline.made[1],
            "author": "Ann Example",
            "date": "2025-12-29T09:21:00+00:00",
            "kind": "changed",
            "old": "one",
            "new": "two",
            "secret": False,
            "origin": {"file": "environments/base/shared.yaml", "line": 1, "column": 7},
        }
        assert (found[1]["kind"], found[1]["old"]) == ("added", None)

    def test_it_begins_at_a_revision_and_stops_at_a_limit(self, timeline: Timeline, cfgc: Run) -> None:
        for number in range(2, 6):
            timeline.commit({PROD: f"size: {number}\n"})
        assert [each["new"] for each in data(cfgc("log", "prod", "web.size", "--limit", "2", "--format", "json"))] == [
            5,
            4,
        ]
        past = data(cfgc("--rev", timeline.made[2], "log", "prod", "web.size", "--format", "json"))
        assert [each["new"] for each in past] == [3, 2, 1]

    def test_the_working_tree_is_not_history(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.checkout()
        (timeline.root / PROD).parent.mkdir()
        (timeline.root / PROD).write_text("size: 9\n")
        assert [each["new"] for each in data(cfgc("log", "prod", "web.size", "--format", "json"))] == [1]

    def test_a_path_that_existed_once_is_told_and_one_that_never_did_is_wrong_usage(
        self, timeline: Timeline, cfgc: Run
    ) -> None:
        timeline.commit({BASE: "host: x\n"})
        assert [each["kind"] for each in data(cfgc("log", "prod", "web.size", "--format", "json"))] == [
            "removed",
            "added",
        ]
        code, out, err = cfgc("log", "prod", "web.hots", "--format", "json")
        assert (code, out) == (2, "")
        assert "Did you mean `web.host`?" in err
        code, _, err = cfgc("log", "prodd", "web.host")
        assert code == 2
        assert "did you mean `prod`?" in err
        assert cfgc("log", "prod", "web..x")[0] == 2
        assert cfgc("--rev", "nope", "log", "prod", "web.host")[0] == 2

    def test_gi10_what_people_wrote_into_commits_is_only_text(self, timeline: Timeline, cfgc: Run) -> None:
        hostile = "\x1b[31mred\x1b[0m\u202eevil " + "x" * 100_000
        timeline.commit({PROD: "size: 2\n"}, message=hostile, author=f"A\x1b]0;title\x07{'n' * 5000} <a@example.org>")
        _, out, _ = cfgc("log", "prod", "web.size")
        first = out.splitlines()[0]
        assert len(first) < 250
        assert first.isprintable()
        assert "\\x1b[31mred" in first
        timeline.checkout()
        _, out, _ = cfgc("blame", "prod", "web")
        assert "red" in out
        assert all(line.isprintable() and len(line) < 250 for line in out.splitlines())

    def test_secrets_are_masked_in_both_formats(self, timeline: Timeline, cfgc: Run) -> None:
        path = "environments/prod/web.sops.yaml"
        timeline.commit({PROD: "password: hunter2\n"})
        timeline.commit({PROD: None, path: sealed(password="a")})
        timeline.commit({path: sealed(password="b")})
        found = data(cfgc("log", "prod", "web.password", "--format", "json"))
        assert [(each["kind"], each["old"], each["new"], each["secret"]) for each in found] == [
            ("secret-changed", MASK, MASK, True),
            ("secret-changed", MASK, MASK, True),
            ("added", None, MASK, True),
        ]
        for words in (["web"], ["."], ["web", "--format", "json"], ["web.password"]):
            _, out, _ = cfgc("log", "prod", *words)
            assert "hunter2" not in out
            assert "ENC[" not in out

    def test_what_does_not_compile_today_says_why(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.commit({BASE: "size: [\n"})
        code, _, err = cfgc("log", "prod", "web.size")
        assert code == 1
        assert BASE in err


class TestBlame:
    def test_each_value_has_its_commit_and_what_is_not_committed_says_so(self, timeline: Timeline, cfgc: Run) -> None:
        first = timeline.made[0]
        host = timeline.commit({"environments/base/shared.yaml": "host: two\n"}, author="Ben <b@example.org>")
        timeline.checkout()
        (timeline.root / PROD).parent.mkdir()
        (timeline.root / PROD).write_text("fresh: true\n")
        code, out, err = cfgc("blame", "prod", "web")
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            f"{first[:9]} Ann Example   2025-12-29  web.size = 1      environments/base/web.yaml:1",
            f'{host[:9]} Ben           2025-12-29  web.host = "two"  environments/base/shared.yaml:1',
            "000000000 not committed             web.fresh = true  environments/prod/web.yaml:1",
        ]

    def test_the_json_has_the_documented_shape(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.checkout()
        (timeline.root / BASE).write_text("size: 2\nhost: ${shared.host}\n")
        found = data(cfgc("blame", "prod", "--format", "json"))
        assert [(each["path"], each["commit"]) for each in found] == [
            ("shared.host", timeline.made[0]),
            ("web.size", None),
            ("web.host", timeline.made[0]),
        ]
        assert found[1] == {
            "path": "web.size",
            "value": 2,
            "secret": False,
            "commit": None,
            "author": None,
            "date": None,
            "boundary": False,
            "origin": {"file": BASE, "line": 1, "column": 7},
        }

    def test_items_of_lists_are_told_by_identity_and_empty_ones_are_values(self, timeline: Timeline, cfgc: Run) -> None:
        before = timeline.commit({PROD: "users: [{name: ann, tags: []}]\nports: [80]\nnone: {}\n"})
        after = timeline.commit({PROD: "users: [{name: ben}, {name: ann, tags: []}]\nports: [81, 80]\nnone: {}\n"})
        timeline.checkout()
        found = {each["path"]: each["commit"] for each in data(cfgc("blame", "prod", "web", "--format", "json"))}
        assert found == {
            "web.size": timeline.made[0],
            "web.host": timeline.made[0],
            "web.users[name=ben].name": after,
            "web.users[name=ann].name": before,
            "web.users[name=ann].tags": before,
            "web.ports[0]": after,
            "web.ports[1]": after,
            "web.none": before,
        }

    def test_a_revision_and_the_index_have_their_own(self, timeline: Timeline, cfgc: Run) -> None:
        two = timeline.commit({PROD: "size: 2\n"})
        timeline.commit({PROD: "size: 3\n"})
        past = data(cfgc("--rev", two, "blame", "prod", "web", "--format", "json"))
        assert (past[0]["value"], past[0]["commit"]) == (2, two)
        timeline.checkout()
        (timeline.root / PROD).write_text("size: 4\n")
        subprocess.run(["git", "add", PROD], cwd=timeline.root, check=True)
        (timeline.root / PROD).write_text("size: 5\n")
        staged = data(cfgc("blame", "prod", "web", "--staged", "--format", "json"))
        assert (staged[0]["value"], staged[0]["commit"]) == (4, None)

    def test_a_head_that_does_not_compile_is_passed(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.commit({BASE: "size: [\n"})
        timeline.checkout()
        (timeline.root / BASE).write_text("size: 7\nhost: ${shared.host}\n")
        found = {each["path"]: each["commit"] for each in data(cfgc("blame", "prod", "web", "--format", "json"))}
        assert found == {"web.size": None, "web.host": timeline.made[0]}

    def test_secrets_are_masked_and_have_the_commit_of_their_token(self, timeline: Timeline, cfgc: Run) -> None:
        path = "environments/prod/web.sops.yaml"
        first = timeline.commit({path: sealed(password="a", key="k")})
        second = timeline.commit({path: sealed(password="b", key="k")})
        timeline.checkout()
        found = data(cfgc("blame", "prod", "web", "--format", "json"))
        assert {each["path"]: (each["value"], each["commit"]) for each in found if each["secret"]} == {
            "web.password": (MASK, second),
            "web.key": (MASK, first),
        }

    def test_unknown_names_are_wrong_usage(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.checkout()
        assert cfgc("blame", "prodd")[0] == 2
        assert cfgc("blame", "prod", "wep")[0] == 2

    def test_what_does_not_compile_says_why(self, timeline: Timeline, cfgc: Run) -> None:
        timeline.checkout()
        (timeline.root / BASE).write_text("size: ${nowhere}\n")
        code, out, err = cfgc("blame", "prod")
        assert (code, out) == (1, "")
        assert "unknown-reference" in err


def shallow(timeline: Timeline, folder: Path) -> Path:
    subprocess.run(
        ["git", "clone", "-q", "--depth=2", "--branch=main", timeline.root.as_uri(), str(folder)], check=True
    )
    return folder


def test_a_shallow_clone_says_where_its_history_ends(
    timeline: Timeline, cfgc: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    begin = timeline.commit({PROD: "size: 2\n"})
    timeline.commit({PROD: "size: 2\nnew: 1\n"})
    clone = shallow(timeline, tmp_path_factory.mktemp("shallow") / "clone")
    code, out, err = cfgc("log", "prod", "web.size", root=clone)
    assert (code, out) == (0, "")
    assert f"warning[CFG944] shallow-history: this clone begins with `{begin[:12]}`" in err
    assert cfgc("log", "prod", "web.size", "--format", "json", root=clone)[:2] == (0, "[]\n")
    code, out, err = cfgc("blame", "prod", "web", root=clone)
    assert code == 0
    assert out.startswith(f"^{begin[:8]} ")
    assert "CFG944" in err
    code, out, err = cfgc("log", "prod", "web.new", root=clone)
    assert code == 0
    assert "  + 1" in out


def test_a_whole_clone_says_nothing(timeline: Timeline, cfgc: Run) -> None:
    timeline.checkout()
    assert cfgc("log", "prod", "web.size")[2] == ""
    assert cfgc("blame", "prod")[2] == ""


def test_no_repository_is_a_finding(cfgc: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bare")
    assert cfgc("log", "prod", "a", root=folder)[0] == 1
