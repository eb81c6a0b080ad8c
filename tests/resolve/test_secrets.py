"""A secret operand makes a secret result, sealed and revealed; nothing shows the plain text (SPEC sections 5 and 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cfgc.model.keypath import KeyPath
from cfgc.model.reveal import plain_value
from cfgc.model.values import MASK, Secret, Unknown, Value, Variable

Run = Callable[..., Any]


def sealed(kind: Any = "string", name: str = "A") -> Secret:
    return Secret(f"<{name}>", kind)


def revealed(plain: Value, kind: Any = "string", name: str = "A") -> Secret:
    return Secret(f"<{name}>", kind, plain)


def test_every_secret_of_the_tree_knows_its_own_path(run: Run) -> None:
    tree = run({"a": {"p": sealed()}, "l": [sealed()]}).tree
    assert tree["a"]["p"].origins == (("a", "p"),)
    assert tree["l"][0].origins == (("l", 0),)


def test_alone_a_secret_keeps_its_token_its_kind_and_its_value(run: Run) -> None:
    got = run({"a": revealed(5, "integer"), "b": "${a}"}).tree["b"]
    assert (got.token, got.kind, plain_value(got)) == ("<A>", "integer", 5)


@pytest.mark.parametrize(
    ("plain", "kind", "text"),
    [(5, "integer", "5"), (True, "boolean", "true"), (0.5, "number", "0.5"), ("a b", "string", "a b")],
)
def test_inside_text_a_secret_of_any_kind_is_a_string(plain: Value, kind: str, text: str, run: Run) -> None:
    got = run({"a": revealed(plain, kind), "b": "x${a}y"}).tree["b"]
    assert (got.token, got.kind, plain_value(got)) == ("x<A>y", "string", f"x{text}y")


def test_a_sealed_text_has_no_plain_value(run: Run) -> None:
    got = run({"a": sealed(), "b": revealed("x", name="B"), "c": "${a}${b}"}).tree["c"]
    assert got.token == "<A><B>"
    assert not got.revealed


def test_origins_of_all_operands_are_kept_once(run: Run) -> None:
    got = run({"a": sealed(), "b": sealed(name="B"), "c": "${a}${b}", "d": "${c}-${a}"}).tree["d"]
    assert got.token == "<A><B>-<A>"
    assert got.origins == (("a",), ("b",))


def test_a_runtime_variable_beside_a_secret(run: Run) -> None:
    got = run({"a": revealed(7, "integer"), "b": "${USER}:${a}@h"}).tree["b"]
    assert isinstance(got, Unknown)
    assert got.secret
    user, colon, part, rest = got.parts
    assert (user, colon, rest) == (Variable("USER"), ":", "@h")
    assert isinstance(part, Secret)
    assert (part.kind, plain_value(part), part.origins) == ("string", "7", (("a",),))
    assert repr(got) == f"${{USER}}:{MASK}@h"


def test_a_variable_at_a_secret_path_is_filled_in_as_a_secret(run: Run) -> None:
    tree = run(
        {"db": {"p": "${PASSWORD}", "u": "x:${PASSWORD}"}, "q": "${PASSWORD}"},
        variables={"PASSWORD": "hunter2"},
        annotations=Secrets(),
    ).tree
    assert isinstance(tree["db"]["p"], Secret)
    assert tree["db"]["p"].token == "${PASSWORD}"
    assert plain_value(tree["db"]["p"]) == "hunter2"
    assert plain_value(tree["db"]["u"]) == "x:hunter2"
    assert tree["q"] == "hunter2"


class Secrets:
    """Schemas that say `x-cfgc-secret: true` at `db` and below."""

    def root(self) -> Secrets.At:
        return Secrets.At(())

    def get(self, keyword: str, path: KeyPath) -> Any:
        return None

    def uses(self, keyword: str) -> bool:
        return True

    class At:
        def __init__(self, path: KeyPath) -> None:
            self.path = path

        def step(self, step: str | int) -> Secrets.At:
            return Secrets.At((*self.path, step))

        def get(self, keyword: str) -> Any:
            return True if (keyword, self.path) == ("x-cfgc-secret", ("db",)) else None
