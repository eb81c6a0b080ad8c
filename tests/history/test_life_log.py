"""`cfgc log`: the life of an effective value (issue 3, section 3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfgc.diagnostics import Failed
from cfgc.external.git.commits import History
from cfgc.history.life import revisions
from cfgc.history.life.log import Log, Turn
from cfgc.history.life.lookup import ABSENT, value_at
from cfgc.history.life.revisions import Archive
from cfgc.model.keypath import KeyPath, parse
from cfgc.model.same import same
from cfgc.model.values import MASK
from cfgc.pipeline.compile import Compiled, compile_environment, compile_paths
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.read import Shelf
from tests.history.timeline import Timeline, sealed

BASE, PROD, SETTINGS = "environments/base/app.yaml", "environments/prod/app.yaml", "cfgc.yaml"
START: dict[str, str | None] = {
    SETTINGS: "version: 1\nenvironments: {prod: {extends: base}, test: {extends: base}}\n",
    BASE: "size: 1\n",
}


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    made = Timeline(tmp_path)
    made.commit(START)
    return made


def turns(timeline: Timeline, path: str, *, environment: str = "prod", start: str = "") -> list[Turn]:
    archive = Archive(History(timeline.root), timeline.root, Shelf())
    return list(Log(archive, environment, parse(path), start or timeline.made[-1]))


def told(timeline: Timeline, path: str, **more: str) -> list[tuple[str, str, Any, Any]]:
    return [(turn.commit.id, turn.kind, turn.old, turn.new) for turn in turns(timeline, path, **more)]


def places(timeline: Timeline, path: str) -> list[str]:
    return [str(turn.changes[0].origin) for turn in turns(timeline, path)]


def test_the_life_of_a_value_newest_first(timeline: Timeline) -> None:
    a = timeline.made[0]
    b = timeline.commit({BASE: "other: 1\nsize: 2\n"})
    c = timeline.commit({BASE: "other: 1\nsize: '2'\n"})
    d = timeline.commit({BASE: "other: 1\n"})
    e = timeline.commit({PROD: "size: 4\n"})
    assert told(timeline, "app.size") == [
        (e, "added", None, 4),
        (d, "removed", "2", None),
        (c, "type-changed", 2, "2"),
        (b, "changed", 1, 2),
        (a, "added", None, 1),
    ]
    assert places(timeline, "app.size") == [f"{PROD}:1:7", "None", f"{BASE}:2:7", f"{BASE}:2:7", f"{BASE}:1:7"]


def test_a_commit_whose_edit_a_higher_layer_hides_is_not_listed(timeline: Timeline) -> None:
    over = timeline.commit({PROD: "size: 5\n"})
    timeline.commit({BASE: "size: 2\n"})
    bare = timeline.commit({PROD: None})
    assert told(timeline, "app.size")[:2] == [(bare, "changed", 5, 2), (over, "changed", 1, 5)]


def test_a_change_through_a_reference_has_its_line(timeline: Timeline) -> None:
    first = timeline.commit({BASE: "url: https://${shared.host}/\n", "environments/base/shared.yaml": "host: one\n"})
    host = timeline.commit({"environments/base/shared.yaml": "port: 1\nhost: two\n"})
    timeline.commit({"environments/base/shared.yaml": "port: 2\nhost: two\n"})
    whole = timeline.commit({BASE: "url: ${shared.host}\n"})
    back = timeline.commit({"environments/base/shared.yaml": "host: three\n"})
    assert told(timeline, "app.url") == [
        (back, "changed", "two", "three"),
        (whole, "changed", "https://two/", "two"),
        (host, "changed", "https://one/", "https://two/"),
        (first, "added", None, "https://one/"),
    ]
    shared = "environments/base/shared.yaml"
    assert places(timeline, "app.url") == [f"{shared}:1:7", f"{shared}:2:7", f"{shared}:2:7", f"{BASE}:1:6"]


def test_a_text_that_is_written_as_before_points_to_what_changed_behind_it(timeline: Timeline) -> None:
    hosts = "environments/base/hosts.yaml"
    text = "url: https://${shared.host}:${shared.port}/\n"
    timeline.commit({BASE: text, "environments/base/shared.yaml": "host: ${hosts.web}x\nport: 1\n", hosts: "web: a\n"})
    timeline.commit({hosts: "# moved\nweb: b\n"})
    timeline.commit({"environments/base/shared.yaml": "host: ${hosts.web}x\nport: 2\n"})
    timeline.commit({BASE: "url: http://${shared.host}:${shared.port}/\n"})
    assert places(timeline, "app.url")[:3] == [f"{BASE}:1:6", "environments/base/shared.yaml:2:7", f"{hosts}:2:6"]
    assert places(timeline, "app") == [
        f"{BASE}:1:6",
        "environments/base/shared.yaml:2:7",
        f"{hosts}:2:6",
        f"{BASE}:1:6",
        f"{BASE}:1:1",
    ]


def test_a_layer_that_is_renamed_inserted_or_dropped_changes_only_what_becomes_another_value(
    timeline: Timeline,
) -> None:
    timeline.commit({"environments/old/app.yaml": "size: 7\n", "environments/prod/far.yaml": "x: 1\n"})
    use = timeline.commit({SETTINGS: "version: 1\nenvironments: {prod: {layers: [base, old, prod]}}\n"})
    timeline.commit(
        {
            SETTINGS: "version: 1\nenvironments: {prod: {layers: [base, new, prod]}}\n",
            "environments/old/app.yaml": None,
            "environments/new/app.yaml": "size: 7\n",
        }
    )
    drop = timeline.commit({SETTINGS: "version: 1\nenvironments: {prod: {layers: [base, prod]}}\n"})
    assert told(timeline, "app.size")[:2] == [(drop, "changed", 7, 1), (use, "changed", 1, 7)]


def test_an_environment_that_is_new_or_gone_has_its_values_from_then_and_until_then(timeline: Timeline) -> None:
    gone = timeline.commit({SETTINGS: "version: 1\nenvironments: {test: {extends: base}}\n"})
    back = timeline.commit({SETTINGS: START[SETTINGS]})
    assert told(timeline, "app.size") == [
        (back, "added", None, 1),
        (gone, "removed", 1, None),
        (timeline.made[0], "added", None, 1),
    ]
    assert told(timeline, "app.size", start=gone)[0] == (gone, "removed", 1, None)


def test_the_line_of_an_unset_is_that_of_a_removal(timeline: Timeline) -> None:
    timeline.commit({PROD: "# without\nsize: !unset\n"})
    assert places(timeline, "app.size")[0] == f"{PROD}:2:1"


def test_of_a_subtree_every_change_in_it_is_told(timeline: Timeline) -> None:
    a = timeline.commit({BASE: "users: [{name: ann, role: dev}]\nsize: 1\n"})
    b = timeline.commit({BASE: "users: [{name: ben, role: dev}, {name: ann, role: ops}]\nsize: 1\n"})
    timeline.commit({BASE: "users: [{name: ben, role: dev}, {name: ann, role: ops}]\nsize: 2\n"})
    found = turns(timeline, "app.users")
    assert [(turn.commit.id, turn.kind) for turn in found] == [(b, "changed"), (a, "added")]
    assert [(str(each.change.path[-1]), each.change.kind) for each in found[0].changes] == [
        ("Item(key='name', value='ben')", "added"),
        ("role", "changed"),
    ]
    assert found[0].old == [{"name": "ann", "role": "dev"}]
    assert told(timeline, "app.users[name=ann].role") == [(b, "changed", "dev", "ops"), (a, "added", None, "dev")]


def test_a_merge_with_a_parents_value_is_passed_as_git_does(timeline: Timeline) -> None:
    start = timeline.made[0]
    two = timeline.commit({BASE: "size: 2\n"})
    side = timeline.commit({PROD: "other: 1\n"}, parents=(start,), branch="side")
    timeline.commit({PROD: "other: 1\n"}, parents=(two, side))
    assert told(timeline, "app.size") == [(two, "changed", 1, 2), (start, "added", None, 1)]
    assert told(timeline, "app.other") == [(side, "added", None, 1)]


def test_a_merge_that_has_no_parents_value_is_listed_and_all_parents_are_followed(timeline: Timeline) -> None:
    start = timeline.made[0]
    two = timeline.commit({BASE: "size: 2\n"})
    three = timeline.commit({BASE: "size: 3\n"}, parents=(start,), branch="side")
    merge = timeline.commit({BASE: "size: 4\n"}, parents=(two, three))
    assert told(timeline, "app.size")[0] == (merge, "changed", 2, 4)
    assert sorted(told(timeline, "app.size")[1:]) == sorted(
        [(three, "changed", 1, 3), (two, "changed", 1, 2), (start, "added", None, 1)]
    )


def test_what_a_commit_that_does_not_compile_changed_is_laid_to_the_next_that_does(timeline: Timeline) -> None:
    start = timeline.made[0]
    timeline.commit({BASE: "size: [\n"})
    timeline.commit({PROD: "a: 1\n"})
    fixed = timeline.commit({BASE: "size: 2\n"})
    assert told(timeline, "app.size") == [(fixed, "changed", 1, 2), (start, "added", None, 1)]
    assert turns(timeline, "app.size")[0].changes[0].change.old == 1


def test_a_first_commit_that_does_not_compile_is_an_error(timeline: Timeline) -> None:
    timeline.commit({BASE: "size: ${nowhere.at.all}\n"})
    with pytest.raises(Failed) as failed:
        turns(timeline, "app.size")
    assert failed.value.diagnostics[0].is_error


def test_a_project_that_came_later_begins_there(tmp_path: Path) -> None:
    made = Timeline(tmp_path)
    made.commit({"README.md": "x"})
    made.commit({"src/main.c": "x"})
    first = made.commit(START)
    assert told(made, "app.size") == [(first, "added", None, 1)]


@pytest.mark.parametrize("near", [False, True])
def test_a_file_that_was_of_no_use_meanwhile_is_read_as_it_was_when_it_is_used_again(
    timeline: Timeline, near: bool
) -> None:
    far = "environments/base/far.yaml"
    timeline.commit({BASE: "url: ${far.x}\n", far: "x: 1\n"})
    timeline.commit({BASE: "url: 5\n"})
    timeline.commit({far: "x: 8\n"})
    timeline.commit({far: "x: 9\n"})
    timeline.commit({BASE: "url: ${far.x}\n"})
    history = History(timeline.root)
    session = Session(history.files(timeline.made[-1]), timeline.root, Shelf())
    compile_environment(session, Wanted("prod"))
    archive = Archive(history, timeline.root, Shelf(), session if near else None)
    found = list(Log(archive, "prod", parse("app.url"), timeline.made[-1]))
    assert [(turn.old, turn.new) for turn in found] == [(5, 9), (1, 5), (None, 1)]


class TestSecrets:
    """A secret is the mask, in whatever commit (SPEC section 6)."""

    def test_another_token_is_another_value_and_none_is_shown(self, timeline: Timeline) -> None:
        path = "environments/prod/app.sops.yaml"
        a = timeline.commit({path: sealed(password="one")})
        b = timeline.commit({path: sealed(password="two")})
        timeline.commit({path: sealed(password="two", other="x")})
        assert told(timeline, "app.password") == [(b, "secret-changed", MASK, MASK), (a, "added", None, MASK)]
        assert all(turn.secret for turn in turns(timeline, "app.password"))

    def test_what_was_sealed_later_is_not_shown_from_the_time_before(self, timeline: Timeline) -> None:
        plain = timeline.commit({PROD: "password: hunter1\n"})
        again = timeline.commit({PROD: "password: hunter2\n"})
        seal = timeline.commit({PROD: None, "environments/prod/app.sops.yaml": sealed(password="one")})
        end = timeline.commit({PROD: "size: 3\n"})
        assert told(timeline, "app.password") == [
            (seal, "secret-changed", MASK, MASK),
            (again, "changed", MASK, MASK),
            (plain, "added", None, MASK),
        ]
        found = turns(timeline, "app")
        assert [turn.commit.id for turn in found] == [end, seal, again, plain, timeline.made[0]]
        assert found[3].new == {"size": 1, "password": MASK}
        assert "hunter" not in repr([(turn.old, turn.new, turn.changes) for turn in found])

    def test_a_secret_that_was_unsealed_is_masked_while_it_was_one(self, timeline: Timeline) -> None:
        path = "environments/prod/app.sops.yaml"
        seal = timeline.commit({path: sealed(password="one")})
        bare = timeline.commit({path: None, PROD: "password: open\n"})
        new = timeline.commit({PROD: "password: wide\n"})
        assert told(timeline, "app.password") == [
            (new, "changed", "open", "wide"),
            (bare, "secret-changed", MASK, MASK),
            (seal, "added", None, MASK),
        ]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commits that a walk compiles, one entry for each compilation."""
    seen: list[str] = []

    def counted(session: Session, *more: Any) -> Compiled:
        seen.append(session.source.describe())
        return compile_paths(session, *more)

    monkeypatch.setattr(revisions, "compile_paths", counted)
    return seen


