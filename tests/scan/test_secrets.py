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


@pytest.mark.parametrize(
    "arguments",
    [[], ["--format", "json"], ["--history"], ["--history", "--format", "json"], ["--write"], ["--fail-on", "broken"]],
)
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
        "url: http://ann:Tr0ub4dor-and-3@www.example.com/",
        "url: http://john:myPassword@db.shop.test/",
        "url: http://foo:bar@localhost/",
        "# rocket://user:webhook@host",
        "output_token: StreamDescription.Shards[-1].ShardId",
        "note: tokens look like xoxp-1234-1234-1234-abc124",
        "Authorization: Basic dXNlcm5hbWU6cGFzc3dvcmQ=",
        "# the password is in the vault",
        "# password: sentence",
        "command: mysql --password=$DB_PASSWORD",
        "- DB_PASSWORD",
        "env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: shop-database-1a2b3c, key: password}}}]",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    ],
)
def test_what_is_no_secret_is_left_alone(line: str) -> None:
    assert found_in(f"{line}\n") == ()


PLACES = {
    "Dockerfile": "FROM a\nENV A={} B=1\n",
    "compose.yaml": "services:\n  a:\n    environment:\n    - A={}\n",
    "secret.yaml": "apiVersion: v1\nkind: Secret\nstringData:\n  a: {}\n",
    "main.tf": 'resource "a" "b" {{\n  c = "{}"\n}}\n',
    "app.xml": "<a><!-- old -->\n<add key='a' value='{}'/></a>\n",
    "a.properties": "a.b={}\n",
    "a.ini": "[a]\nb = {} ; old\n",
    "a.toml": "[a]\nb = ['{}']\n",
    ".env": "export A='{}'\n",
    "a.json": '{{"a": ["{}"]}}',
    "a.go": 'package a\n\nconst a = "{}"\n',
    "A.java": "class A {{ // {}\n}}\n",
    "a.ts": "export const a = `{}`;\n",
    "a.rs": 'const A: &str = "{}";\n',
    "commented.yaml": "a: 1 # was {}\n",
    "a.yaml.j2": "a: {{{{ x }}}}\nb: {}\n",
    "broken.yaml": "a: [\nb: {}\n",
    "latin.yaml": "a: \xe4\nb: {}\n",
}


@pytest.mark.parametrize("name", PLACES)
def test_every_form_is_found_wherever_it_stands_and_never_printed(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = [plant for plant in PLANTS if plant.line == "value: {}"]
    assert len(plain) >= 30
    for number, plant in enumerate(plain):
        (tmp_path / str(number)).mkdir()
        text = PLACES[name].format(plant.secret)
        (tmp_path / f"{number}/{name}").write_text(text, "latin-1" if name.startswith("latin") else "utf-8")
    assert run(["scan", str(tmp_path), "--format", "json", "--exclude", "none"]) == 0
    told = capfd.readouterr()
    data = json.loads(told.out)
    found = {source["path"].partition("/")[0]: source["suspected"] for source in data["sources"]}
    kinds = {number: {each["kind"] for each in found.get(str(number), ())} for number in range(len(plain))}
    assert {plant.kind for number, plant in enumerate(plain) if plant.kind not in kinds[number]} == set()
    assert [plant.kind for plant in plain if plant.secret[4:20] in told.out + told.err] == []


HUNTER = "Hunter" + some(6)
"""a password that no form gives away"""


@pytest.mark.parametrize(
    ("name", "text", "line", "key"),
    [
        (
            "compose.yaml",
            "services:\n  a:\n    environment:\n    - B=1\n    - DB_PASSWORD={}\n",
            5,
            "services.a.environment.1",
        ),
        ("a.yaml", "env:\n- name: DB_PASSWORD\n  value: {}\n", 3, "env.0.value"),
        ("a.yaml", "env:\n- value: {}\n  name: DB_PASSWORD\n", 2, "env.0.value"),
        (".gitlab-ci.yml", "variables:\n  DB_PASSWORD:\n    value: {}\n", 3, "variables.DB_PASSWORD.value"),
        (".gitlab-ci.yml", "job:\n  script:\n  - export DB_PASSWORD={}\n", 3, "job.script.0"),
        (".gitlab-ci.yml", "job:\n  script:\n  - |\n    true\n    DB_PASSWORD={}\n", 5, "job.script.0"),
        ("a.yaml", "args: ['--db-password={}']\n", 1, "args.0"),
        ("k.yaml", "kind: ConfigMap\ndata:\n  a.properties: |\n    x=1\n    db.password={}\n", 5, "data.a.properties"),
        ("k.yaml", "kind: ConfigMap\ndata:\n  a.yaml: |\n    x: 1\n    password: {}\n", 5, "data.a.yaml"),
        ("main.tf", 'variable "db_password" {{\n  default = "{}"\n}}\n', 2, "variable.db_password.default"),
        ("prod.tfvars", 'db_password = "{}"\n', 1, "db_password"),
        ("beans.xml", '<b>\n<property name="password" value="{}"/></b>', 2, "b.property.password"),
        ("settings.xml", "<s>\n<password>{}</password></s>", 2, "s.password"),
        ("Dockerfile", "FROM a\nENV A=1 \\\n  DB_PASSWORD={}\n", 2, "ENV.DB_PASSWORD"),
        ("Dockerfile", "FROM a\nRUN PGPASSWORD=x DB_PASSWORD={} psql\n", 2, "RUN"),
        ("a.service", "[Service]\nEnvironment=A=1 DB_PASSWORD={}\n", 2, "Service.Environment"),
        ("inventory/hosts.ini", "[web]\nh1 ansible_host=h1.test ansible_password={}\n", 2, "web.h1.ansible_password"),
        ("a.ini", "[a]\npassword = {}\n", 2, "a.password"),
        ("a.toml", '[a]\npassword = "{}"\n', 2, "a.password"),
        ("a.properties", "spring.datasource.password={}\n", 1, "spring.datasource.password"),
        ("redis.conf", "port 6379\nrequirepass {}\n", 2, "requirepass"),
        ("a.yaml", "# db_password: {}\na: 1\n", 1, "db_password"),
        ("a.json", '{{"url": "postgres://shop:other-Tr0ub4@db.shop.test/x", "password": "{}"}}', 1, "password"),
        (".env", 'A=1\nexport DB_PASSWORD="{}" # old\n', 2, "DB_PASSWORD"),
        ("values.yaml", "users:\n- name: ann\n  password: {}\n", 3, "users.0.password"),
    ],
)
def test_a_password_is_found_wherever_its_name_stands(name: str, text: str, line: int, key: str) -> None:
    found = [each for each in found_in(text.format(HUNTER), name) if each.kind == "password"]
    assert [(each.line, each.key) for each in found] == [(line, key)]


def test_a_secret_of_a_list_of_manifests_and_of_its_own_document_alone() -> None:
    listed = f"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  stringData:\n    x: {HUNTER}\n"
    assert [each.key for each in found_in(listed)] == ["items.0.stringData.x"]
    both = (
        f"apiVersion: v1\nkind: Secret\nstringData: {{}}\n---\napiVersion: v1\nkind: ConfigMap\ndata:\n  x: {HUNTER}\n"
    )
    assert found_in(both) == ()


def test_a_word_after_a_name_is_no_secret_in_a_text_of_no_format() -> None:
    assert found_in("passwd:         files\ngroup: files\n", "nsswitch.conf") == ()


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
