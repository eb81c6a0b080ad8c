"""Secrets in plain text: every kind is found where it stands, none is printed, and what is none is left alone (G8)."""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from cfgc.cli.app import run
from cfgc.reports.scan import Request, scan
from cfgc.reports.scan.examine import examine
from cfgc.reports.scan.names import candidate
from cfgc.reports.scan.secrets import Suspicion
from cfgc.reports.scan.secrets.forms import FORMS
from tests.conftest import ROOT
from tests.scan.planted import PLANTS, Plant, some

FILES = {"yaml": "a.yaml", "text": "a.conf", "code": "a.py"}
BY_NAME = {"password", "secret by its key and its randomness"}


def found_in(text: str, name: str = "a.yaml") -> tuple[Suspicion, ...]:
    """What is suspected in a file of some text."""
    chosen = candidate(name)
    assert chosen is not None
    facts = examine(name, text.encode(), chosen)
    return facts.suspected if facts else ()


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.kind)
@pytest.mark.parametrize("name", FILES.values(), ids=FILES)
def test_every_kind_is_found_on_its_line(plant: Plant, name: str) -> None:
    if plant.kind in BY_NAME and name != "a.yaml":
        name = "a.properties"  # a name needs keys
    text = f"# line one\n{plant.line.format(plant.secret)}\n"
    found = found_in(text, name)
    assert [each.kind for each in found] == [plant.kind]
    assert 2 <= found[0].line <= text.count("\n", 0, text.index(plant.secret)) + 1


def test_at_least_thirty_kinds_are_planted_and_every_form_is_among_them() -> None:
    kinds = {plant.kind for plant in PLANTS}
    assert len(kinds) >= 30
    assert {form.kind for form in FORMS} <= kinds