def test_only_commits_that_touch_what_was_read_are_compiled(timeline: Timeline, compiled: list[str]) -> None:
    """Issue 3: commits that touch no file of the environment are skipped without compiling."""
    timeline.commit({PROD: "size: 3\n", "environments/base/far.yaml": "x: 1\n", "environments/test/app.yaml": "x: 1\n"})
    for number in range(30):
        timeline.commit({"environments/base/far.yaml": f"x: 1{number}\n", "docs/page.md": str(number)})
        timeline.commit({"environments/test/app.yaml": f"x: 1{number}\n", "policies/p.yaml": f"# {number}\n"})
    assert [turn.new for turn in turns(timeline, "app.size")] == [3, 1]
    assert compiled == [timeline.made[-1], timeline.made[0]]


_CONTENTS = [
    "size: 1\n",
    "size: 2\nlist: [1, 2]\n",
    "size: !unset\nlist: [3]\n",
    "size: ${shared.host}\n",
    "text: ${file:files/text}\nlist: []\n",
    "size: [\n",
    "size: ${nowhere.at.all}\n",
    None,
]
_APPEND = '{"properties": {"list": {"x-cfgc-merge": "append"}}}'
_SETTINGS = [
    START[SETTINGS],
    "version: 1\nenvironments: {prod: {layers: [base, extra, prod]}}\n",
    "version: 1\nenvironments: {test: {extends: base}}\n",
    "version: 1\nenvironments: [\n",
]
_UNKNOWN = object()


