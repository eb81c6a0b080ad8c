"""A secret of one component is not open to another, unless its schema shares it (SPEC section 6)."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest

from cfgc.model.keypath import KeyPath, parse, show
from cfgc.model.values import Secret, Value
from cfgc.stages.read import read_text
from cfgc.stages.resolve import Context, resolve
from cfgc.stages.secrets import Access, Components


def component_of(path: KeyPath) -> KeyPath | None:
    return path[:2] if path[:1] == ("m",) and len(path) > 1 else None


COMPONENTS = Components(component_of, lambda pattern, component: fnmatchcase(show(component), pattern))


class Shares:
    """`x-cfgc-shared-with` by key path."""

    def __init__(self, shares: dict[str, list[str]]) -> None:
        self.shares = {parse(path): patterns for path, patterns in shares.items()}

    def root(self) -> Shares.At:
        return Shares.At(self.shares, ())

    def get(self, keyword: str, path: KeyPath) -> Any:
        return self.shares.get(path)

    def uses(self, keyword: str) -> bool:
        return keyword == "x-cfgc-shared-with"

    class At:
        def __init__(self, shares: dict[KeyPath, list[str]], path: KeyPath) -> None:
            self.shares, self.path = shares, path

        def step(self, step: str | int) -> Shares.At:
            return Shares.At(self.shares, (*self.path, step))

        def get(self, keyword: str) -> Any:
            return self.shares.get(self.path) if keyword == "x-cfgc-shared-with" else None


def sealed(value: Value) -> Value:
    """The text `SECRET` stands for a sealed secret."""
    if isinstance(value, dict):
        return {key: sealed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [sealed(item) for item in value]
    return Secret("TOKEN", "string") if value == "SECRET" else value


def access(yaml: str, shares: dict[str, list[str]]) -> Access:
    tree, findings = read_text(yaml.encode(), "<tree>", "yaml")
    assert not findings
    resolved = resolve(sealed(tree), Context())
    assert not resolved.diagnostics
    return Access(resolved.tree, resolved.references, COMPONENTS, Shares(shares), lambda _: None)


def denied(yaml: str, shares: dict[str, list[str]] | None = None) -> list[str]:
    return [f"{found.path_text}: {found.message}" for found in access(yaml, shares or {}).check()]


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ("{m: {a: {x: '${m.b.p}'}, b: {p: SECRET}}}", "m.a.x"),
        ("{m: {a: {x: 'pg://${m.b.p}@h'}, b: {p: SECRET}}}", "m.a.x"),
        ("{m: {a: {x: '${HOST}${m.b.p}'}, b: {p: SECRET}}}", "m.a.x"),
        ("{m: {a: {x: '${m.b}'}, b: {c: {p: SECRET}}}}", "m.a.x"),
        ("{m: {a: {<<: '${m.b}', q: 1}, b: {p: SECRET}}}", "m.a.<<"),
        ("{m: {a: {x: '${m.b.url}'}, b: {url: 'x${.p}', p: SECRET}}}", "m.a.x"),
        ("{m: {a: {x: '${shared}'}, b: {p: SECRET}}, shared: '${m.b.p}'}", "m.a.x"),
        ("{m: {a: {x: '${s.u}'}, b: {p: SECRET}}, s: {u: 'x${..t}'}, t: '${m.b.p}'}", "m.a.x"),
        ("{m: {a: {x: ['${m.b.p}']}, b: {p: SECRET}}}", "m.a.x[0]"),
        ("{m: {a: {x: '${nothing:-${m.b.p}}'}, b: {p: SECRET}}}", "m.a.x"),
    ],
)
def test_a_reference_to_a_secret_of_another_component_is_an_error(tree: str, path: str) -> None:
    found = denied(tree)
    assert len(found) == 1
    assert found[0].startswith(f"{path}: `m.a` refers to `m.b.")
    assert found[0].endswith("a secret of `m.b`")


@pytest.mark.parametrize(
    "tree",
    [
        "{m: {a: {x: '${.p}', p: SECRET}}}",
        "{m: {a: {x: '${s.p}'}}, s: {p: SECRET}}",
        "{m: {a: {x: '${m.b.host}'}, b: {host: h, p: SECRET}}}",
        "{m: {a: {<<: '${m.b}', p: 1}, b: {p: SECRET, q: 2}}}",
        "{m: {a: {x: 1}, b: {p: SECRET}}, s: '${m.b.p}'}",
        "{m: {a: {x: '${l[1]}', y: '${l}'}}, l: [1, SECRET]}",
    ],
)
def test_what_is_open(tree: str) -> None:
    assert denied(tree) == []


@pytest.mark.parametrize(
    ("shares", "open_"),
    [
        ({"m.b.p": ["m.a"]}, True),
        ({"m.b": ["m.*"]}, True),
        ({"m.b": ["m.c"]}, False),
        ({"m.b.url": ["m.a"]}, True),
        ({"m.a.x": ["m.a"]}, False),
        ({"s": ["m.a"]}, False),
    ],
)
def test_the_schema_of_the_key_may_share_it(shares: dict[str, list[str]], open_: bool) -> None:
    tree = "{m: {a: {x: '${m.b.url}'}, b: {url: 'x${.p}', p: SECRET}}, s: 1}"
    assert (denied(tree, shares) == []) is open_


def test_the_nearest_keyword_decides() -> None:
    tree = "{m: {a: {x: '${m.b.p}'}, b: {p: SECRET}}}"
    assert denied(tree, {"m.b": ["m.a"]}) == []
    assert denied(tree, {"m.b": ["m.a"], "m.b.p": ["m.c"]}) != []


def test_sharing_a_key_does_not_share_what_others_make_of_it_elsewhere() -> None:
    for text in ("${m.b.url}", "x${m.b.p}"):
        tree = f"{{m: {{a: {{x: '${{s}}'}}, b: {{url: 'x${{.p}}', p: SECRET}}}}, s: '{text}'}}"
        assert denied(tree, {"s": ["m.a"]}) != []


def test_templates_ask_the_same_rule() -> None:
    rule = access(
        "{m: {a: {x: 1}, b: {p: SECRET, q: {r: SECRET}, host: h, url: '${.p}@'}, c: {y: SECRET}}, s: SECRET}",
        {"m.b.q": ["m.a"]},
    )
    component = ("m", "a")
    assert rule.denied(component, ("m", "b", "p")) == ("m", "b", "p")
    assert rule.denied(component, ("m", "b", "url")) == ("m", "b", "p")
    assert rule.denied(component, ("m", "b")) == ("m", "b", "p")
    assert rule.denied(component, ("m", "b", "q")) is None
    assert rule.denied(component, ("m", "b", "host")) is None
    assert rule.denied(component, ("s",)) is None
    assert rule.denied(component, ("m", "a")) is None
    assert rule.denied(("m", "b"), ("m", "b", "p")) is None
    assert rule.denied(component, ("nothing", 3, "here")) is None


def test_the_finding_is_an_error_of_the_reading_component() -> None:
    (finding,) = access("{m: {a: {x: '${m.b.p}'}, b: {p: SECRET}}}", {}).check()
    assert finding.is_error
    assert finding.component == "m.a"
    assert "x-cfgc-shared-with: [m.a]" in finding.help
