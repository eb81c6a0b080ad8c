"""A generated history is rolled back to many of its commits; the comparison that the replay has proved is the judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfgc.diagnostics import Failed
from cfgc.external.git import locate
from cfgc.external.git.desk import open_desk
from cfgc.history.compare import compare
from cfgc.history.difference import Difference
from cfgc.history.rollback import How, Plan, Request, plan_rollback
from cfgc.history.sides import Asked, Between, open_sides
from tests.history.chronicle import Chronicle, git, write_chronicle
from tests.history.states import LAYERS, State

pytestmark = pytest.mark.usefixtures("templates_here")

COMMITS = 60
GOALS = range(COMMITS - 2, 0, -6)


@pytest.fixture(scope="module")
def chronicle(tmp_path_factory: pytest.TempPathFactory) -> Chronicle:
    return write_chronicle(tmp_path_factory.mktemp("chronicle"), commits=COMMITS, seed="rollback")


def planned(chronicle: Chronicle, goal: int, how: How, environment: str) -> Plan | list[str]:
    """The plan, or the names of the findings that stand in its way."""
    request = Request(environment, chronicle.commits[goal], how, allow_others=how != "override", reason="INC")
    try:
        with open_desk(locate(chronicle.root)) as desk:
            plan = plan_rollback(desk, chronicle.root, request)
    except Failed as failed:
        return [found.name for found in failed.diagnostics]
    return [found.name for found in plan.findings if found.is_error] if plan.failed else plan


def between(root: Path, one: str, other: str) -> Difference:
    sides = open_sides(root, Between(one, other), Asked())
    return compare(sides.before, sides.after)


def touched(found: Difference, environment: str) -> bool:
    here = found.environments[environment]
    return bool(here.changes or here.artifacts)


def hides(state: State, now: State, environment: str) -> bool:
    """Whether a secret differs, by what the generator knows."""
    return _tokens(state, environment) != _tokens(now, environment)


def _tokens(state: State, environment: str) -> str:
    return repr([state.secrets.get(layer) for layer in LAYERS[environment]])


@pytest.mark.parametrize("environment", ["test", "prod", "prod-eu"])
def test_restoring_gives_the_environment_of_then(chronicle: Chronicle, environment: str) -> None:
    head = chronicle.commits[-1]
    for goal in GOALS:
        plan = planned(chronicle, goal, "restore", environment)
        assert isinstance(plan, Plan), (goal, plan)
        assert not touched(between(chronicle.root, chronicle.commits[goal], plan.new), environment), goal
        others = {name for name in ("test", "prod", "prod-eu") if name != environment}
        changed = between(chronicle.root, head, plan.new)
        assert set(plan.others) == {name for name in others if touched(changed, name)}, goal


@pytest.mark.parametrize("environment", ["test", "prod-eu"])
def test_an_override_gives_it_too_and_changes_no_other(chronicle: Chronicle, environment: str) -> None:
    """It is refused exactly where a layer cannot say it: a secret, or a template that decides besides."""
    done, refused = 0, 0
    for start in range(COMMITS - 1, 8, -4):
        git(chronicle.root, "checkout", "-q", "--detach", chronicle.commits[start])
        for goal in (start - 1, start - 3):
            plan = planned(chronicle, goal, "override", environment)
            if isinstance(plan, list):
                refused += 1
                then, now = chronicle.states[goal], chronicle.states[start]
                assert then.banner != now.banner or hides(then, now, environment), (start, goal, plan)
            else:
                done += plan.new != plan.base
                _check_override(chronicle, (start, goal), plan)
    git(chronicle.root, "checkout", "-q", "main")
    assert done > 5
    assert refused


def _check_override(chronicle: Chronicle, numbers: tuple[int, int], plan: Plan) -> None:
    environment = plan.request.environment
    start, goal = (chronicle.commits[number] for number in numbers)
    assert not touched(between(chronicle.root, goal, plan.new), environment), numbers
    changed = between(chronicle.root, start, plan.new)
    assert not any(touched(changed, name) for name in changed.environments if name != environment), numbers
    files = git(chronicle.root, "diff", "--name-only", start, plan.new).split()
    assert all(path.startswith(f"environments/{environment}/") for path in files), files


def test_nothing_of_all_that_is_seen(chronicle: Chronicle) -> None:
    assert git(chronicle.root, "rev-parse", "HEAD").strip() == chronicle.commits[-1]
    assert git(chronicle.root, "status", "--porcelain") == ""
    assert not (chronicle.root / ".git/cfgc").exists()
