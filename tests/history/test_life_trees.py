"""Trees that are made of a neighbour's are those that compiling gives (issue 3, sections 3 and 7)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfgc.diagnostics import Failed
from cfgc.external.git.commits import History
from cfgc.history.life import revisions, trees
from cfgc.history.life.revisions import Archive
from cfgc.history.life.trees import Referred, Trees
from cfgc.model.keypath import KeyPath
from cfgc.model.provenance import Hop
from cfgc.model.same import same
from cfgc.model.values import INCLUDE
from cfgc.pipeline.compile import compile_environment, compile_paths
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from cfgc.stages.read import Shelf
from tests.history.timeline import Timeline

START = {
    "cfgc.yaml": "environments: {prod: {extends: base}}\n",
    "environments/base/shared.yaml": "host: a\nport: 1\nnet: {mtu: 9, zone: z}\n",
    "environments/base/app.yaml": "size: 1\n",
    "environments/base/web.yaml": "size: 1\n",
    "environments/prod/web.yaml": "size: 2\n",
    "environments/base/_each.yaml": "owner: nobody\n",
}
EDITS: dict[str, list[str | None]] = {
    "environments/base/shared.yaml": [
        "host: b\n",
        "host: ${app.size}\nport: 2\n",
        "net: {mtu: 8}\n",
        "{}\n",
        "host: [\n",
    ],
    "environments/base/app.yaml": [
        "size: 2\n",
        "url: http://${shared.host}:${shared.port:-80}/\n",
        "<<: ${shared.net}\nsize: 3\n",
        "all: ${shared}\n",
        "deep: ${web.mtu:-none}\nhost: x\n",
        "{}\n",
        None,
    ],
    "environments/base/web.yaml": [
        "size: 3\nmtu: ${app.mtu:-7}\n",
        "zone: ${shared.net.zone:-0}\n",
        "l: [1, 2]\n",
        None,
    ],
    "environments/prod/web.yaml": ["l: !append [3]\n", "!replace {size: 9}\n", "text: ${file:notes.txt}\n", None],
    "environments/prod/app.yaml": ["size: !unset\n", "url: ${.size:-0}\n", "size: 5\n"],
    "environments/base/_each.yaml": ["owner: somebody\n", "owner: ${shared.host:-0}\n"],
    "notes.txt": ["one", "two"],
    "cfgc.yaml": ["environments: {prod: {extends: base}}\ncomponents: ['*']\n"],
}
EDIT = st.sampled_from([(path, text) for path, texts in EDITS.items() for text in texts])


def walked(made: Timeline, commits: History) -> list[tuple[str, Any, bool]]:
    """Commit, tree and whether it compiles, from the newest back, each made of the one after it."""
    archive = Archive(commits, made.root, Shelf())
    every = Trees(archive, archive.way(made.made[-1]), "prod", None)
    moment = every.first(commits.commit(made.made[-1]))
    found = [(moment.commit.id, moment.tree, not moment.problems)]
    for oid in reversed(made.made[:-1]):
        moment = every._earlier(moment, commits.commit(oid))
        found.append((oid, moment.tree, not moment.problems))
    return found


def test_a_tree_made_of_its_neighbours_is_the_compiled_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.lists(EDIT, min_size=1, max_size=10))
    def law(edits: list[tuple[str, str | None]]) -> None:
        made = Timeline(tmp_path_factory.mktemp("law"))
        made.commit({**START, "notes.txt": "zero"})
        for path, text in edits:
            made.commit({path: text})
        commits = History(made.root)
        for oid, tree, whole in walked(made, commits):
            session = Session(commits.files(oid), made.root)
            try:
                compiled = compile_paths(session, "prod", None)
            except Failed:
                assert not whole
                continue
            assert whole is not compiled.failed, oid
            if whole:
                assert same(tree, compiled.tree)

    law()


def test_only_what_depends_on_a_changed_file_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Timeline(tmp_path)
    made.commit({**START, "environments/base/app.yaml": "url: ${shared.host}\n"})
    made.commit({"environments/base/web.yaml": "size: 4\n"})
    made.commit({"environments/base/shared.yaml": "host: c\n"})
    made.commit({"docs/page.md": "x"})
    made.commit({"environments/base/_each.yaml": "owner: all\n"})
    asked: list[Sequence[Any] | None] = []

    def noted(session: Session, name: str, paths: Any) -> Any:
        asked.append(None if paths is None else sorted(paths))
        return compile_paths(session, name, paths)

    for module in (revisions, trees):
        monkeypatch.setattr(module, "compile_paths", noted)
    commits = History(tmp_path)
    found = walked(made, commits)
    assert asked == [None, None, [("app", "url"), ("shared",)], [("web",)]]
    end = compile_environment(Session(commits.files(made.made[-1]), tmp_path), Wanted("prod"))
    assert found[0][1] == end.tree


def test_who_refers_to_what_is_followed_to_its_end() -> None:
    referred = Referred()
    hops: list[tuple[KeyPath, KeyPath]] = [
        (("a", "x"), ("b", "y")),
        (("b", "y", 0), ("c",)),
        (("d", INCLUDE), ("a",)),
        (("e",), ("c", "z", "deep")),
    ]
    referred.learn(Hop(path, target) for path, target in hops)
    assert sorted(referred.closed([("c", "z")])) == [("a", "x"), ("b", "y"), ("c", "z"), ("d",), ("e",)]
    assert sorted(referred.closed([("e",)])) == [("e",)]
    assert sorted(referred.closed([("a",), ("a", "q")])) == [("a",), ("d",)]
