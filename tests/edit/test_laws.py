"""Issue 3, section 6: an edit changes what was asked for and nothing else, byte for byte."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cfgc.diagnostics import Failed
from cfgc.edit import FALL_BACK, Change, Plan, plan_edits
from cfgc.edit.intent import MISSING, get, with_value, without
from cfgc.edit.page import Page
from cfgc.edit.rewrite.put import Rewriter
from cfgc.external.files import WorkTree
from cfgc.model.keypath import KeyPath
from cfgc.model.same import same
from cfgc.pipeline.compile import compile_environment
from cfgc.pipeline.session import Session
from cfgc.pipeline.wanted import Wanted
from tests.edit.written import HABITS, TREES, VALUES, Habits, Writer


def page_of(data: dict[str, Any], habits: Habits) -> Page:
    page = Page("a.yaml", "yaml", Writer(habits).text(data).encode())
    assert same(page.data, data)
    return page


def paths(data: Any, path: KeyPath = ()) -> list[KeyPath]:
    steps = list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    return [found for step in steps for found in [(*path, step), *paths(data[step], (*path, step))]]


def by_ruamel(raw: bytes) -> Any:
    """The data as another YAML 1.2 reader sees it."""
    yaml = YAML(typ="safe", pure=True)
    return yaml.load(io.StringIO(raw.decode(), newline="")) or {}


@given(TREES, HABITS, VALUES, st.data())
def test_a_value_that_is_put_is_read_back_and_all_others_stay(
    data: dict[str, Any], habits: Habits, value: Any, draw: st.DataObject
) -> None:
    known = paths(data)
    path = draw.draw(st.sampled_from([*known, ("new",), ("a",)]))
    rewriter = Rewriter(page_of(data, habits))
    before = {each.text for each in rewriter.page.comments}
    rewriter.put(path, value)
    wanted = with_value(data, path, value)
    assert same(rewriter.page.data, wanted)
    assert by_ruamel(rewriter.page.raw) == wanted
    assert before - set(rewriter.lost) <= {each.text for each in rewriter.page.comments}


@given(TREES, HABITS, st.data())
def test_a_scalar_for_a_scalar_changes_no_byte_outside_of_it(
    data: dict[str, Any], habits: Habits, draw: st.DataObject
) -> None:
    leaves = [path for path in paths(data) if isinstance(get(data, path), (int, float))]
    if not leaves:
        return
    page = page_of(data, habits)
    path = draw.draw(st.sampled_from(leaves))
    rewriter = Rewriter(page)
    rewriter.put(path, 12345)
    old, new = page.raw.decode(), rewriter.page.raw.decode()
    start = new.index("12345")
    assert old[:start] == new[:start]
    assert old.endswith(new[start + 5 :])


@given(TREES, HABITS, st.data())
def test_what_is_dropped_is_gone_with_the_parents_it_leaves_empty(
    data: dict[str, Any], habits: Habits, draw: st.DataObject
) -> None:
    known = paths(data)
    if not known:
        return
    path = draw.draw(st.sampled_from(known))
    rewriter = Rewriter(page_of(data, habits))
    rewriter.drop(path)
    while len(path) > 1 and isinstance(path[-2], str) and len(get(data, path[:-1])) == 1:
        if isinstance(get(data, path[:-1]), list):
            break
        path = path[:-1]
    assert same(rewriter.page.data, without(data, path))
    assert by_ruamel(rewriter.page.raw) == without(data, path)


@given(TREES, HABITS, VALUES, st.data())
def test_unset_after_set_of_a_new_key_restores_the_file(
    data: dict[str, Any], habits: Habits, value: Any, draw: st.DataObject
) -> None:
    maps = [(), *(path for path in paths(data) if isinstance(get(data, path), dict) and get(data, path))]
    above = draw.draw(st.sampled_from(maps))
    path = (*above, *draw.draw(st.sampled_from([("new",), ("new", "deeper")])))
    page = page_of(data, habits)
    rewriter = Rewriter(page)
    rewriter.put(path, value)
    rewriter.drop(path)
    assert rewriter.page.raw == page.raw


def project_of(folder: Path, trees: dict[str, dict[str, Any]], habits: Habits) -> Session:
    files = {"cfgc.yaml": "version: 1\nenvironments:\n  test: {}\n  prod: {}\n  prod-eu: {extends: prod}\n"}
    for layer, components in trees.items():
        files |= {f"environments/{layer}/{name}.yaml": Writer(habits).text(tree) for name, tree in components.items()}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return Session(WorkTree(folder), folder)


def tree_of(session: Session, environment: str) -> dict[str, Any]:
    return compile_environment(session, Wanted(environment)).tree


LAYERS = st.fixed_dictionaries(
    {
        layer: st.dictionaries(st.sampled_from(["web", "db"]), TREES.filter(bool), max_size=2)
        for layer in ("base", "prod")
    }
)


def compiles(session: Session) -> bool:
    """Whether the layers fit together: a list over a map is an error that no edit is asked to repair here."""
    return not any(compile_environment(session, Wanted(name)).failed for name in session.project.environments)


def planned(session: Session, environment: str, change: Change) -> Plan | None:
    """The plan, none where cfgc refuses."""
    try:
        return plan_edits(session, compile_environment(session, Wanted(environment)), [change])
    except Failed:
        return None


@settings(max_examples=60)
@given(LAYERS, HABITS, VALUES, st.data())
def test_set_then_show_gives_the_value_and_no_other_value_changes_anywhere(
    layers: dict[str, dict[str, Any]], habits: Habits, value: Any, draw: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        session = project_of(Path(folder), {"base": {"web": {"z": 1}}, **layers}, habits)
        if not compiles(session):
            return
        environment = draw.draw(st.sampled_from(["test", "prod", "prod-eu"]))
        before = {name: tree_of(session, name) for name in session.project.environments}
        known = [path for path in paths(before[environment]) if len(path) > 1 and all(isinstance(s, str) for s in path)]
        path = draw.draw(st.sampled_from([*known, ("web", "new")]))
        plan = planned(session, environment, Change(path, value))
        if plan is None:
            pytest.fail(f"refused: {environment} {path} {value!r}")
        after = {name: tree_of(plan.after, name) for name in plan.after.project.environments}
        assert same(get(after[environment], path), value)
        assert same(after[environment], with_value(before[environment], path, value))
        for name in {"test", "prod", "prod-eu"} - {environment} - ({"prod-eu"} if environment == "prod" else set()):
            assert same(after[name], before[name])


@settings(max_examples=60)
@given(LAYERS, HABITS, VALUES, st.sampled_from(["test", "prod", "prod-eu"]))
def test_unset_after_set_restores_every_file_of_the_project(
    layers: dict[str, dict[str, Any]], habits: Habits, value: Any, environment: str
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        session = project_of(root, {"base": {"web": {"z": 1}}, **layers}, habits)
        if not compiles(session):
            return
        plan = planned(session, environment, Change(("web", "new", "key"), value))
        assert plan is not None
        again = plan_edits(plan.after, plan.compiled, [Change(("web", "new", "key"), FALL_BACK)])
        for edit in again.edits:
            old = root / edit.path
            assert edit.new == (old.read_bytes() if old.exists() else None)
        assert MISSING is get(again.compiled.tree, ("web", "new", "key"))
