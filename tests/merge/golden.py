"""A golden case of the folder `cases`: its files and what must come out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from cfgc.model.project import MergeRules
from cfgc.stages.merge import Merged
from tests.merge.texts import merge_texts


@dataclass
class Case:
    """A golden case: what it shows, its layer files, and what must come out."""

    title: str
    files: dict[str, str] = field(default_factory=dict)
    rules: MergeRules = field(default_factory=MergeRules)
    schema: dict[str, Any] = field(default_factory=dict)
    sets: tuple[str, ...] = ()
    expected: dict[str, str] = field(default_factory=dict)

    def merge(self) -> Merged:
        return merge_texts(self.files, rules=self.rules, schema=self.schema, sets=self.sets)


def read_case(path: Path) -> Case:
    title, *rest = re.split(r"^--- (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    case = Case(title.strip())
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        _add(case, name, text)
    return case


def _add(case: Case, name: str, text: str) -> None:
    if name == "rules":
        case.rules = MergeRules(**yaml.safe_load(text))
    elif name == "schema":
        case.schema = yaml.safe_load(text)
    elif name == "set":
        case.sets = tuple(text.splitlines())
    elif re.search(r"\.(yaml|json|toml)$", name):
        case.files[name] = text
    else:
        case.expected[name] = text
