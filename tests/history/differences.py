"""Differences made in memory: one that a person can read, and those that Hypothesis makes of hostile texts."""

from __future__ import annotations

from hypothesis import strategies as st

from cfgc.diagnostics import Diagnostic, Severity
from cfgc.external.git.commits import Commit, Person
from cfgc.history.changes import Change
from cfgc.history.difference import (
    ArtifactChange,
    Difference,
    EnvironmentDifference,
    Findings,
    RuleChange,
    Shadowed,
    SharedEdit,
    ValueChange,
)
from cfgc.model.keypath import Item, KeyPath
from cfgc.model.location import Location
from cfgc.model.values import MASK, Value

WEB = "managers.web"
BASE, PROD = "environments/base/managers/web.yaml", "environments/prod/managers/web.yaml"


def person(name: str) -> Person:
    return Person(name, "ann@example.org", "2026-01-02T03:04:05+00:00")


def commit(name: str = "Ann Example", message: str = "a change\n") -> Commit:
    return Commit("1a2b3c4d" * 5, (), person(name), person(name), message)


def value(change: Change, file: str = BASE, line: int = 2, by: Commit | None = None) -> ValueChange:
    component = WEB if change.path[:2] == ("managers", "web") else ""
    return ValueChange(change, component, Location(file, line), change.kind == "removed", "base", by)


def at(*steps: str | Item) -> KeyPath:
    return ("managers", "web", *steps)


MOVED = (
    value(Change(at("host"), "added", new="a.example.org", moved=at("address"))),
    value(Change(at("address"), "removed", old="a.example.org", moved=at("host")), line=1),
)
CHANGES = (
    value(Change(at("replicas"), "changed", 2, 3), PROD, 4, commit()),
    value(Change(at("port"), "type-changed", "80", 80)),
    value(Change(at("routes", Item("name", "a|b")), "added", new={"name": "a|b", "to": "/x"})),
    value(Change(at("debug"), "removed", True)),
    value(Change(at("password"), "secret-changed", MASK, MASK, True)),
    *MOVED,
    value(Change(("platform", "motd"), "changed", "one\ntwo\n", "one\n2\n")),
)
ARTIFACTS = (
    ArtifactChange("web/.env", WEB, "changed", b"A=1\nB=2\n", b"A=1\nB=3\n"),
    ArtifactChange("web/logo", WEB, "removed", b"\xff", None),
    ArtifactChange("compose.yaml", "", "added", None, b"x: 1\n"),
)


def finding(message: str, severity: Severity = Severity.ERROR, environment: str = "prod") -> Diagnostic:
    return Diagnostic("CFG622", "missing-key", severity, message, Location(BASE, 7), environment=environment)


FULL = Difference(
    "main",
    "working tree",
    {
        "test": EnvironmentDifference("test", False, CHANGES[:1], (), (WEB,)),
        "prod": EnvironmentDifference("prod", True, CHANGES, ARTIFACTS, (WEB,)),
        "same": EnvironmentDifference("same", False, (), (), (WEB,)),
        "new": EnvironmentDifference("new", False, CHANGES[1:2], (), (WEB,), "added"),
    },
    (
        Shadowed(at("a"), "prod", Location(BASE, 3), Location(PROD, 4)),
        Shadowed(at("b"), "prod", Location(BASE, 3), Location(PROD, 4)),
    ),
    (RuleChange("recipient", "environments/prod/x.sops.yaml", "changed", "+age1new -age1old"),),
    (SharedEdit(BASE, "base", ("test", "prod"), production=True),),
    Findings(
        (
            finding("`managers.web` lacks `a`, which its schema requires"),
            finding("`managers.web` lacks `a`, which its schema requires", environment="test"),
            finding("`managers.web.b` is deprecated", Severity.WARNING),
        ),
        (finding("`managers.web` lacks `c`"),),
    ),
)
NOTHING = Difference("main", "working tree", {"prod": EnvironmentDifference("prod", True, (), (), ())}, (), (), (),
                     Findings((), ()))  # fmt: skip

