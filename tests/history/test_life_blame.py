"""`cfgc blame`: each value has the commit that made it, as an oracle finds it that compiles every commit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfgc.external.git.commits import History
from cfgc.history.life.blame import blame
from cfgc.history.life.lookup import ABSENT, alike, value_at
from cfgc.history.life.revisions import Archive
from cfgc.history.life.sought import NOTHING, sought
from cfgc.model.keypath import KeyPath, parse, show
from cfgc.pipeline.compile import compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.read import Shelf
from tests.history.timeline import Timeline

BASE, PROD, SHARED = "environments/base/app.yaml", "environments/prod/app.yaml", "environments/base/shared.yaml"
EDITS = st.one_of(
    st.tuples(st.just(BASE), st.sampled_from(["size: 1\nhost: ${shared.host}\n", "size: 2\nlist: [1, 2]\n", None])),
    st.tuples(st.just(PROD), st.sampled_from(["size: 3\n", "users: [{name: a, n: 1}]\n", "host: x\n", None])),
    st.tuples(st.just(PROD), st.sampled_from(["users: [{name: b, n: 1}, {name: a, n: 2}]\n", "list: !append [3]\n"])),
    st.tuples(st.just(SHARED), st.sampled_from(["host: a\n", "host: b\n"])),
    st.tuples(st.just("docs/page.md"), st.sampled_from(["x", "y"])),
)
COMMITS = st.lists(st.tuples(st.lists(EDITS, min_size=1, max_size=2).map(dict), st.integers(0, 9)), max_size=8)


def test_blame_is_what_compiling_every_commit_tells(tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=50, suppress_health_check=list(HealthCheck))
    @given(COMMITS)
    def law(history: list[tuple[dict[str, str | None], int]]) -> None:
        made = Timeline(tmp_path_factory.mktemp("law"))
        start: dict[str, str | None] = {"cfgc.yaml": "environments: {prod: {extends: base}}\n", SHARED: "host: a\n"}
        made.commit({**start, BASE: "size: 1\n", "environments/prod/far.yaml": "x: 1\n"})
        for files, fork in history:
            tips = (made.made[-1],) if fork < 6 else (made.made[-1], made.made[len(made.made) // 2])
            made.commit(files, parents=tuple(dict.fromkeys(tips)))
        commits = History(made.root)
        compiled = {each: _tree(commits, made, each) for each in made.made}
        session = Session(commits.files(made.made[-1]), made.root)
        end = compile_environment(session, Wanted("prod"))
        found = blame(Archive(commits, made.root, Shelf()), session, end, made.made[-1])
        for each in found:
            assert each.commit is not None
            assert each.commit.id == _maker(commits, compiled, made.made[-1], each.path), show(each.path)

    law()


def _tree(commits: History, made: Timeline, commit: str) -> Any:
    return compile_environment(Session(commits.files(commit), made.root), Wanted("prod")).tree


def _maker(commits: History, compiled: dict[str, Any], at: str, path: KeyPath) -> str:
    value = value_at(compiled[at], path)
    for parent in commits.commit(at).parents:
        if alike(value_at(compiled[parent], path), value):
            return _maker(commits, compiled, parent, path)
    return at


PATHS = [parse(text) for text in ("a", "a.b", "a.b.c", "l", "l[0]", "l[name=x].v", "l[name=y]", "z", ".")]
TREES = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from([1, {"b": 1}, {"b": {"c": 1}}, {"b": {"c": 2}}, {}]),
        "l": st.sampled_from([[], [{"name": "x", "v": 1}], [{"name": "y"}, {"name": "x", "v": 2}], "l"]),
        "z": st.sampled_from([None, True, 1, 1.0]),
    },
)


@given(st.sets(st.sampled_from(PATHS)), TREES, TREES)
def test_paths_are_split_by_what_two_trees_have_there(paths: set[KeyPath], old: Any, new: Any) -> None:
    """Law: all that a split keeps is alike in both, all that it gives away is not, and nothing is lost."""
    kept, gone = sought(paths).split(old, new)
    assert set(kept.paths()) == {path for path in paths if alike(value_at(old, path), value_at(new, path))}
    assert set(gone.paths()) == paths - set(kept.paths())
    assert set(kept.joined(gone).paths()) == paths
    assert bool(kept) == bool(set(kept.paths()))


def test_what_two_trees_share_is_not_looked_into() -> None:
    class Unseen(dict[str, Any]):
        def get(self, *_: Any) -> Any:
            raise AssertionError

    tree = Unseen(a=1)
    assert sought([("a",)]).split(tree, tree) == (sought([("a",)]), NOTHING)
    assert value_at({}, ("a",)) is ABSENT
