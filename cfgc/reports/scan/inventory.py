"""The inventory as values: what each file says (`Facts`, which travel as JSON between processes), and all together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from cfgc.external.git.commits import Commit
from cfgc.reports.scan.code.findings import Struct
from cfgc.reports.scan.outline import Problem
from cfgc.reports.scan.secrets.find import Suspicion

State: TypeAlias = Literal["ok", "broken", "template", "encrypted", "binary", "not-checked"]
"""Whether a file parses: `template` is text that a tool turns into the format, `encrypted` is opaque as a whole."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the content of one file tells. `note` says why a state is what it is, in words of ours."""

    path: str
    format: str
    role: str
    size: int
    state: State
    blob: str = ""
    note: str = ""
    problem: Problem | None = None
    keys: int = 0
    top: tuple[str, ...] = ()
    documents: int = 1
    whole: bool = True
    declared: tuple[str, ...] = ()
    used: Mapping[str, int] = field(default_factory=dict)
    """variables that are read or referred to -> the first line that does"""
    expects: tuple[str, ...] = ()
    """of a template: the names that its expressions begin with"""
    encrypted: Mapping[str, int] = field(default_factory=dict)
    """what is encrypted in it: how -> how many values"""
    suspected: tuple[Suspicion, ...] = ()
    structs: tuple[Struct, ...] = ()

    def as_data(self) -> list[Any]:
        """The facts as JSON-able data."""
        return [getattr(self, name) for name in self.__slots__]

    @classmethod
    def from_data(cls, data: list[Any]) -> Facts:
        """The facts that `as_data` gave, here or in another process."""
        given: dict[str, Any] = dict(zip(cls.__slots__, data, strict=True))
        given["problem"] = Problem(*given["problem"]) if given["problem"] else None
        given["suspected"] = tuple(Suspicion(*each) for each in given["suspected"])
        given["structs"] = tuple(Struct(name, line, kind, tuple(keys)) for name, line, kind, keys in given["structs"])
        for name in ("top", "declared", "expects"):
            given[name] = tuple(given[name])
        return cls(**given)


class LastCommit(NamedTuple):
    """A commit that made a file what it is, or was; `date` is the day it was committed."""

    id: str
    author: str
    date: str
    subject: str

    @classmethod
    def of(cls, commit: Commit) -> LastCommit:
        """The same of a commit of Git."""
        return cls(commit.id, commit.author.name, commit.committer.date[:10], commit.subject)


class Source(NamedTuple):
    """One configuration source. `commit` is none where nobody asked, where the file is `changed` since, or too old."""

    facts: Facts
    owners: tuple[str, ...] = ()
    commit: LastCommit | None = None
    changed: bool = False


class Skipped(NamedTuple):
    """A path that by its name is configuration and was not read, and why."""

    path: str
    reason: str


class Past(NamedTuple):
    """A secret in plain text in a blob that some commit has and the working tree has not.

    `brought` is the first commit that had it, `removed` the last that took it away; none where that is not known.
    """

    path: str
    blob: str
    suspicion: Suspicion
    brought: LastCommit | None = None
    removed: LastCommit | None = None


class Variable(NamedTuple):
    """An environment variable, or a variable of Terraform or CI: the files that set it and those that read it."""

    name: str
    declared: tuple[str, ...]
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that `cfgc scan` tells of one folder, in path order."""

    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...] = ()
    date: str = ""
    commit: str = ""
    with_commits: bool = False
    with_owners: bool = False
    past: tuple[Past, ...] | None = None

    def variables(self) -> list[Variable]:
        """All variables by name."""
        declared: dict[str, list[str]] = {}
        used: dict[str, list[str]] = {}
        for facts in (source.facts for source in self.sources):
            for name in facts.declared:
                declared.setdefault(name, []).append(facts.path)
            for name in facts.used:
                used.setdefault(name, []).append(facts.path)
        return [
            Variable(name, tuple(declared.get(name, ())), tuple(used.get(name, ())))
            for name in sorted({*declared, *used})
        ]

    def summary(self) -> dict[str, int]:
        """The numbers of the whole."""
        facts = [source.facts for source in self.sources]
        suspected = [each for one in facts for each in one.suspected]
        return {
            "sources": len(facts),
            "bytes": sum(one.size for one in facts),
            "keys": sum(one.keys for one in facts),
            "broken": sum(one.state == "broken" for one in facts),
            "templates": sum(one.state == "template" for one in facts),
            "encrypted": sum(bool(one.encrypted) or one.state == "encrypted" for one in facts),
            "suspected": sum(each.allowed is None for each in suspected),
            "allowed": sum(each.allowed is not None for each in suspected),
            "structs": sum(len(one.structs) for one in facts),
            "variables": len(self.variables()),
            "skipped": len(self.skipped),
        }
