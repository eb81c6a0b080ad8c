"""SPEC section 10: commands, streams, JSON shapes, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from cfgc.cli.commands import COMMANDS
from tests.system.conftest import Cfgc, as_process

Git = Callable[..., str]


def commit(folder: Path, git: Git, message: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)
    return git(folder, "rev-parse", "HEAD").strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_s_help_shows_an_example(cfgc: Cfgc, shop: Path, command: str) -> None:
    done = cfgc(shop, command, "--help")
    assert done.code == 0
    assert "Example: cfgc" in done.out


def test_show_prints_the_tree_itself(cfgc: Cfgc, shop: Path) -> None:
    web = cfgc(shop, "show", "prod", "managers.web", "--format", "json").data
    assert web["replicas"] == 3
    assert web["banner"] == "main behind https://web.example.com"
    assert yaml.safe_load(cfgc(shop, "show", "prod").out)["managers"]["web"] == web


def test_show_of_a_scalar_and_of_a_list_item(cfgc: Cfgc, shop: Path) -> None:
    assert cfgc(shop, "show", "prod", "managers.web.replicas", "--format", "json").out.strip() == "3"


def test_show_dotenv_is_what_render_writes(cfgc: Cfgc, shop: Path) -> None:
    assert cfgc(shop, "show", "prod", "managers.db", "--format", "dotenv").out == "NAME=main\nPORT=5432\n"


def test_why_value_has_the_documented_shape(cfgc: Cfgc, shop: Path) -> None:
    found = cfgc(shop, "why", "prod", "managers.web.replicas", "--format", "json").data
    assert found == {
        "environment": "prod",
        "path": "managers.web.replicas",
        "value": 3,
        "secret": False,
        "origin": {"layer": "prod", "file": "environments/prod/managers/web.yaml", "line": 1, "column": 11},
        "overrides": [
            {"layer": "base", "file": "environments/base/managers/web.yaml", "line": 2, "column": 11, "value": 1}
        ],
        "via": [],
        "children": [],
        "rule": "overlay wins",
    }


def test_why_follows_references(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("database: ${managers.db.name}\n")
    found = cfgc(shop, "why", "prod", "managers.web.database", "--format", "json").data
    assert found["value"] == "main"
    assert (found["origin"]["file"], found["origin"]["line"]) == ("environments/base/managers/db.yaml", 1)
    assert [(step["path"], step["line"]) for step in found["via"]] == [("managers.web.database", 1)]


def test_why_layer_line_wins_or_is_shadowed(cfgc: Cfgc, shop: Path) -> None:
    found = cfgc(shop, "why", str(shop / "environments/base/managers/web.yaml") + ":2", "--format", "json").data
    assert [(fate["environment"], fate["wins"]) for fate in found] == [("test", True), ("prod", False)]
    assert found[1]["by"]["file"] == "environments/prod/managers/web.yaml"


def test_why_layer_line_names_who_refers_to_it(cfgc: Cfgc, shop: Path) -> None:
    found = cfgc(shop, "why", str(shop / "environments/base/managers/db.yaml") + ":1", "--format", "json").data
    assert found[0]["referred_by"][0]["path"] == "managers.web.banner"


def test_why_rendered_line_of_an_emitter(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "render", "prod", "--out", str(shop / "dist"))
    found = cfgc(shop, "why", str(shop / "dist/prod/web/.env") + ":2", "--format", "json").data
    assert found["template"] is None
    assert [(source["path"], source["file"], source["line"]) for source in found["sources"]] == [
        ("managers.web.replicas", "environments/prod/managers/web.yaml", 1)
    ]


def test_why_rendered_line_of_a_template(cfgc: Cfgc, shop: Path) -> None:
    cfgc(shop, "render", "prod", "--out", str(shop / "dist"))
    found = cfgc(shop, "why", str(shop / "dist/prod/web/web.conf") + ":1", "--format", "json").data
    assert (found["template"]["file"], found["template"]["line"]) == ("templates/web.conf.j2", 1)
    assert "managers.web.url" in [source["path"] for source in found["sources"]]


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


def test_unknown_component_is_wrong_usage_with_code_and_suggestion(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "render", "prod", "--component", "wbe")
    assert done.code == 2
    assert "did you mean" in done.err


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


def test_rev_compiles_a_revision_and_touches_nothing(cfgc: Cfgc, shop: Path, git: Git) -> None:
    git(shop, "init", "-q")
    first = commit(shop, git, "one")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 7\n")
    commit(shop, git, "two")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: [")
    status = git(shop, "status", "--porcelain")
    assert cfgc(shop, "--rev", "HEAD", "show", "prod", "managers.web.replicas").out == "7\n"
    assert cfgc(shop, "show", "prod", "managers.web.replicas", "--rev", first).out == "3\n"
    assert git(shop, "status", "--porcelain") == status


def test_staged_compiles_the_index(cfgc: Cfgc, shop: Path, git: Git) -> None:
    git(shop, "init", "-q")
    commit(shop, git, "one")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 0\n")
    git(shop, "add", "-A")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 5\n")
    assert cfgc(shop, "validate").code == 0
    assert cfgc(shop, "validate", "--staged").code == 1


def test_manifest_names_the_revision_and_whether_it_was_clean(cfgc: Cfgc, shop: Path, git: Git) -> None:
    git(shop, "init", "-q")
    (shop / ".gitignore").write_text("/dist/\n")
    head = commit(shop, git, "one")

    def source() -> dict[str, object]:
        assert cfgc(shop, "render", "prod", "--out", str(shop / "dist")).code == 0
        data: dict[str, object] = json.loads((shop / "dist/prod/manifest.json").read_text())["source"]
        return data

    assert source() == {"revision": head, "clean": True}
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 4\n")
    assert source() == {"revision": head, "clean": False}


def test_set_overrides_and_marks_the_set_as_not_reproducible(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "render", "prod", "--out", str(shop / "dist"), "--set", "managers.web.replicas=9")
    assert done.code == 0
    assert "REPLICAS=9" in (shop / "dist/prod/web/.env").read_text()
    manifest = json.loads((shop / "dist/prod/manifest.json").read_text())
    assert manifest["reproducible"] is False
    assert manifest["overrides"] == ["managers.web.replicas <--set>"]


def test_environment_overrides_only_when_allowed(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CFGC_SET__managers__web__replicas", "8")
    assert cfgc(shop, "show", "prod", "managers.web.replicas").out == "3\n"
    allowed = cfgc(shop, "show", "prod", "managers.web.replicas", "--allow-env-overrides")
    assert allowed.out == "8\n"
    both = cfgc(
        shop, "show", "prod", "managers.web.replicas", "--allow-env-overrides", "--set", "managers.web.replicas=2"
    )
    assert both.out == "2\n"


def test_resolve_env_fills_in_and_reports_all_missing_ones_at_once(
    cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "environments/prod/managers/db.yaml").write_text("user: ${DB_USER}\nhost: ${DB_HOST}\nzone: ${DB_ZONE}\n")
    monkeypatch.setenv("DB_USER", "ann")
    done = cfgc(shop, "show", "prod", "managers.db", "--resolve-env")
    assert done.code == 1
    assert "DB_HOST" in done.err
    assert "DB_ZONE" in done.err
    assert "DB_USER" not in done.err


def test_check_writes_nothing_and_fails_on_differences(cfgc: Cfgc, shop: Path) -> None:
    out = str(shop / "dist")
    assert cfgc(shop, "render", "prod", "--out", out, "--check").code == 1
    assert not (shop / "dist").exists()
    cfgc(shop, "render", "prod", "--out", out)
    assert cfgc(shop, "render", "prod", "--out", out, "--check").code == 0


def test_stdout_prints_and_writes_nothing(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "render", "prod", "--stdout", "--component", "db")
    assert "NAME=main" in done.out
    assert not (shop / "dist").exists()


def test_stdout_begins_each_header_on_a_line_of_its_own(cfgc: Cfgc, tmp_path: Path) -> None:
    for name, text in {
        "cfgc.yaml": "outputs:\n- {for: web, template: a.j2, to: a}\n- {for: web, template: b.j2, to: b}\n",
        "environments/prod/web.yaml": "x: 1\n",
        "templates/a.j2": "no end",
        "templates/b.j2": "end\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert cfgc(tmp_path, "render", "prod", "--stdout").out == "# prod/web/a\nno end\n# prod/web/b\nend\n"


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


def test_init_scaffolds_a_project_that_renders_at_once(cfgc: Cfgc, tmp_path: Path) -> None:
    assert cfgc(tmp_path, "init", "shop").code == 0
    assert cfgc(tmp_path / "shop", "validate", "--strict").code == 0
    assert cfgc(tmp_path / "shop", "render", "prod", "--out", str(tmp_path / "dist")).code == 0
    settings = json.loads((tmp_path / "shop/.vscode/settings.json").read_text())["yaml.schemas"]
    assert all((tmp_path / "shop" / name).is_file() for name in settings)
    assert cfgc(tmp_path, "init", "shop").code == 2


@pytest.mark.parametrize("name", ["123", "null", "a: b", '"', "-x", "x #y", "a\x1b[31mb", "名前"])
def test_init_takes_a_folder_of_any_name(cfgc: Cfgc, tmp_path: Path, name: str) -> None:
    """The name went into `cfgc.yaml` as it was, where `123` is a number and `a: b` a map."""
    done = cfgc(tmp_path, "init", "--", name)
    assert (done.code, "\x1b" in done.err) == (0, False)
    assert cfgc(tmp_path / name, "validate", "--strict").code == 0


@pytest.mark.parametrize(
    ("settings", "code", "says"),
    [
        ("[", 2, "is not JSON without comments"),
        ("[" * 100_000, 2, "is not JSON without comments"),
        ('{"yaml.schemas": 3}', 2, "is not JSON without comments"),
        (None, 2, "Is a directory"),
        ("", 0, "named in"),
        ('{"a": 1}', 0, "named in"),
    ],
)
def test_init_beside_settings_of_any_kind(
    cfgc: Cfgc, tmp_path: Path, settings: str | None, code: int, says: str
) -> None:
    place = tmp_path / ".vscode" / "settings.json"
    place.parent.mkdir()
    if settings is None:
        place.mkdir()
    else:
        place.write_text(settings)
    done = cfgc(tmp_path, "init")
    assert (done.code, says in done.err) == (code, True)


@pytest.mark.parametrize("way", [("init",), ("schema", "--write")])
def test_what_stands_in_the_way_of_a_written_file_is_a_finding(cfgc: Cfgc, shop: Path, way: tuple[str, ...]) -> None:
    """A folder that could not be made was a bug in cfgc."""
    (shop / ".vscode").write_text("")
    done = cfgc(shop, *way, *(["--force"] if way == ("init",) else []))
    assert done.code == 1
    assert "CFG901" in done.err


def test_the_editor_setting_names_places_in_any_layer_and_forgets_those_that_are_gone(
    cfgc: Cfgc, tmp_path: Path
) -> None:
    cfgc(tmp_path, "init")
    for name in ("base/web.yaml", "prod/services/old.yaml"):
        (tmp_path / "environments" / name).write_text("a: 1\n")
    (tmp_path / "environments/prod/services/web.yaml").write_text("hosts: !by:id.no [{id: 1}]\n")
    (tmp_path / ".vscode/settings.json").write_text('{"yaml.customTags": ["!Ref scalar", "!by:old sequence"]}')
    assert cfgc(tmp_path, "schema", "--write").code == 0
    tags = json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.customTags"]
    assert (tags[0], tags[-2:]) == ("!Ref scalar", ["!by:id.no sequence", "!by:name sequence"])
    assert {"!unset scalar", "!append sequence", "!raw mapping"} < set(tags)
    assert "!by:old sequence" not in tags
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.schemas"]
    assert settings == {
        "./.cfgc/schemas/services._each.schema.json": ["environments/**/services/_each.yaml"],
        "./.cfgc/schemas/services.old.schema.json": ["environments/**/services/old.yaml"],
        "./.cfgc/schemas/services.web.schema.json": ["environments/**/services/web.yaml"],
        # one glob would name the file above too
        "./.cfgc/schemas/web.schema.json": ["environments/base/web.yaml", "environments/prod/web.yaml"],
    }
    (tmp_path / "environments/prod/services/old.yaml").unlink()
    assert cfgc(tmp_path, "schema", "--write").code == 0
    assert "old" not in (tmp_path / ".vscode/settings.json").read_text()
    assert not (tmp_path / ".cfgc/schemas/services.old.schema.json").exists()


def test_schema_prints_what_editors_need(cfgc: Cfgc, shop: Path) -> None:
    whole = cfgc(shop, "schema").data
    assert whole["$schema"].endswith("2020-12/schema")
    part = cfgc(shop, "schema", str(shop / "environments/prod/managers/web.yaml")).data
    assert "replicas" in json.dumps(part)
    assert "required" not in part


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


def test_component_render_leaves_the_others(cfgc: Cfgc, shop: Path) -> None:
    out = str(shop / "dist")
    cfgc(shop, "render", "prod", "--out", out)
    (shop / "environments/base/managers/db.yaml").write_text("name: other\nport: 1\n")
    assert cfgc(shop, "render", "prod", "--out", out, "--component", "web").code == 0
    assert "NAME=main" in (shop / "dist/prod/db/.env").read_text()
    assert "other behind" in (shop / "dist/prod/web/config.yaml").read_text()


def test_component_render_reads_only_its_files_and_what_they_refer_to(cfgc: Cfgc, shop: Path) -> None:
    (shop / "environments/base/managers/broken.yaml").write_text("a: [\n")
    (shop / "environments/base/managers/db.yaml").write_text("name: main\nport: 0\n")
    assert cfgc(shop, "render", "prod", "--out", str(shop / "dist")).code == 1
    done = cfgc(shop, "render", "prod", "--out", str(shop / "dist"), "--component", "web")
    assert (done.code, done.err.count("error")) == (0, 0)


def test_component_render_is_blocked_by_findings_about_its_components_only(cfgc: Cfgc, shop: Path) -> None:
    """SPEC 8: `web` refers to `db`, which is read too; what is wrong there is another's affair."""
    schema = {"type": "object", "properties": {"password": {"x-cfgc-secret": True}, "name": {"maxLength": 9}}}
    (shop / "schemas/managers/_each.schema.json").write_text(json.dumps(schema))
    (shop / "environments/prod/managers/db.yaml").write_text("password: hunter2\nname: much-too-long\n")
    out = str(shop / "dist")
    failed = cfgc(shop, "render", "prod", "--component", "db", "--out", out).err
    assert "CFG314" in failed
    assert "CFG624" in failed or "maxLength" in failed or "at most" in failed
    done = cfgc(shop, "render", "prod", "--component", "web", "--out", out)
    assert (done.code, done.err.count("error")) == (0, 0), done.err
    (shop / "environments/prod/managers/web.yaml").write_text("password: hunter2\n")
    assert "CFG314" in cfgc(shop, "render", "prod", "--component", "web", "--out", out).err


