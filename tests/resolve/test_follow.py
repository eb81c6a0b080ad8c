"""`follow`: where a value of the resolved tree really stands, and the references on the way to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cfgc.model.keypath import parse, show
from cfgc.model.values import INCLUDE

Run = Callable[..., Any]

TREE = """
plain: {x: [1, {y: 2}]}
alias: ${plain}
far: ${alias.x[1]}
text: v${far.y}
default: ${nothing.here:-${plain.x}}
runtime: ${HOST}
m:
  <<: ${d}
  own: {a: 1}
d: {own: {b: 2}, more: "${plain.x}"}
list: ["${plain.x}"]
users: [{name: ann, role: r}]
role: ${users[name=ann].role}
"""


@pytest.mark.parametrize(
    ("path", "stands", "hops"),
    [
        ("plain.x[1].y", "plain.x[1].y", []),
        ("alias", "plain", ["alias -> plain"]),
        ("alias.x[1].y", "plain.x[1].y", ["alias -> plain"]),
        ("far", "plain.x[1]", ["far -> alias.x[1]", "alias -> plain"]),
        ("far.y", "plain.x[1].y", ["far -> alias.x[1]", "alias -> plain"]),
        ("text", "text", []),
        ("default[0]", "plain.x[0]", ["default -> plain.x"]),
        ("runtime", "runtime", []),
        ("m", "m", []),
        ("m.own.a", "m.own.a", []),
        ("m.own.b", "d.own.b", ["m.<< -> d"]),
        ("m.more[0]", "plain.x[0]", ["m.<< -> d", "d.more -> plain.x"]),
        ("list[0][1].y", "plain.x[1].y", ["list[0] -> plain.x"]),
        ("role", "users[0].role", ["role -> users[name=ann].role"]),
        ("plain.nowhere.else", "plain", []),
        ("alias.nowhere", "plain", ["alias -> plain"]),
    ],
)
def test_follow(path: str, stands: str, hops: list[str], run: Run) -> None:
    resolved = run(TREE)
    assert resolved.diagnostics == []
    final, found = resolved.follow(parse(path))
    assert show(final) == stands
    assert [f"{show(hop.path)} -> {show(hop.target)}" for hop in found] == hops


def test_follow_in_a_tree_without_references(run: Run) -> None:
    assert run("{a: {b: 1}}").follow(("a", "b")) == (("a", "b"), ())


def test_follow_what_could_not_be_resolved(run: Run) -> None:
    resolved = run("{a: '${b}', b: '${a}', c: '${d.x}', d: {}}")
    assert resolved.follow(("a",)) == (("a",), ())
    assert resolved.follow(("c",)) == (("c",), ())


def test_references_say_who_refers_to_what_in_the_end(run: Run) -> None:
    found = {f"{show(hop.path)} -> {show(hop.target)}" for hop in run(TREE).references}
    assert found == {
        "alias -> plain",
        "far -> plain.x[1]",
        "text -> plain.x[1].y",
        "default -> plain.x",
        "m.<< -> d",
        "d.more -> plain.x",
        "list[0] -> plain.x",
        "role -> users[0].role",
    }


def test_the_path_of_an_include_is_its_own_key(run: Run) -> None:
    hop = next(hop for hop in run(TREE).references if hop.target == ("d",))
    assert hop.path == ("m", INCLUDE)
