"""What holds for every command, and `validate`, `merge` and `secrets` (SPEC section 10)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cfgc.cli.commands import COMMANDS
from tests.system.conftest import Cfgc


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_s_help_shows_an_example(cfgc: Cfgc, shop: Path, command: str) -> None:
    done = cfgc(shop, command, "--help")
    assert done.code == 0
    assert "Example: cfgc" in done.out


def test_validate_json_has_the_documented_shape(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 0\n")
    done = cfgc(shop, "validate", "--format", "json")
    assert done.code == 1
    assert set(done.data) == {"diagnostics", "summary"}
    assert set(done.data["summary"]) == {"errors", "warnings", "notes", "environments"}
    (found,) = done.data["diagnostics"]
    assert set(found) == {
        "code", "name", "severity", "message", "file", "line", "column", "end_line", "end_column", "path",
        "environment", "environments", "component", "help", "notes", "related",
    }  # fmt: skip
    assert (found["file"], found["line"], found["column"]) == ("environments/prod/managers/web.yaml", 1, 11)
    assert (found["path"], found["component"]) == ("managers.web.replicas", "managers.web")


@pytest.mark.parametrize("format_name", ["full", "concise", "json", "gitlab", "sarif", "junit"])
def test_validate_findings_are_the_data(cfgc: Cfgc, shop: Path, format_name: str) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 0\n")
    done = cfgc(shop, "validate", "--format", format_name)
    assert "replicas" in done.out
    assert done.err == ""


def test_warnings_and_notes_alone_are_0_and_strict_makes_them_1(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 1\n")
    assert cfgc(shop, "validate").code == 0
    assert cfgc(shop, "validate", "--strict").code == 1


@pytest.mark.parametrize("command", ["render", "show", "validate"])
def test_unknown_environment_is_wrong_usage_with_code_and_suggestion(cfgc: Cfgc, shop: Path, command: str) -> None:
    done = cfgc(shop, command, "prdo")
    assert done.code == 2
    assert "did you mean `prod`" in done.out + done.err
    assert "CFG1" in done.out + done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["render"],
        ["show", "prod", "managers.wbe"],
        ["show", "prod", "a..b"],
        ["why", "x"],
        ["explain", "CFG000"],
        ["validate", "--date", "tomorrow"],
        ["merge", "a.txt"],
        ["--rev", "x", "validate", "--staged"],
    ],
)
def test_wrong_usage_is_2_without_a_traceback(cfgc: Cfgc, shop: Path, arguments: list[str]) -> None:
    done = cfgc(shop, *arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert done.err


def test_merge_leaves_references_unless_resolve(cfgc: Cfgc, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: x\nlist: [1]\n")
    (tmp_path / "b.json").write_text('{"greeting": "hi ${name}", "list": [2]}')
    plain = cfgc(tmp_path, "merge", "a.yaml", "b.json", "--format", "json").data
    assert plain == {"name": "x", "list": [2], "greeting": "hi ${name}"}
    done = cfgc(tmp_path, "merge", "a.yaml", "b.json", "--resolve", "--lists", "append", "--format", "json")
    assert done.data == {"name": "x", "list": [1, 2], "greeting": "hi x"}


def test_merge_conflict_names_both_places(cfgc: Cfgc, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x: {a: 1}\n")
    (tmp_path / "b.yaml").write_text("x: [1]\n")
    done = cfgc(tmp_path, "merge", "a.yaml", "b.yaml")
    assert done.code == 1
    assert done.out == ""
    assert "a.yaml:1:4" in done.err
    assert "b.yaml:1:4" in done.err
    assert cfgc(tmp_path, "merge", "a.yaml", "b.yaml", "--types", "loose").code == 0


def test_secrets_finds_plain_text_and_needs_no_key(cfgc: Cfgc, shop: Path) -> None:
    assert cfgc(shop, "secrets").code == 0
    schema = json.loads((shop / "schemas/managers/_each.schema.json").read_text())
    schema["properties"]["password"] = {"type": "string", "x-cfgc-secret": True}
    (shop / "schemas/managers/_each.schema.json").write_text(json.dumps(schema))
    (shop / "environments/base/managers/db.yaml").write_text("name: main\nport: 5432\npassword: hunter2hunter2\n")
    done = cfgc(shop, "secrets")
    assert done.code == 1
    assert "environments/base/managers/db.yaml:3:11" in done.out
    assert "hunter2" not in done.out + done.err


def test_a_folder_that_the_system_refuses_is_wrong_usage(cfgc: Cfgc, shop: Path) -> None:
    """A name longer than the system takes was an OSError."""
    done = cfgc(shop, "-C", "a" * 5000, "show", "prod")
    assert (done.code, "there is no folder" in done.err) == (2, True)
