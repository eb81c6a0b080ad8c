"""Lists that several layers make, and items by position: issue 3, section 6."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.edit.conftest import Cfgc, contents

BASE, PROD = "environments/base/web.yaml", "environments/prod/web.yaml"
FILES = {
    "cfgc.yaml": "version: 1\nenvironments:\n  test: {extends: base}\n  prod: {extends: base}\ncomponents: [web]\n",
    BASE: """\
hosts: [a, b, c]
users:
  - {name: ann, role: dev}
  - {name: bob, role: ops}
""",
    PROD: """\
hosts: !append
  # ours alone
  - d
users: !by:name
  - name: ann   # on duty
    shift: late
tags:
  - name: p
    color: red
""",
}


@pytest.fixture
def joined(project: Callable[[Mapping[str, str]], Path]) -> Path:
    """`hosts` is joined, `users` is matched by name, `tags` is of `prod` alone."""
    return project(FILES)


ADDED = {
    "an item of one's own": (("hosts[3]", "z"), "  - d\n", "  - z\n"),
    "a new last item": (("hosts[4]", "e"), "  - d\n", "  - d\n  - e\n"),
    "a key of an item that both layers have": (("users[name=ann].role", "ops"), "late\n", "late\n    role: ops\n"),
    "an item that the layer did not speak of": (
        ("users[name=bob].role", "dev"),
        "late\n",
        "late\n  - name: bob\n    role: dev\n",
    ),
    "the same by its position": (("users[1].role", "dev"), "late\n", "late\n  - name: bob\n    role: dev\n"),
    "a new user": (("users[2]", "{name: eve}"), "late\n", "late\n  - name: eve\n"),
    "a new key of an item of one's own": (("tags[name=p].size", "1"), "red\n", "red\n    size: 1\n"),
}


@pytest.mark.parametrize("case", ADDED)
def test_an_item_of_a_joined_list_is_written_into_the_layers_own_list(cfgc: Cfgc, joined: Path, case: str) -> None:
    (path, value), old, new = ADDED[case]
    done = cfgc(joined, "set", "prod", f"web.{path}", value)
    assert done.code == 0, done.err
    assert (joined / PROD).read_text() == FILES[PROD].replace(old, new)
    assert (joined / BASE).read_text() == FILES[BASE]


def test_an_item_that_another_layer_brings_is_edited_there_when_that_layer_is_named(cfgc: Cfgc, joined: Path) -> None:
    before = contents(joined)
    done = cfgc(joined, "set", "prod", "web.hosts[0]", "z")
    assert (done.code, contents(joined)) == (1, before)
    assert "joined from several layers, and another one brings this item" in done.err
    assert "edit it there with `--layer base`, or set `web.hosts` as a whole" in done.err
    assert cfgc(joined, "set", "prod", "web.hosts[0]", "z", "--layer", "base").code == 0
    assert (joined / BASE).read_text() == FILES[BASE].replace("[a, b", "[z, b")


def test_unset_takes_out_what_is_matched_by_key(cfgc: Cfgc, joined: Path) -> None:
    assert cfgc(joined, "unset", "prod", "web.users[name=bob]").code == 0
    assert (joined / PROD).read_text() == FILES[PROD].replace("late\n", "late\n  - !unset {name: bob}\n")
    done = cfgc(joined, "unset", "prod", "web.users[0].role")
    assert (joined / PROD).read_text() == FILES[PROD].replace(
        "late\n", "late\n    role: !unset\n  - !unset {name: bob}\n"
    )
    assert "removed with `!unset`" in done.err


def test_unset_by_position_says_that_the_list_is_written_whole(cfgc: Cfgc, joined: Path) -> None:
    done = cfgc(joined, "unset", "test", "web.hosts[0]")
    assert (joined / "environments/test/web.yaml").read_text() == "hosts:\n  - b\n  - c\n"
    assert "`web.hosts` is written whole without it" in done.err
    assert "!unset" not in done.err


def test_what_moves_up_is_nothing_that_it_falls_back_to(cfgc: Cfgc, joined: Path) -> None:
    cfgc(joined, "set", "prod", "web.ports", "[1, 2]")
    done = cfgc(joined, "unset", "prod", "web.ports[0]")
    assert "ports:\n  - 2\n" in (joined / PROD).read_text()
    assert "falls back" not in done.err


@pytest.mark.parametrize("number", ["9", "-9"])
@pytest.mark.parametrize("path", ["hosts", "tags"])
def test_a_position_that_the_list_does_not_have(cfgc: Cfgc, joined: Path, path: str, number: str) -> None:
    before = contents(joined)
    done = cfgc(joined, "set", "prod", f"web.{path}[{number}]", "1")
    assert (done.code, contents(joined)) == (1, before)
    assert "counted from 0" in done.err
    done = cfgc(joined, "unset", "prod", f"web.{path}[{number}]")
    assert (done.code, contents(joined)) == (2, before)
    assert "counted from 0" in done.err


MEANT = {
    "web.usres": "Did you mean `web.users`?",
    "users": "Did you mean `web.users`?",
    "wbe.users[name=ann].shift": "Did you mean `web.users[name=ann].shift`?",
    "wbe.users[name=ann].nothing": "Did you mean `web.users[name=ann]`?",
    "web.users[name=an]": "Did you mean `web.users[name=ann]`?",
    "web.users[name=zoe]": "There are `web.users[name=ann]`, `web.users[name=bob]`.",
    "web.hosts[.=q]": 'There are `web.hosts["."=a]`',
    "web.hosts[0].x": "What stands at `web.hosts[0]` is neither a map nor a list.",
}


@pytest.mark.parametrize("path", MEANT)
@pytest.mark.parametrize("command", ["show", "unset"])
def test_what_is_suggested_exists_and_is_near(cfgc: Cfgc, joined: Path, command: str, path: str) -> None:
    done = cfgc(joined, command, "prod", path)
    assert done.code == 2
    assert MEANT[path] in done.err


def test_a_component_is_found_where_it_stands(cfgc: Cfgc, shop: Path) -> None:
    """A name that stands deeper is nearer than one that is spelt alike."""
    (shop / "environments/base/managers/path-manager.yaml").write_text("retention: 3\n")
    for path in ("path-manager", "path-manager.retention"):
        assert f"Did you mean `managers.{path}`?" in cfgc(shop, "show", "prod", path).err
