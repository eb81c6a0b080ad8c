"""What an output takes: `from`, `only`, `exclude`, `nulls`, `prefix`, `runtime` (SPEC section 8)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cfgc.model.keypath import parse
from cfgc.stages.render import Job, render
from cfgc.stages.render.emitters import FORMATS
from tests.render.world import WEB, context, emitted, output, refused, run, secret, text, unknown, web

CONFIG = {
    "a": 1,
    "db": {"url": "x", "password": secret("p"), "only": {"secret": secret("q")}},
    "users": [{"name": "ann", "key": secret("k")}],
    "none": {},
}


def paths(*texts: str) -> tuple[Any, ...]:
    return tuple(parse(one) for one in texts)


def test_section_8_from_starts_deeper() -> None:
    assert text("yaml", CONFIG, start=("db",), only="plain") == "url: x\n"
    assert text("dotenv", CONFIG, start=("db",), only="plain") == "URL=x\n"


def test_section_8_from_that_leads_nowhere_is_an_error() -> None:
    (found,) = refused("yaml", CONFIG, start=("dbs", "x"))
    assert found.name == "output-from-missing"
    assert found.location is not None
    assert found.location.file == "cfgc.yaml"
    artifacts, found_too = render(
        [Job(WEB, output(template="t.j2", start=("dbs",)))], context(web(CONFIG), templates={"t.j2": ""})
    )
    assert not artifacts
    assert [one.name for one in found_too] == ["output-from-missing"]


def test_section_8_only_plain_and_only_secret_part_the_tree() -> None:
    """A list is secret as a whole, a map that loses all it held goes with it."""
    assert yaml.safe_load(text("yaml", CONFIG, only="plain")) == {"a": 1, "db": {"url": "x"}, "none": {}}
    assert yaml.safe_load(text("yaml", CONFIG, only="secret")) == {
        "db": {"password": "p", "only": {"secret": "q"}},
        "users": [{"name": "ann", "key": "k"}],
    }


def test_section_8_only_plain_makes_a_public_artifact() -> None:
    artifact = emitted("yaml", CONFIG, only="plain")
    assert not artifact.secret
    assert artifact.sealed is artifact.content
    assert emitted("yaml", CONFIG).secret


def test_section_8_exclude_leaves_paths_out() -> None:
    excluded = paths("a", "db.password", "db.only", "users[0].key", "nowhere.at.all")
    assert yaml.safe_load(text("yaml", CONFIG, exclude=excluded)) == {
        "db": {"url": "x"}, "users": [{"name": "ann"}], "none": {},
    }  # fmt: skip
    assert text("yaml", CONFIG, start=("db",), exclude=excluded) == "url: x\n"


def test_section_8_exclude_names_list_items_by_a_key() -> None:
    config = {"users": [{"name": "ann", "role": "x"}, {"name": "bob", "role": "y"}], "ports": [80, 443], "none": "x"}
    excluded = paths("users[name=bob].role", "users[name=eve]", "ports[.=80]", "none[a=b]", "ports[5]")
    assert yaml.safe_load(text("yaml", config, exclude=excluded)) == {
        "users": [{"name": "ann", "role": "x"}, {"name": "bob"}], "ports": [443], "none": "x",
    }  # fmt: skip


@pytest.mark.parametrize("format", ["dotenv", "shell", "docker-env", "systemd", "toml", "properties", "k8s-configmap"])
def test_section_8_null_is_refused_where_a_format_has_none(format: str) -> None:
    (found,) = refused(format, {"a": {"b": None}})
    assert (found.name, found.path) == ("null-refused", ("managers", "web", "a", "b"))


@pytest.mark.parametrize("format", ["yaml", "json"])
def test_section_8_null_stays_where_a_format_has_it(format: str) -> None:
    assert yaml.safe_load(text(format, {"a": None, "b": [None]})) == {"a": None, "b": [None]}


def test_section_8_nulls_are_refused_omitted_or_empty() -> None:
    config = {"a": None, "b": [1, None], "c": 1}
    found = refused("yaml", config, nulls="refuse")
    assert [one.path_text for one in found] == ["managers.web.a", "managers.web.b[1]"]
    assert yaml.safe_load(text("yaml", config, nulls="omit")) == {"b": [1], "c": 1}
    assert yaml.safe_load(text("yaml", config, nulls="empty")) == {"a": "", "b": [1, ""], "c": 1}
    assert text("dotenv", config, nulls="omit") == "B=[1,null]\nC=1\n"
    assert text("dotenv", config, nulls="empty") == "A=\nB=[1,null]\nC=1\n"


RUNTIME = {"a": unknown("$URL"), "b": {"c": unknown("x-", "$B", "-", "$C")}, "l": ["x", unknown("$L")], "n": 1}
NEEDED = [
    ("URL", "managers.web.a"), ("B", "managers.web.b.c"), ("C", "managers.web.b.c"), ("L", "managers.web.l[1]"),
]  # fmt: skip


@pytest.mark.parametrize("format", ["yaml", "json", "toml", "properties"])
def test_section_8_files_keep_runtime_variables_as_text(format: str) -> None:
    artifact = emitted(format, RUNTIME)
    for written in ("${URL}", "x-${B}-${C}", "${L}"):
        assert written in artifact.content.decode()
    assert [(one.variable, one.path) for one in artifact.requires_env] == NEEDED


@pytest.mark.parametrize("format", ["dotenv", "shell", "docker-env", "systemd", "k8s-configmap"])
def test_section_8_environment_formats_leave_them_out_and_list_them(format: str) -> None:
    artifact = emitted(format, RUNTIME)
    assert b"$" not in artifact.content
    assert [(one.variable, one.path) for one in artifact.requires_env] == NEEDED
    assert [one.output for one in artifact.requires_env] == ["A", "B_C", "B_C", "L"]


@pytest.mark.parametrize("format", ["yaml", "json", "toml", "properties"])
def test_section_8_files_name_the_value_by_its_key_path(format: str) -> None:
    assert [one.output for one in emitted(format, RUNTIME).requires_env] == ["a", "b.c", "b.c", "l[1]"]


def test_section_8_a_kubernetes_secret_leaves_them_out_and_lists_them() -> None:
    config = {"url": unknown("p://", secret("pw"), "@", "$HOST"), "pw": secret("x"), "plain": unknown("$NO")}
    artifact = emitted("k8s-secret", config)
    assert list(yaml.safe_load(artifact.content)["data"]) == ["PW"]
    assert artifact.requires_env == (("HOST", "managers.web.url", "URL"),)
    kept = emitted("k8s-secret", config, runtime="keep")
    assert list(yaml.safe_load(kept.content)["data"]) == ["URL", "PW"]


@pytest.mark.parametrize("format", FORMATS)
def test_section_8_every_format_refuses_runtime_variables_on_demand(format: str) -> None:
    value = unknown("$A", secret("x")) if format == "k8s-secret" else unknown("$A")
    (found,) = refused(format, {"a": value}, runtime="refuse")
    assert (found.name, found.path) == ("runtime-refused", ("managers", "web", "a"))


@pytest.mark.parametrize("format", FORMATS)
def test_section_8_only_all_is_the_default_of_every_format_but_those_of_kubernetes(format: str) -> None:
    content = emitted(format, {"plain": "pppp", "hidden": secret("hhhh")}).content.decode()
    held = {word for word in ("pppp", "hhhh", "aGhoaA==") if word in content}
    assert held == {"k8s-configmap": {"pppp"}, "k8s-secret": {"aGhoaA=="}}.get(format, {"pppp", "hhhh"})


def test_section_8_omit_leaves_out_the_entry_or_the_item() -> None:
    assert yaml.safe_load(text("yaml", RUNTIME, runtime="omit")) == {"l": ["x"], "n": 1}


def test_section_8_refuse_names_each_place() -> None:
    found = refused("yaml", RUNTIME, runtime="refuse")
    assert {one.name for one in found} == {"runtime-refused"}
    assert [one.path_text for one in found] == ["managers.web.a", "managers.web.b.c", "managers.web.l[1]"]


def test_section_8_docker_env_and_systemd_keep_the_text() -> None:
    assert text("docker-env", {"a": unknown("$URL")}, runtime="keep") == "A=${URL}\n"
    assert text("systemd", {"a": unknown("$URL")}, runtime="keep") == 'A="\\${URL}"\n'


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("yaml", {"prefix": "A_"}),
        ("json", {"name": "x"}),
        ("dotenv", {"namespace": "x"}),
        ("toml", {"labels": {"a": "b"}}),
        ("shell", {"data": "file"}),
        ("properties", {"suffix": "digest"}),
    ],
)
def test_section_8_an_option_without_meaning_is_an_error(format: str, options: dict[str, Any]) -> None:
    (found,) = refused(format, {"a": 1}, **options)
    assert found.name == "output-option"
    assert f"`{next(iter(options))}`" in found.message


def test_section_8_order_is_that_of_the_tree() -> None:
    assert text("dotenv", {"z": 1, "a": {"y": 1, "b": 1}}) == "Z=1\nA_Y=1\nA_B=1\n"
    assert text("json", {"z": 1, "a": 2}).index('"z"') < text("json", {"z": 1, "a": 2}).index('"a"')


def test_one_error_does_not_hide_the_next() -> None:
    found = refused("dotenv", {"a": "\0", "b": {"c": "${X}"}, "d": float("inf"), "e": [float("nan")]})
    assert [one.path_text for one in found] == [
        "managers.web.a", "managers.web.b.c", "managers.web.d", "managers.web.e",
    ]  # fmt: skip


def test_the_environment_is_rendered_from_the_whole_tree() -> None:
    artifacts, found = render([Job((), output("all.yaml", format="yaml"))], context(web({"a": 1})))
    assert not found
    assert (artifacts[0].path, artifacts[0].component) == ("all.yaml", "")
    assert artifacts[0].content == b"managers:\n  web:\n    a: 1\n"


def test_a_run_gives_every_finding_the_environment() -> None:
    _, found = run("dotenv", {"a": "\0"})
    assert [(one.environment, one.component) for one in found] == [("prod", "managers.web")]
