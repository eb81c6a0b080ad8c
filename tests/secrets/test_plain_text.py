"""`x-cfgc-secret: true`: a value in plain text there is an error that needs no key to find (SPEC section 6)."""

from __future__ import annotations

from typing import Any

import pytest

from cfgc.model.keypath import KeyPath
from cfgc.model.values import INCLUDE, Marked, Secret, Unknown, Value, Variable
from cfgc.stages.resolve.template import only_references
from cfgc.stages.secrets.plain_text import check_plain_text


class Schemas:
    """`x-cfgc-*` keywords by key path."""

    def __init__(self, keywords: dict[tuple[KeyPath, str], Any]) -> None:
        self.keywords = keywords

    def root(self) -> At:
        return At(self, ())

    def get(self, keyword: str, path: KeyPath) -> Any:
        return self.keywords.get((path, keyword))

    def uses(self, keyword: str) -> bool:
        return any(name == keyword for _, name in self.keywords)


class At:
    def __init__(self, schemas: Schemas, path: KeyPath) -> None:
        self.schemas, self.path = schemas, path

    def step(self, step: str | int) -> At | None:
        path = (*self.path, step)
        known = any(other[: len(path)] == path for other, _ in self.schemas.keywords)
        return At(self.schemas, path) if known else None

    def get(self, keyword: str) -> Any:
        return self.schemas.get(keyword, self.path)


SECRET = Secret("TOKEN", "string")


def found(tree: Value, **paths: bool) -> list[str]:
    schemas = Schemas({(tuple(path.split("__")), "x-cfgc-secret"): value for path, value in paths.items()})
    return [finding.path_text for finding in check_plain_text(tree, schemas, only_references)]


@pytest.mark.parametrize("value", ["hunter2", 5, 0, True, False, 0.5, "x${a}", "${A:-hunter2}", " ", "$${a}"])
def test_a_plain_value_is_an_error(value: Value) -> None:
    assert found({"db": {"password": value, "user": "u"}}, db__password=True) == ["db.password"]


@pytest.mark.parametrize(
    "value", ["", None, "${a.b}", "${A}", "${A:?set it}", SECRET, Unknown((Variable("A"),)), {}, []]
)
def test_what_satisfies_it(value: Value) -> None:
    assert found({"db": {"password": value}}, db__password=True) == []


def test_every_leaf_below_counts() -> None:
    tree = {"db": {"a": "x", "b": [SECRET, {"c": 1}], INCLUDE: "${d}"}, "e": "x"}
    assert found(tree, db=True) == ["db.a", "db.b[1].c"]


def test_one_layer_before_merging_may_hold_markers() -> None:
    tree = {"db": Marked("replace", {"a": Marked("append", ["x", SECRET]), "b": Marked("unset", None)})}
    assert found(tree, db=True) == ["db.a[0]"]


def test_the_nearest_keyword_decides() -> None:
    assert found({"db": {"a": "x", "public": {"b": "x", "c": "y"}}}, db=True, db__public=False, db__public__c=True) == [
        "db.a",
        "db.public.c",
    ]


def test_without_the_keyword_nothing_is_looked_at() -> None:
    assert check_plain_text({"a": "x"}, Schemas({((), "x-cfgc-merge"): "append"}), only_references) == []


def test_the_finding_neither_holds_the_value_nor_lets_its_line_be_quoted() -> None:
    schemas = Schemas({(("a",), "x-cfgc-secret"): True})
    (finding,) = check_plain_text({"a": "hunter2"}, schemas, only_references)
    assert finding.is_error
    assert not finding.quotable
    assert "hunter2" not in repr(finding)
