"""Trees are written as YAML, as a user would; `${...}` and `<<` reach the resolver as the reader hands them over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cfgc.model.keypath import show
from cfgc.model.values import Value, masked
from cfgc.stages.read import read_text
from cfgc.stages.resolve import Context, Resolved, resolve

Run = Callable[..., Resolved]


def tree_of(yaml: str) -> Value:
    """The tree that a YAML text holds."""
    tree, findings = read_text(yaml.encode(), "<tree>", "yaml")
    assert not findings, findings
    return tree


@pytest.fixture
def tree() -> Callable[[str], Value]:
    return tree_of


@pytest.fixture
def run() -> Run:
    """A function that resolves a YAML text (or a tree); keyword arguments make the context."""

    def go(source: str | dict[str, Any], **context: Any) -> Resolved:
        return resolve(tree_of(source) if isinstance(source, str) else source, Context(**context))

    return go


@pytest.fixture
def value(run: Run) -> Callable[..., Value]:
    """A function that resolves a YAML text without any finding and returns the tree, unknowns and secrets as text."""

    def go(source: str | dict[str, Any], **context: Any) -> Value:
        resolved = run(source, **context)
        assert resolved.diagnostics == []
        return masked(resolved.tree)

    return go


@pytest.fixture
def findings(run: Run) -> Callable[..., list[str]]:
    """A function that resolves a YAML text and returns its findings as `NAME PATH: MESSAGE`, sorted."""

    def go(source: str | dict[str, Any], **context: Any) -> list[str]:
        found = run(source, **context).diagnostics
        return sorted(f"{each.name} {show(each.path or ())}: {each.message}" for each in found)

    return go
