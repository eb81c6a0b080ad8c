"""A project in memory, and its policies held against trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from textwrap import dedent
from typing import Any

import pytest

from cfgc.diagnostics import Diagnostic
from cfgc.model.keypath import KeyPath, parse, show
from cfgc.stages.check import policy
from cfgc.stages.check.policy import Policies, Subject, Verdict
from cfgc.stages.read import Reader
from tests.memory import Memory


@dataclass
class Loaded:
    """Policies, what loading found, and a way to hold them against a tree."""

    policies: Policies
    found: list[Diagnostic]

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.found]

    def judge(self, tree: dict[str, Any], environment: str = "prod", **options: Any) -> Verdict:
        """The verdict on a tree whose top-level keys' children are the components, unless `components` names them."""
        components = options.pop("components", None)
        paths = (
            [parse(text) for text in components]
            if components is not None
            else [(top, name) for top, below in tree.items() if isinstance(below, dict) for name in below]
        )
        labels = options.pop("labels", {"tier": "prod"})
        today = options.pop("today", date(2026, 11, 1))
        return self.policies.check(Subject(tree, paths, environment, labels, today, matches))

    def check(self, tree: dict[str, Any], environment: str = "prod", **options: Any) -> list[Diagnostic]:
        return self.judge(tree, environment, **options).diagnostics


def matches(pattern: str, component: KeyPath) -> bool:
    text = show(component).replace(".", "/")
    return fnmatchcase(text, pattern.replace(".", "/")) or fnmatchcase(str(component[-1]), pattern)


def load_texts(texts: Mapping[str, str]) -> Loaded:
    source = Memory({path: dedent(text).lstrip("\n") for path, text in texts.items()})
    reader = Reader(source)
    return Loaded(*policy.load(source, reader.data, reader.locator))


@pytest.fixture
def load() -> Callable[..., Loaded]:
    """A function that loads policy files: one text is `policies/p.yaml`."""

    def run(text: str = "", **files: str) -> Loaded:
        return load_texts(
            {"policies/p.yaml": text} if not files else {f"policies/{k}.yaml": v for k, v in files.items()}
        )

    return run