class Oracle:
    """The log by compiling each commit whole."""

    def __init__(self, timeline: Timeline, path: str) -> None:
        self._history = History(timeline.root)
        self._timeline = timeline
        self._values = {commit: self._compiled(commit, parse(path)) for commit in timeline.made}

    def log(self) -> list[str] | None:
        start = self._timeline.made[-1]
        if self._values[start] is _UNKNOWN:
            return None
        waiting, found = {start}, []
        for commit in self._history.ancestors(start):
            if commit.id in waiting:
                now, parents = self._values[commit.id], self._before(commit.id)
                alike = [each for each in parents if self._same(self._values[each], now)]
                waiting.update(alike[:1] or parents)
                if not alike and (parents or now is not ABSENT):
                    found.append(commit.id)
        return found

    def _before(self, commit: str) -> list[str]:
        found: list[str] = []
        for parent in self._history.commit(commit).parents:
            found += self._before(parent) if self._values[parent] is _UNKNOWN else [parent]
        return found

    def _compiled(self, commit: str, path: KeyPath) -> Any:
        try:
            one = compile_environment(Session(self._history.files(commit), self._timeline.root), Wanted("prod"))
        except Failed as failed:
            return ABSENT if failed.diagnostics[0].name == "unknown-environment" else _UNKNOWN
        return _UNKNOWN if one.failed else value_at(one.tree, path)

    @staticmethod
    def _same(one: Any, other: Any) -> bool:
        return one is other or (one is not ABSENT and other is not ABSENT and same(one, other))


