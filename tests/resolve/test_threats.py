"""THREATS group G2: every case of bad or hostile references."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cfgc.diagnostics import Diagnostic
from cfgc.model.location import Location
from cfgc.model.reveal import plain_value
from cfgc.model.values import Secret, Unknown, masked

Run = Callable[..., Any]
Findings = Callable[..., list[str]]
LONG = 100_000


def only(resolved: Any) -> Diagnostic:
    assert len(resolved.diagnostics) == 1, [found.message for found in resolved.diagnostics]
    found: Diagnostic = resolved.diagnostics[0]
    return found


# R01: cycles


@pytest.mark.parametrize(
    ("tree", "ring"),
    [
        ("{a: '${a}'}", ["a", "a"]),
        ("{b: '${a}', a: '${b}'}", ["a", "b", "a"]),
        ("{a: 'x${b}', b: '${c}', c: '${a}y'}", ["a", "b", "c", "a"]),
        ("{a: {x: '${a}'}}", ["a.x", "a.x"]),
        ("{a: '${b.x}', b: {x: '${a}'}}", ["a", "b.x", "a"]),
        ("{a: '${b:-1}', b: '${a:-2}'}", ["a", "b", "a"]),
        ("{a: '${HOST:-${b}}', b: '${a}'}", ["a", "b", "a"]),
        ("{a: '${a.b}'}", ["a", "a"]),
    ],
)
def test_r01_a_cycle_is_reported_once_with_every_hop(tree: str, ring: list[str], run: Run) -> None:
    found = only(run(tree))
    assert found.name == "reference-cycle"
    assert found.message == f"`{ring[0]}` refers to itself: " + " -> ".join(f"`{hop}`" for hop in ring)


def test_r01_every_hop_has_its_position(run: Run) -> None:
    found = only(run("{a: '${b}', b: '${c}', c: '${a}'}", place=lambda path: Location(f"{path[0]}.yaml", 3)))
    assert found.path == ("a",)
    assert found.label == "needs `b`"
    assert [(label.location.file, label.message) for label in found.related] == [
        ("b.yaml", "needs `c`"),
        ("c.yaml", "needs `a`"),
    ]


def test_r01_who_depends_on_a_cycle_stays_silent_and_the_rest_is_resolved(run: Run) -> None:
    resolved = run("{a: '${b}', b: '${a}', c: 'x${a}', d: '${e}', e: 1}")
    assert only(resolved).name == "reference-cycle"
    assert resolved.tree["d"] == 1
    assert masked(resolved.tree["c"]) == "x${a}"


def test_r01_two_cycles_are_two_findings(run: Run) -> None:
    resolved = run("{a: '${b}', b: '${a}', c: '${d}', d: '${c}'}")
    assert sorted(found.path for found in resolved.diagnostics) == [("a",), ("c",)]


# R02: long chains, deep nesting


def test_r02_a_chain_of_100000_references(run: Run) -> None:
    tree: dict[str, Any] = {f"a{index}": f"${{a{index + 1}}}" for index in range(LONG)}
    resolved = run({**tree, f"a{LONG}": 7})
    assert resolved.diagnostics == []
    assert set(resolved.tree.values()) == {7}
    path, hops = resolved.follow(("a0",))
    assert path == (f"a{LONG}",)
    assert len(hops) == LONG


def test_r02_a_ring_of_20000_references(run: Run) -> None:
    found = only(run({f"a{index}": f"${{a{(index + 1) % 20_000}}}" for index in range(20_000)}))
    assert found.name == "reference-cycle"
    assert len(found.message) < 500


def test_r02_a_chain_of_20000_maps_in_each_other(run: Run) -> None:
    resolved = run({f"a{index}": {"x": f"${{a{index + 1}}}"} for index in range(20_000)} | {"a20000": 1})
    assert {found.name for found in resolved.diagnostics} == {"references-too-large"}


def test_r02_a_reference_in_the_name_of_another_is_refused_50_deep(findings: Findings) -> None:
    assert findings({"a": "${x." * 50 + "y" + "}" * 50}) == [
        "invalid-reference a: cannot read a reference: a reference stands in the name of another"
    ]


@pytest.mark.parametrize(("depth", "names"), [(50, []), (51, ["invalid-reference"]), (20_000, ["invalid-reference"])])
def test_r02_defaults_in_defaults(depth: int, names: list[str], run: Run) -> None:
    resolved = run({"a": "${x:-" * depth + "y" + "}" * depth})
    assert [found.name for found in resolved.diagnostics] == names


# R03: output size


def test_r03_texts_that_double(run: Run) -> None:
    tree = {"v0": "xy"} | {f"v{index}": f"${{v{index - 1}}}${{v{index - 1}}}" for index in range(1, 41)}
    found = only(run(tree))
    assert found.name == "references-too-large"
    assert "longer than 8 MiB" in found.message


def test_r03_maps_that_double(run: Run) -> None:
    tree: dict[str, Any] = {"v0": {"k": 1}}
    tree |= {f"v{index}": {"a": f"${{v{index - 1}}}", "b": f"${{v{index - 1}}}"} for index in range(1, 41)}
    assert "keys and items" in only(run(tree)).message


def test_r03_includes_that_double(run: Run) -> None:
    lines = [
        f"  v{index}: {{a: {{<<: '${{v.v{index - 1}}}'}}, b: {{<<: '${{v.v{index - 1}}}'}}}}" for index in range(1, 41)
    ]
    assert "keys and items" in only(run("v:\n  v0: {k: 1}\n" + "\n".join(lines))).message


def test_r03_a_long_text_in_many_places(run: Run) -> None:
    tree = {"text": "x" * (1 << 20)} | {f"k{index}": "${text}" for index in range(300)}
    assert "256 MiB" in only(run(tree)).message


@pytest.mark.parametrize(("size", "names"), [(8 << 20, []), ((8 << 20) + 1, ["references-too-large"])])
def test_r03_the_longest_text(size: int, names: list[str], run: Run) -> None:
    resolved = run({"a": "x" * (size - 1), "b": "${a}y"})
    assert [found.name for found in resolved.diagnostics] == names


@pytest.mark.parametrize(("depth", "names"), [(199, []), (200, ["references-too-large"])])
def test_r03_the_deepest_value(depth: int, names: list[str], run: Run) -> None:
    """Each map holds the next; with the map around it the first is one level deeper than what it refers to."""
    tree = {f"a{index}": {"x": f"${{a{index + 1}}}"} for index in range(depth)} | {f"a{depth}": {"x": 1}}
    resolved = run({**tree, "all": "${a0}"})
    assert [found.name for found in resolved.diagnostics] == names


# R04: wrong kinds and places


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("${a.missing}", "unknown-reference at: `a.missing` does not exist"),
        ("${a.__class__}", "unknown-reference at: `a.__class__` does not exist"),
        ("${a.s.upper}", "reference-into-scalar at: `a.s.upper` does not exist: `a.s` is a string, not a map"),
        ("${a.n.real}", "reference-into-scalar at: `a.n.real` does not exist: `a.n` is an integer, not a map"),
        ("${a.l.append}", "reference-into-scalar at: `a.l.append` does not exist: `a.l` is a list, not a map"),
        ("${a.l[-1]}", "reference-out-of-range at: `a.l[-1]` does not exist: the list has 2 items, counted from 0"),
        ("${a.l[2]}", "reference-out-of-range at: `a.l[2]` does not exist: the list has 2 items, counted from 0"),
        ("${a[0]}", "reference-into-scalar at: `a[0]` does not exist: `a` is a map, not a list"),
        ("${a.l[name=x]}", "unknown-reference at: `a.l[name=x]` does not exist"),
        ("${a.twins[name=x].v}", "ambiguous-reference at: `a.twins[name=x].v` fits more than one item of the list"),
        ("${a.twins[name=x].v:-d}", "ambiguous-reference at: `a.twins[name=x].v` fits more than one item of the list"),
        ("${a.s.x:-d}", "reference-into-scalar at: `a.s.x` does not exist: `a.s` is a string, not a map"),
        ("x${a.l}", "reference-not-scalar at: `a.l` is a list and cannot stand inside text"),
        ("x${a}", "reference-not-scalar at: `a` is a map and cannot stand inside text"),
        ("x${a.null}", "reference-not-scalar at: `a.null` is null and cannot stand inside text"),
        ("${..a}", "invalid-reference at: cannot read a reference: `..a` climbs above the root"),
        ("${a.b:-x", "invalid-reference at: cannot read a reference: a `${` is never closed"),
        ("${a[", "invalid-reference at: cannot read a reference: a `${` is never closed"),
        ("${a[}", "invalid-reference at: cannot read a reference: unexpected `[` in a reference"),
        (
            "x${a.huge}",
            "reference-not-scalar at: `a.huge` is an integer of too many digits and cannot stand inside text",
        ),
        ("${a.b", "invalid-reference at: cannot read a reference: a `${` is never closed"),
        ("${}", "invalid-reference at: cannot read a reference: a reference is empty"),
        ("${.}", "invalid-reference at: cannot read a reference: a reference is empty"),
        ("${:-x}", "invalid-reference at: cannot read a reference: a reference is empty"),
        ("${a b}", "invalid-reference at: cannot read a reference: `a b` is no key path (position 2)"),
        ("${a..b}", "invalid-reference at: cannot read a reference: `a..b` is no key path (position 3)"),
        ("${env:1}", "invalid-reference at: cannot read a reference: `1` is no name of an environment variable"),
    ],
)
def test_r04_typed_errors(reference: str, message: str, findings: Findings) -> None:
    tree = {
        "a": {
            "s": "text",
            "n": 5,
            "l": [1, 2],
            "null": None,
            "huge": 1 << 20_000,
            "twins": [{"name": "x", "v": 1}, {"name": "x", "v": 2}],
        },
        "at": reference,
    }
    assert findings(tree) == [message]


def test_r04_every_bad_reference_of_a_text_is_reported(findings: Findings) -> None:
    assert [each.split(":")[0] for each in findings("{a: '${x}-${y}-${b}', b: 1}")] == ["unknown-reference a"] * 2


@pytest.mark.parametrize(
    ("tree", "help"),
    [
        ("{db: {host: h}, at: '${db.hots}'}", "did you mean `${db.host}`?"),
        ("{db: {host: h, at: '${.hots}'}}", "did you mean `${.host}`?"),
        ("{db: {host: {port: 1}, deep: {at: '${..host.prot}'}}}", "did you mean `${..host.port}`?"),
        ("{db: {host: {port: 1}}, at: '${db.hots.port}'}", "did you mean `${db.host.port}`?"),
        ("{db: {host: h, at: '${host}'}}", "did you mean `${.host}`, the key next to it?"),
        ("{m: {<<: '${d}', at: '${hosst.x}'}, d: {a: 1}, host: {x: 1}}", "did you mean `${host.x}`?"),
        ("{m: {<<: '${d}'}, d: {timeout: 1}, at: '${m.timeuot}'}", "did you mean `${m.timeout}`?"),
        ("{m: {<<: '${d}', deep: {at: '${zzz}'}}, d: {a: 1}}", "the keys at the top are `m`, `d`"),
        ("{e: {}, at: '${e.y}'}", "`e` holds no keys; write `$${`"),
        ("{db: {user: u, port: 1}, at: '${db.zzz}'}", "the keys in `db` are `user`, `port`"),
        ("{users: [{name: ann}], at: '${users[name=bob]}'}", "no item of the list `users` is named so"),
    ],
)
def test_an_unknown_key_gets_a_did_you_mean(tree: str, help: str, run: Run) -> None:
    assert only(run(tree)).help.startswith(help)


# R05 to R08: secrets


def secret(plain: str | None = "hunter2") -> Secret:
    return Secret("ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]", "string", plain)


def test_r05_a_reference_to_a_secret_is_a_secret_and_knows_where_it_stands(run: Run) -> None:
    tree = run({"db": {"password": secret()}, "banner": "${db.password}", "url": "pg://u:${db.password}@h"}).tree
    assert isinstance(tree["banner"], Secret)
    assert tree["banner"].origins == (("db", "password"),)
    assert isinstance(tree["url"], Secret)
    assert tree["url"].origins == (("db", "password"),)
    assert plain_value(tree["url"]) == "pg://u:hunter2@h"
    assert tree["url"].token == "pg://u:ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]@h"


def test_r06_a_secret_is_never_part_of_a_name(run: Run) -> None:
    resolved = run({"db": {"password": secret()}, "${db.password}": 1, "m": {"k${db.password}": 2}})
    assert set(resolved.tree) == {"db", "${db.password}", "m"}
    assert [found.name for found in resolved.diagnostics] == ["reference-in-key"] * 2
    assert not any(found.is_error for found in resolved.diagnostics)


def test_r07_another_environment_cannot_be_named(findings: Findings) -> None:
    """One tree is one environment: no form of a reference leads into another."""
    assert findings("{a: '${prod.db.password}', b: '${prod:db.password}'}", environment="dev") == [
        "unknown-reference a: `prod.db.password` does not exist",
        "unknown-scheme b: nothing resolves `${prod:...}`",
    ]


def test_r08_the_value_of_a_secret_is_never_expanded(run: Run) -> None:
    tree = run({"s": secret("${a} {{ a }} $${a}"), "a": 1, "alone": "${s}", "text": "<${s}>"}).tree
    assert plain_value(tree["alone"]) == "${a} {{ a }} $${a}"
    assert plain_value(tree["text"]) == "<${a} {{ a }} $${a}>"


def test_r08_neither_are_files_variables_and_what_plugins_bring(run: Run) -> None:
    context = {
        "read_file": lambda path: b"${a}",
        "variables": {"NAME": "${a}"},
        "resolvers": {"up": lambda rest: "${a}"},
    }
    tree = run({"a": 1, "f": "${file:x}", "v": "${NAME}", "p": "${up:x}", "all": "${f}${v}${p}"}, **context).tree
    assert tree == {"a": 1, "f": "${a}", "v": "${a}", "p": "${a}", "all": "${a}${a}${a}"}


# R09: what could reach out


@pytest.mark.parametrize("scheme", ["exec", "cmd", "http", "https", "env2", "python", "vault"])
def test_r09_core_has_no_other_resolvers(scheme: str, findings: Findings) -> None:
    assert findings({"a": f"${{{scheme}:id}}"}) == [f"unknown-scheme a: nothing resolves `${{{scheme}:...}}`"]


def test_r09_the_process_environment_is_not_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME_OF_ANN", "canary")
    assert isinstance(run({"a": "${env:HOME_OF_ANN}"}).tree["a"], Unknown)


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x", "a/../../x", "./x", "a//b", "", "a\\b", "C:\\x", "a\nb", ".git/config", "a/.GIT/x", "x\0y"],
)
def test_r09_no_file_outside_of_the_project_or_in_git(path: str, run: Run) -> None:
    def read(_: str) -> bytes:
        raise AssertionError("must not be read")

    assert only(run({"a": f"${{file:{path}}}"}, read_file=read)).name == "unreadable-text-file"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x" * (1 << 20), None),
        (b"x" * ((1 << 20) + 1), "it is larger than 1 MiB"),
        (b"\xff", "it is not UTF-8"),
        (b"a: ENC[AES256_GCM,data:x", "it is encrypted"),
        (FileNotFoundError(), "it does not exist"),
        (OSError(), "it is no regular file"),
    ],
)
def test_r09_only_text_files_of_a_reasonable_size(content: bytes | OSError, reason: str | None, run: Run) -> None:
    def read(_: str) -> bytes:
        if isinstance(content, OSError):
            raise content
        return content

    resolved = run({"a": "${file:x}"}, read_file=read)
    assert [found.message for found in resolved.diagnostics] == (
        [f"`x` cannot be read as text: {reason}"] if reason else []
    )


# R10: a reference that shows one target and holds another


def test_r10_a_token_says_nothing_about_its_target(run: Run) -> None:
    """References are the text that everybody sees; SOPS binds a token to its key path (see tests/secrets)."""
    resolved = run({"a": "${b}", "b": secret(), "c": secret("other")})
    assert resolved.follow(("a",))[0] == ("b",)
    assert plain_value(resolved.tree["a"]) == "hunter2"


# more of the same kind


def test_a_required_value_says_its_message(findings: Findings) -> None:
    assert findings("{a: '${b:?set b for ${c}}', c: prod}") == ["required-value a: `b` is required: set b for prod"]


def test_the_message_never_shows_a_secret(run: Run) -> None:
    found = only(run({"s": secret(), "a": "${b:?it was ${s}}"}))
    assert found.message == "`b` is required: ********"


def test_facts_that_do_not_exist(findings: Findings) -> None:
    assert findings(
        "{a: '${cfgc:enviroment}', b: '${cfgc:labels.tier}', c: '${cfgc:component}', d: '${cfgc:labels..x}'}",
        environment="prod",
    ) == [
        "unknown-fact a: `cfgc:enviroment` does not exist as a fact",
        "unknown-fact b: `cfgc:labels.tier` does not exist in environment `prod`",
        "unknown-fact c: `cfgc:component` does not exist outside of a component",
        "unknown-fact d: `cfgc:labels..x` does not exist as a fact",
    ]


def test_a_resolver_that_knows_nothing(findings: Findings) -> None:
    def vault(rest: str) -> str:
        raise LookupError(f"no entry `{rest}`")

    assert findings("{a: '${vault:x/y}', b: '${vault:x:-d}'}", resolvers={"vault": vault}) == [
        "resolver-failed a: `${vault:x/y}` cannot be resolved: no entry `x/y`"
    ]


@pytest.mark.parametrize("value", ["a}b", "${HOST}", "$${x}"])
def test_a_default_that_cannot_be_written_behind_a_variable(value: str, run: Run) -> None:
    tree = {"t": "$" + value if value.startswith("${") else value, "a": "${NAME:-${t}}"}
    assert only(run(tree)).name == "unwritable-default"


def test_a_secret_default_cannot_be_written_behind_a_variable(run: Run) -> None:
    resolved = run({"s": secret(), "a": "${NAME:-${s}}"})
    assert only(resolved).message == (
        "the default of the runtime variable `NAME` holds a secret, which cannot be written behind its name"
    )