def test_component_render_reads_all_for_a_template_that_looks_at_the_tree(cfgc: Cfgc, shop: Path) -> None:
    """SPEC 8: `tree` counts as all; without it a file of another component that is broken does not matter."""
    template = shop / "templates/web.conf.j2"
    template.write_text("{% for name in tree.managers %}{{ name }} {% endfor %}\n")
    assert cfgc(shop, "render", "prod", "--component", "web", "--out", str(shop / "dist")).code == 0
    assert sorted((shop / "dist/prod/web/web.conf").read_text().split()) == ["db", "web"]
    (shop / "environments/base/managers/other.yaml").write_text("x: 1\n")
    assert cfgc(shop, "render", "prod", "--component", "web", "--out", str(shop / "dist")).code == 0
    assert sorted((shop / "dist/prod/web/web.conf").read_text().split()) == ["db", "other", "web"]


def test_component_render_reads_all_for_a_policy_that_looks_at_the_tree(cfgc: Cfgc, shop: Path) -> None:
    """SPEC 8: `tree` counts as all, in a policy too: on half a tree its verdict would be another."""
    (shop / "environments/base/managers/other.yaml").write_text("x: 1\n")
    policy = "{name: three, match: {components: [web]}, assert: size(tree.managers) == 3, message: no, help: add}"
    (shop / "policies/three.yaml").write_text(f"policies: [{policy}]\n")
    done = cfgc(shop, "render", "prod", "--component", "web", "--out", str(shop / "dist"))
    assert done.code == 0, done.err
    (shop / "environments/base/managers/fourth.yaml").write_text("x: 1\n")
    done = cfgc(shop, "render", "prod", "--component", "web", "--out", str(shop / "dist"))
    assert (done.code, "CFG710" in done.err) == (1, True)