def test_what_was_cheap_to_know_equals_what_is_dear_to_know(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Law: the log is the one of an oracle that compiles every commit whole, whatever the commits touch."""
    edits = st.one_of(
        st.tuples(st.sampled_from([BASE, PROD, "environments/extra/app.yaml"]), st.sampled_from(_CONTENTS)),
        st.tuples(st.just("environments/base/shared.yaml"), st.sampled_from(["host: a\n", "host: b\n", None])),
        st.tuples(st.just("environments/base/_each.yaml"), st.sampled_from(["size: 9\n", None])),
        st.tuples(st.just("environments/prod.yaml"), st.sampled_from(["app: {size: 8}\n", None])),
        st.tuples(st.just("files/text"), st.sampled_from(["one", "two"])),
        st.tuples(st.just("schemas/app.schema.json"), st.sampled_from([_APPEND, "{}", None])),
        st.tuples(st.just(SETTINGS), st.sampled_from(_SETTINGS)),
        st.tuples(st.just("docs/page.md"), st.sampled_from(["x", "y"])),
    )
    commits = st.tuples(st.lists(edits, min_size=1, max_size=2).map(dict), st.integers(0, 9))
    histories = st.lists(commits, max_size=9)

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(histories, st.sampled_from(["app.size", "app", "app.list", "app.text", "."]))
    def law(history: list[tuple[dict[str, str | None], int]], path: str) -> None:
        made = Timeline(tmp_path_factory.mktemp("law"))
        made.commit({**START, "files/text": "one", "environments/base/shared.yaml": "host: a\n"})
        for files, fork in history:
            tips = (made.made[-1],) if fork < 7 else (made.made[-1], made.made[len(made.made) // 2])
            made.commit(files, parents=tuple(dict.fromkeys(tips)))
        try:
            found = [turn.commit.id for turn in turns(made, path)]
        except Failed:
            found = None
        assert found == Oracle(made, path).log()

    law()
