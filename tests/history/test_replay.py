"""120 generated commits: `diff`, `affected` and `log` report the truth that the generator knows, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cfgc.external.git.commits import History
from cfgc.history.affected import affected
from cfgc.history.compare import compare
from cfgc.history.difference import Difference
from cfgc.history.life.log import Log
from cfgc.history.life.revisions import Archive
from cfgc.history.sides import Asked, Between, open_sides
from cfgc.model.keypath import show
from cfgc.stages.read import Shelf
from tests.history.chronicle import Chronicle, write_chronicle
from tests.history.deeds import DEEDS
from tests.history.states import Sealed, leaves
from tests.history.truth import MASK, expected

pytestmark = pytest.mark.usefixtures("templates_here")

COMMITS = 120


@pytest.fixture(scope="module")
def chronicle(tmp_path_factory: pytest.TempPathFactory) -> Chronicle:
    return write_chronicle(tmp_path_factory.mktemp("chronicle"), commits=COMMITS, seed="replay")


def test_the_history_has_edits_of_every_sort(chronicle: Chronicle) -> None:
    assert set(chronicle.deeds) == {"first", *(deed.__name__ for deed in DEEDS)}
    assert len(chronicle.commits) == COMMITS


def test_each_commit_is_reported_as_it_was_made(chronicle: Chronicle) -> None:
    for number in range(1, COMMITS):
        _check(chronicle, number - 1, number)


@pytest.mark.parametrize("span", [2, 7, 30])
def test_ranges_of_several_commits_are_reported_as_a_whole(chronicle: Chronicle, span: int) -> None:
    for start in range(0, COMMITS - span, span):
        _check(chronicle, start, start + span)


def test_the_way_back_is_the_way_there_turned_around(chronicle: Chronicle) -> None:
    for start in range(0, COMMITS - 5, 11):
        _check(chronicle, start + 5, start)


def _check(chronicle: Chronicle, one: int, other: int) -> None:
    truth = expected(chronicle.states[one], chronicle.states[other])
    found = difference(chronicle.root, chronicle.commits[one], chronicle.commits[other])
    about = f"{one}..{other}: {chronicle.deeds[one + 1 : other + 1]}"
    for name, environment in found.environments.items():
        reported = {
            (show(each.change.path), each.change.kind, json.dumps(each.change.old), json.dumps(each.change.new))
            for each in environment.changes
        }
        assert reported == truth.changes[name], f"{about}, {name}"
        assert len(reported) == len(environment.changes), about
    assert {(each.environment, each.component) for each in affected(found)} == truth.affected, about
    shadowed = {(show(each.path), each.environment) for each in found.shadowed if ".users" not in show(each.path)}
    assert shadowed == {each for each in truth.shadowed if ".users" not in each[0]}, about


def difference(root: Path, one: str, other: str) -> Difference:
    sides = open_sides(root, Between(one, other), Asked())
    assert sides.before.problems() == sides.after.problems() == []
    return compare(sides.before, sides.after)


@pytest.mark.parametrize("environment", ["test", "prod-eu"])
def test_the_log_of_each_value_is_its_life(chronicle: Chronicle, environment: str) -> None:
    """Only commits where the effective value changed: also through a reference, another layer, a renamed component."""
    trees = [leaves(state.effective(environment)) for state in chronicle.states]
    paths = sorted({path for tree in trees for path in tree})
    archive = Archive(History(chronicle.root), chronicle.root, Shelf())
    assert len(paths) > 50
    for path in paths[::3]:
        lives = [tree.get(path, "absent") for tree in trees]
        turns = [
            (commit, now)
            for commit, before, now in zip(chronicle.commits, ["absent", *lives[:-1]], lives, strict=True)
            if (type(before), before) != (type(now), now)
        ]
        found = list(Log(archive, environment, path, chronicle.commits[-1]))
        about = f"{environment} {'.'.join(path)}"
        assert [turn.commit.id for turn in reversed(found)] == [commit for commit, _ in turns], about
        shown = [None if now == "absent" else MASK if isinstance(now, Sealed) else now for _, now in turns]
        assert [turn.new for turn in reversed(found)] == shown, about