@pytest.fixture
def garden(tmp_path: Path, git: Callable[..., str]) -> Path:
    """A repository with a file for each planted secret, in several formats, and one in its past alone."""
    git(tmp_path, "init", "-q", "-b", "main")
    for number, plant in enumerate(PLANTS):
        line = plant.line.format(plant.secret)
        name = f"files/{number}.yaml" if plant.kind in BY_NAME else f"files/{number}.conf"
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{line}\n")
        (tmp_path / f"files/{number}.json").write_text(json.dumps({"note": line, **_as_key(plant)}))
        (tmp_path / f"files/{number}.env").write_text(f"BROKEN {line}\nNAME={plant.secret}\n")
    (tmp_path / "gone.yaml").write_text(f"token: glpat-{'Ab3dEf6h' * 3}\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "All")
    (tmp_path / "gone.yaml").write_text("token: ${TOKEN}\n")
    git(tmp_path, "commit", "-q", "-a", "-m", "Takes it out")
    return tmp_path


@pytest.mark.parametrize("arguments", [[], ["--format", "json"], ["--history"], ["--write"], ["--fail-on", "broken"]])
def test_none_is_printed(garden: Path, arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """L01, L05: neither whole nor in part, not as a key and not in a message."""
    assert run(["scan", str(garden), *arguments]) == ("broken" in arguments)
    printed = "".join(capfd.readouterr())
    written = "".join(path.read_text() for path in garden.glob("reports/*"))
    assert ("reports/" in printed) == bool(written) == ("--write" in arguments)
    for plant in PLANTS:
        pieces = [line for line in plant.secret.split("\n") if line]
        parts = {piece[at : at + 12] for piece in pieces for at in range(0, max(len(piece) - 11, 1), 4)}
        leaked = [part for part in parts if part in printed + written and part not in _PUBLIC]
        assert not leaked, plant.kind


def _as_key(plant: Plant) -> dict[str, str]:
    """The secret as a key, where its form tells that it is one."""
    return {plant.secret: "admin"} if plant.line == "value: {}" else {}


_PUBLIC = {"hooks.slack.", "k.com/servic", "s.slack.com/", "ack.com/serv", "com/services", "/services/T"}


def test_the_history_is_searched_once_a_blob(garden: Path) -> None:
    inventory, problems = scan(Request(garden, history=True, processes=2))
    assert not problems
    assert inventory.past is not None
    assert [(each.path, each.suspicion) for each in inventory.past] == [
        ("gone.yaml", Suspicion("GitLab token", 1, "token"))
    ]
    again = subprocess.run(
        ["git", "cat-file", "-p", inventory.past[0].blob], cwd=garden, capture_output=True, check=True
    )
    assert again.stdout.startswith(b"token: glpat-")


@pytest.mark.parametrize(
    "line",
    [
        "password: ${DB_PASSWORD}",
        "password: $DB_PASSWORD",
        "password: '{{ vault.password }}'",
        "password: <your password>",
        "password: changeme",
        "password: ''",
        "password: ~",
        "password: true",
        "password: xxxxxxxxxx",
        "password: '********'",
        "password: /run/secrets/db",
        "password: secrets/db.pem",
        "password: vault:secret/data/db#password",
        "password: op://shop/db/password",
        "password: arn:aws:secretsmanager:eu-west-1:1:secret:db",
        "password: ENC[AES256_GCM,data:YWJj,iv:YWJj,tag:YWJj,type:str]",
        "password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3031",
        "password: os.environ.get('A')",
        "password: a sentence about passwords",
        "password_policy: at-least-12-chars-and-2-digits",
        "secretName: shop-database-credentials-v2",
        "tokenUrl: https://login.shop.test/oauth2/token",
        "token: bearer-authentication-header-1",
        "secret: shop-database",
        "api_key: EXAMPLE-KEY-0123456789-abcdefghij",
        "key: AKIAIOSFODNN7EXAMPLE",
        "url: postgres://shop:${PASSWORD}@db/orders",
        "url: postgres://shop:password@db/orders",
        "url: https://shop.test:8443/path@2x",
        "image: registry.shop.test/shop@sha256:" + "0123456789abcdef" * 4,
        "integrity: sha512-" + b64encode(bytes(range(64))).decode(),
        "commit: " + "9f3a7c21" * 5,
        "properties: {password: {type: string, minLength: 12}}",
        "examples: [{password: Tr0ub4dor-and-3}]",
        "url: http://user:pass@host.test/",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    ],
)
def test_what_is_no_secret_is_left_alone(line: str) -> None:
    assert found_in(f"{line}\n") == ()


def test_a_kubernetes_secret_is_decoded_and_a_sealed_one_is_not() -> None:
    def manifest(value: str, kind: str = "Secret", field: str = "data") -> str:
        return f"apiVersion: v1\nkind: {kind}\n{field}:\n  user: {value}\n"

    encoded = b64encode(b"s3cr3t-for-orders").decode()
    assert found_in(manifest(encoded)) == (Suspicion("Kubernetes Secret in plain text", 4, "data.user"),)
    assert found_in(manifest("s3cr3t-for-orders", field="stringData"))[0].key == "stringData.user"
    assert found_in(manifest(b64encode(b"${USER}").decode())) == ()
    assert found_in(manifest(encoded, kind="ConfigMap")) == ()


def test_a_comment_allows_a_secret_on_its_line_or_on_the_next_and_says_why() -> None:
    plant = PLANTS[0].secret
    text = f"# cfgc:allow-secret: public demo\nkey: {plant}\nkey2: {plant}\nkey3: {plant} # cfgc:allow-secret\n"
    assert [(each.line, each.allowed) for each in found_in(text)] == [(2, "public demo"), (3, None), (4, "")]


def test_a_key_that_is_itself_a_secret_is_masked() -> None:
    found = found_in(f"tokens:\n  {PLANTS[6].secret}: admin\n  other:\n    password: {some(12)}\n")
    assert [each.key for each in found] == ["tokens.********", "tokens.other.password"]


def test_one_line_and_kind_is_told_once_and_a_form_says_more_than_a_name() -> None:
    assert found_in(f"token: {PLANTS[6].secret}\n") == (Suspicion("GitLab token", 1, "token"),)


@pytest.mark.parametrize("name", ["estate", "demo keys"])
def test_there_are_no_false_positives_on_this_estate(name: str) -> None:
    """The one private key that it does hold is public on purpose, and its file says so."""
    inventory, _ = scan(Request(ROOT, exclude=("/tests/", "/cfgc/", "/bench/", "/tools/"), commits=False, processes=2))
    suspected = [(source.facts.path, each) for source in inventory.sources for each in source.facts.suspected]
    if name == "estate":
        assert [path for path, each in suspected if each.allowed is None] == []
    else:
        assert {path for path, _ in suspected} == {"keys/demo.agekey"}
        assert all(each.allowed and "public" in each.allowed for _, each in suspected)