HOSTILE = (
    "@all", "@user", "#1", "!1", "~label", "%milestone", "$snippet", "/approve", "\n/merge", " /label ~x", "`", "``",
    "`` ` ``", "```", "\n```\n/approve\n```", "</details>", "<img src=x onerror=alert(1)>", "![](http://x)",
    "[a](http://x)", "<http://x>", "http://x.example", "www.x.example", "a@b.example", "|", "\\|", "\\", "a\\", "\\`",
    "`|`", "<!--", "-->", "<script>", "</script>", "<style>", "</style>", "]]>", "&#64;all", "&lt;", "{{ x }}",
    "{% raw %}", "\x1b[31m", "\r", "\x00", "\x85", "\u2028", "\u202e", "\ud800", "***", "__", "~~~", "---", "\t", " ",
    '"', "'", '" onclick="x', "javascript:x", ":smile:", "$`x`$", "[[_TOC_]]", "GL-1", "1a2b3c4d5e6f", "\n\n",
    "x" * 900,
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=3), st.just(" ")), max_size=4).map("".join)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(TEXTS, st.integers(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXTS, inner, max_size=2)),
    max_leaves=4,
)
_STEPS = st.one_of(TEXTS, st.integers(0, 9), st.builds(Item, TEXTS, TEXTS))
_PATHS = st.lists(_STEPS, min_size=1, max_size=2).map(tuple)
_PLACES = st.builds(Location, TEXTS, st.integers(0, 9))
_COMMITS = st.one_of(st.none(), st.builds(commit, TEXTS, TEXTS))
_CHANGES = st.builds(
    Change, _PATHS, st.sampled_from(["added", "removed", "changed", "type-changed", "secret-changed"]), VALUES, VALUES,
    moved=st.one_of(st.none(), _PATHS),
)  # fmt: skip
_VALUE_CHANGES = st.builds(ValueChange, _CHANGES, TEXTS, st.one_of(st.none(), _PLACES), st.booleans(), TEXTS, _COMMITS)
_BYTES = st.lists(TEXTS, max_size=3).map(lambda parts: "\n".join(parts).encode("utf-8", "replace"))
_STATUSES = st.sampled_from(["added", "removed", "changed"])
_ARTIFACTS = st.builds(ArtifactChange, TEXTS, TEXTS, _STATUSES, st.one_of(st.none(), _BYTES), _BYTES)
_ENVIRONMENTS = st.builds(
    EnvironmentDifference, TEXTS, st.booleans(), st.lists(_VALUE_CHANGES, max_size=3).map(tuple),
    st.lists(_ARTIFACTS, max_size=2).map(tuple), st.just(()), _STATUSES,
)  # fmt: skip
_RULES = st.builds(RuleChange, st.sampled_from(["schema", "recipient", "setting"]), TEXTS, _STATUSES, TEXTS)
_SHADOWED = st.builds(Shadowed, _PATHS, TEXTS, _PLACES, _PLACES)
_SHARED = st.builds(SharedEdit, TEXTS, TEXTS, st.lists(TEXTS, max_size=2).map(tuple), st.booleans())
_DIAGNOSTICS = st.builds(
    Diagnostic, st.just("CFG622"), st.just("missing-key"), st.sampled_from(Severity), TEXTS,
    st.one_of(st.none(), _PLACES), path=st.one_of(st.none(), _PATHS), environment=TEXTS,
)  # fmt: skip
_FINDINGS = st.lists(_DIAGNOSTICS, max_size=2).map(tuple)
DIFFERENCES = st.builds(
    Difference, TEXTS, TEXTS,
    st.lists(_ENVIRONMENTS, max_size=2).map(lambda found: {each.name: each for each in found}),
    st.lists(_SHADOWED, max_size=2).map(tuple), st.lists(_RULES, max_size=2).map(tuple),
    st.lists(_SHARED, max_size=2).map(tuple), st.builds(Findings, _FINDINGS, _FINDINGS),
)  # fmt: skip
