"""Names of variables (SPEC section 8, THREATS O08)."""

from __future__ import annotations

import pytest

from tests.render.world import emitted, refused, text, unknown

ENV_FORMATS = ["dotenv", "shell", "docker-env", "systemd", "k8s-configmap"]


def test_section_8_a_name_is_the_key_path_in_capitals() -> None:
    assert text("dotenv", {"database": {"max_connections": 5, "pool-size": 2}, "a.b": 1}) == (
        "DATABASE_MAX_CONNECTIONS=5\nDATABASE_POOL_SIZE=2\nA_B=1\n"
    )


def test_section_8_a_schema_names_it_otherwise() -> None:
    world = {"keywords": {"managers.web.database.url": {"x-cfgc-env": "PGURL"}}}
    config = {"database": {"url": "x", "port": 1}, "ü": 2}
    world["keywords"]["managers.web.ü"] = {"x-cfgc-env": "UE"}
    assert text("dotenv", config, world=world) == "PGURL=x\nDATABASE_PORT=1\nUE=2\n"
    assert text("dotenv", config, world=world, prefix="APP_") == "APP_PGURL=x\nAPP_DATABASE_PORT=1\nAPP_UE=2\n"


def test_section_8_names_of_variables_follow_the_schema_in_requires_env() -> None:
    world = {"keywords": {"managers.web.a.b": {"x-cfgc-env": "OTHER"}}}
    artifact = emitted("dotenv", {"a": {"b": unknown("$X")}, "l": [1, unknown("$Y")]}, world=world, prefix="P_")
    assert artifact.content == b""
    assert artifact.requires_env == (("X", "managers.web.a.b", "P_OTHER"), ("Y", "managers.web.l[1]", "P_L"))


@pytest.mark.parametrize("format", ENV_FORMATS)
def test_section_8_a_collision_names_both_key_paths(format: str) -> None:
    (found,) = refused(format, {"a": {"b": 1}, "a_b": 2})
    assert found.name == "env-name-collision"
    assert found.path == ("managers", "web", "a_b")
    assert "`a.b`" in found.message
    assert "managers.web.a_b" in found.message


def test_section_8_the_schema_can_make_a_collision_too() -> None:
    world = {"keywords": {"managers.web.a": {"x-cfgc-env": "B"}}}
    assert refused("dotenv", {"a": 1, "b": 2}, world=world)[0].name == "env-name-collision"


@pytest.mark.parametrize("format", ENV_FORMATS)
@pytest.mark.parametrize(
    "name",
    ["LD_PRELOAD", "PATH", "BASH_ENV", "PYTHONPATH", "NODE_OPTIONS", "GIT_SSH_COMMAND", "IFS", "DYLD_INSERT_LIBRARIES",
     "JAVA_TOOL_OPTIONS", "PS4", "PROMPT_COMMAND", "PERL5LIB", "RUBYOPT"],
)  # fmt: skip
def test_o08_names_that_steer_programs_need_a_prefix(format: str, name: str) -> None:
    config = {name.lower(): "x"}
    (found,) = refused(format, config)
    assert (found.name, found.path) == ("env-name-steering", ("managers", "web", name.lower()))
    assert f"APP_{name}" in text(format, config, prefix="APP_")


def test_o08_the_schema_cannot_name_a_steering_variable_either() -> None:
    world = {"keywords": {"managers.web.a": {"x-cfgc-env": "LD_PRELOAD"}}}
    assert refused("shell", {"a": "x"}, world=world)[0].name == "env-name-steering"


def test_o08_a_map_may_be_called_as_a_steering_variable() -> None:
    assert text("dotenv", {"path": {"a": 1}, "home": {"b": 2}}) == "PATH_A=1\nHOME_B=2\n"


@pytest.mark.parametrize("format", ENV_FORMATS)
@pytest.mark.parametrize("key", ["A B", "A=B", "BASH_FUNC_x%%", "ß", "é", "1a", "", "a\u200b", "a/b", "a$b"])
def test_o08_names_have_a_grammar(format: str, key: str) -> None:
    (found,) = refused(format, {"ok": 1, key: "x"})
    assert (found.name, found.path) == ("env-name-invalid", ("managers", "web", key))


def test_o08_every_wrong_name_is_reported_at_once() -> None:
    found = refused("dotenv", {"a b": 1, "c": {"d d": "x", "e": 1}, "path": 1, "m": 1, "M": 2})
    assert [one.name for one in found] == [
        "env-name-invalid", "env-name-invalid", "env-name-steering", "env-name-collision",
    ]  # fmt: skip


def test_o08_a_prefix_has_the_grammar_too() -> None:
    assert refused("dotenv", {"a": 1}, prefix="app-")[0].name == "env-name-invalid"
    assert text("dotenv", {"1a": 1}, prefix="_") == "_1A=1\n"