def test_colours_appear_only_on_a_terminal(shop: Path) -> None:
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 0\n")
    assert "\x1b" not in as_process(shop, "validate").stdout
    script = f"import pty,sys; pty.spawn([sys.executable, '-m', 'cfgc', '-C', {str(shop)!r}, 'validate'])"
    for extra, colored in ({}, True), ({"NO_COLOR": "1"}, False):
        env = {**os.environ, "TERM": "xterm", **extra}
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, check=False)
        assert ("\x1b[" in done.stdout) is colored


def test_an_override_that_is_no_utf_8_is_a_finding(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a character in `--set` or a variable was a UnicodeEncodeError."""
    done = cfgc(shop, "show", "prod", "--set", "managers.web.owner=\udcff")
    assert (done.code, "UTF-8" in done.err) == (1, True)
    monkeypatch.setenv("CFGC_SET__managers__web__owner", "\udcff")
    assert cfgc(shop, "show", "prod", "--allow-env-overrides").code == 1


def test_a_folder_that_the_system_refuses_is_wrong_usage(cfgc: Cfgc, shop: Path) -> None:
    """A name longer than the system takes was an OSError."""
    done = cfgc(shop, "-C", "a" * 5000, "show", "prod")
    assert (done.code, "there is no folder" in done.err) == (2, True)


@pytest.mark.parametrize("command", ["show prod", "explain CFG402", "schema", "--help", "--version", "validate"])
@pytest.mark.parametrize(("to", "why"), [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
def test_k06_output_that_cannot_be_written_is_1(shop: Path, command: str, to: str, why: str) -> None:
    """A full disk or a closed standard output was a bug in cfgc, code 3."""
    line = f"{sys.executable} -m cfgc {command} {to}"
    done = subprocess.run(["sh", "-c", line], cwd=shop, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"cfgc: error: the output cannot be written: {why}\n")


def test_k06_closed_streams_take_no_artifact(shop: Path, tmp_path: Path) -> None:
    """The first file that is opened would get the number of a closed stream, and the messages with it."""
    out = tmp_path / "out"
    line = f"{sys.executable} -m cfgc render prod --out {out} <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", line], cwd=shop, check=False).returncode == 0
    assert (out / "prod" / "db" / "config.yaml").read_text() == "name: main\nport: 5432\n"


def test_closed_pipe_is_141(shop: Path) -> None:
    big = "".join(f"key_{number}: {'x' * 200}\n" for number in range(2000))
    (shop / "environments/base/managers/big.yaml").write_text(big)
    command = f"{sys.executable} -m cfgc -C {shop} show prod | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("141", "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_k06_interrupted_and_terminated_have_their_codes(shop: Path, number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "cfgc", "-C", str(shop), "render", "prod", "--out", str(shop / "dist")]
    os.mkdir(shop / "dist")
    with open(shop / "dist/.cfgc.lock", "w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        time.sleep(1.5)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in err


def test_a_bug_is_3_and_shows_no_value(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("CANARY-IN-MESSAGE")

    monkeypatch.setattr("cfgc.pipeline.compile.merge", broken)
    done = cfgc(shop, "show", "prod")
    assert done.code == 3
    assert "RuntimeError" in done.err
    assert "CANARY" not in done.err


@pytest.mark.parametrize(
    "arguments",
    ["sh{}ow", "show pr{}od", "show prod {}", "why {}:3", "explain {}", "--rev {} validate", "validate --date {}",
     "validate --{}", "render prod --out templates/{}"],
)  # fmt: skip
def test_o11_no_argument_reaches_a_terminal_as_control_characters(shop: Path, arguments: str) -> None:
    """Scripts pass names of a merge request on; on a terminal, click leaves escapes as they are."""
    done = as_process(shop, *arguments.replace("{}", "\x1b[31m\x07").split(" "), env={**os.environ, "FORCE_COLOR": "1"})
    assert done.returncode in (1, 2)
    assert not [character for character in done.stdout + done.stderr if character < " " and character not in "\n\t"]


@pytest.mark.parametrize("folder", ["environments/out", "templates", "schemas/x", "policies"])
def test_artifacts_are_not_written_among_the_inputs(cfgc: Cfgc, shop: Path, folder: str) -> None:
    """What lies in `environments/` would be a layer of the next run."""
    done = cfgc(shop, "render", "prod", "--out", str(shop / folder))
    assert done.code == 2
    assert "which cfgc reads" in done.err
    assert not (shop / folder / "prod").exists()


def test_out_is_below_the_folder_that_c_names(cfgc: Cfgc, shop: Path) -> None:
    """`-C DIR` runs as if started in DIR, as in Git and Make."""
    assert cfgc(shop, "render", "prod", "--out", "elsewhere").code == 0
    assert (shop / "elsewhere/prod/manifest.json").exists()


@pytest.mark.parametrize("text", ["managers: !unset\n", "managers: !replace {}\n", "managers: {web: !unset }\n"])
def test_a_component_that_a_layer_takes_away_is_unknown(cfgc: Cfgc, shop: Path, text: str) -> None:
    """Its files are still there, so that its name is known until the layers are merged."""
    (shop / "environments/prod/managers/web.yaml").unlink()
    (shop / "environments/prod.yaml").write_text(text)
    done = cfgc(shop, "render", "prod", "--component", "web")
    assert done.code == 2
    assert "CFG127" in done.err


@pytest.mark.parametrize("value", ["managers=null", "managers=!unset", "managers.web=!unset"])
def test_a_component_that_set_takes_away_is_unknown(cfgc: Cfgc, shop: Path, value: str) -> None:
    done = cfgc(shop, "render", "prod", "--component", "web", "--set", value)
    assert done.code == 2
    assert "CFG127" in done.err


def test_files_are_rendered_without_git(cfgc: Cfgc, shop: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone in an image that has no Git: the manifest names no commit."""
    git(shop, "init", "-q")
    commit(shop, git, "one")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert cfgc(shop, "render", "prod").code == 0
    manifest = json.loads((shop / "dist/prod/manifest.json").read_text())
    assert manifest["source"] == {"revision": "", "clean": False}
    assert "CFG950" in cfgc(shop, "--rev", "HEAD", "validate").err + cfgc(shop, "--rev", "HEAD", "validate").out


def test_the_same_environment_twice_is_once(cfgc: Cfgc, shop: Path) -> None:
    assert cfgc(shop, "render", "prod", "prod", "--out", str(shop / "dist")).code == 0


def test_a_relative_state_folder_does_not_count(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "here")
    monkeypatch.setenv("HOME", "nowhere")
    assert cfgc(shop, "render", "prod", "--out", str(shop / "dist")).code == 2
    monkeypatch.setenv("XDG_STATE_HOME", str(shop / "state"))
    assert cfgc(shop, "render", "prod", "--out", str(shop / "dist")).code == 0
