"""What comes on top of the layers (SPEC section 4, `CFGC_SET__...` and `--set`)."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.diagnostics import Diagnostic, Severity
from cfgc.model.location import Location
from cfgc.model.project import MergeRules
from cfgc.model.provenance import Contribution
from cfgc.model.values import INCLUDE
from cfgc.stages.merge import merge
from cfgc.stages.merge.overrides import match_override, near_miss, option_override, split_option, variable_override
from tests.merge.texts import Texts, layers_of

TREE = {
    "managers": {"path-manager": {"replicas": 1, "log.level": "info", "a_b": 1}, "web": {"x-y": 1, "x.y": 2}},
    "hosts": ["a"],
}
NAME = "CFGC_SET__managers__path_manager__replicas"


def test_a_variable_names_keys_in_which_dash_and_dot_are_read_as_underscore() -> None:
    """SPEC 4: each part matches the one existing key that equals it when `-` and `.` are read as `_`."""
    assert match_override(["managers", "path_manager", "replicas"], TREE) == ("managers", "path-manager", "replicas")
    assert match_override(["managers", "path_manager", "log_level"], TREE) == ("managers", "path-manager", "log.level")
    assert match_override(["managers", "path_manager", "a_b"], TREE) == ("managers", "path-manager", "a_b")


def test_a_variable_may_name_a_whole_map() -> None:
    assert match_override(["managers"], TREE) == ("managers",)


@pytest.mark.parametrize(
    ("name", "target", "help"),
    [
        (
            "CFGC_SET__managers__path_manager__replica",
            "managers.path-manager.replica",
            "did you mean `managers.path-manager.replicas`?",
        ),
        ("CFGC_SET__managers__PATH_MANAGER", "managers.PATH_MANAGER", "did you mean `managers.path-manager`?"),
        ("CFGC_SET__hosts__0", "hosts.0", "look at the keys with `cfgc show`"),
        ("CFGC_SET__", '""', "look at the keys with `cfgc show`"),
    ],
)
def test_a_part_that_no_key_matches_is_an_error(name: Any, target: Any, help: Any) -> None:
    found = variable_override(name, 3, TREE)
    assert isinstance(found, Diagnostic)
    assert (found.code, found.message) == ("CFG408", f"`{name}` names `{target}`, which is not there")
    assert found.location == Location(f"<{name}>", 0, 0, 0, 0)
    assert found.help == help


def test_a_part_that_two_keys_match_is_an_error() -> None:
    """SPEC 4: ... matches the ONE existing key."""
    found = variable_override("CFGC_SET__managers__web__x_y", 3, TREE)
    assert isinstance(found, Diagnostic)
    assert found.code == "CFG409"
    assert found.message == (
        '`x_y` in `CFGC_SET__managers__web__x_y` can mean `managers.web.x-y` and `managers.web."x.y"`'
    )
    assert isinstance(variable_override(NAME, 3, TREE), Contribution)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("a.b=1", "a.b", "1"),
        ("a=b=c", "a", "b=c"),
        ("a=", "a", ""),
        ("users[name=ann].role=ops", "users[name=ann].role", "ops"),
        ('users["na=me"="a]=n"].role=x', 'users["na=me"="a]=n"].role', "x"),
        ('labels."a=b".c=x=y', 'labels."a=b".c', "x=y"),
        ("a=- x\n- y", "a", "- x\n- y"),
    ],
)
def test_an_assignment_is_split_at_its_own_equals_sign(text: Any, key: Any, value: Any) -> None:
    assert split_option(text) == (key, value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.b", "`--set` needs a key path, `=` and a value"),
        ("users[name=ann]", "`--set` needs a key path, `=` and a value"),
        ("=1", "`--set` needs a key path, `=` and a value"),
        ("a..b=1", "`--set` unexpected character at position 3 of `a..b`"),
        (".=1", "`--set` names no key"),
    ],
)
def test_a_text_that_is_no_assignment_is_an_error(text: Any, message: Any) -> None:
    split = split_option(text)
    found = option_override(split[0], 1) if not isinstance(split, Diagnostic) else split
    assert isinstance(found, Diagnostic)
    assert (found.code, found.message) == ("CFG410", message)
    assert isinstance(option_override("a.b", 1), Contribution)


def test_variables_come_before_options_and_say_so() -> None:
    """SPEC 4: after the layers come the variables, then `--set`. Their provenance says so."""
    layers = layers_of({"base.yaml": "managers: {path-manager: {replicas: 1}}"})
    variable = variable_override(NAME, 3, {"managers": {"path-manager": {"replicas": 1}}})
    option = option_override("managers.path-manager.replicas", 5)
    assert isinstance(variable, Contribution)
    assert isinstance(option, Contribution)
    merged = merge(layers, MergeRules(), None, Texts({}), [variable, option])
    trace = merged.trace(("managers", "path-manager", "replicas"))
    assert trace is not None
    assert [(one.layer, one.file, one.value) for one in (trace.origin, *trace.overrides)] == [
        ("<--set>", "<--set>", 5),
        ("<environment variables>", f"<{NAME}>", 3),
        ("base", "base.yaml", 1),
    ]
    assert merged.place(("managers", "path-manager", "replicas")) == Location("<--set>", 0, 0, 0, 0)
    assert merged.place_key(("managers", "path-manager", "replicas")) == Location("<--set>", 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("option", "help"),
    [
        ("managers.wbe.x", "did you mean `managers.web`?"),
        ("items[0].nmae", "did you mean `items[0].name`?"),
        ("items[name=ann].nmae", "did you mean `items[name=ann].name`?"),
        ("managers.web.port", None),
        ("managers.web.zone", None),
        ("managers.db.zone.deep", None),
        ("filled.prot", None),
        ("items[7].nmae", None),
    ],
)
def test_a_new_key_that_is_near_to_another_is_told(option: str, help: str | None) -> None:
    """What an include may fill in is not known here."""
    tree = {
        "managers": {"web": {"port": 1}, "db": {"name": "d"}},
        "items": [{"name": "ann"}],
        "filled": {INCLUDE: "${managers.web}", "port": 1},
    }
    override = option_override(option, 3)
    assert isinstance(override, Contribution)
    found = near_miss(override, tree)
    assert (found and found.help) == help
    assert found is None or (found.code, found.severity) == ("CFG411", Severity.WARNING)
