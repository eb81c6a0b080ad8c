"""Decryption by the real sops: the values of each format, once a run, in memory (SPEC section 6; THREATS C12)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfgc.external import sops
from cfgc.external.git.sources import Index, Revision
from cfgc.model.layers import LayerFile
from cfgc.stages.read import Reader
from cfgc.stages.secrets import seal
from cfgc.stages.secrets.reveal import Doors, Revealer
from tests.secrets.conftest import Program

PLAIN = """\
db:
  password: hunter2
  port: 5432
  big: 9223372036854775807
  ratio: 1.5
  large: 1e21
  tls: false
  pem: |
    -----BEGIN-----
    a'"b\\c${X}{{ y }}<&>
  word: "true"
  zero: "0"
  none: null
  empty: ""
hosts: [a, {name: "ü\\u2028"}]
"""


def test_yaml_with_all_types(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", PLAIN)
    (document,) = desk.reveal(path)
    assert {finding.name for finding in desk.found} == {"unprotected-value"}, "null and empty text are not encrypted"

    assert desk.opened(document) == {
        "db": {
            "password": "hunter2",
            "port": 5432,
            "big": 9223372036854775807,
            "ratio": 1.5,
            "large": 1e21,
            "tls": False,
            "pem": "-----BEGIN-----\na'\"b\\c${X}{{ y }}<&>\n",
            "word": "true",
            "zero": "0",
            "none": None,
            "empty": "",
        },
        "hosts": ["a", {"name": "ü\u2028"}],
    }


def test_json(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.json", '{"a": "x", "n": 5, "f": 0.5, "l": ["p", true]}')
    assert desk.plain(path) == {"a": "x", "n": 5, "f": 0.5, "l": ["p", True]}
    assert isinstance(desk.plain(path)["n"], int)


def test_dotenv(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.env", "A=hunter2\nB=x y\nC=a\\nb\n")
    assert desk.plain(path) == {"A": "hunter2", "B": "x y", "C": "a\nb"}


def test_only_encrypted_leaves_are_taken_from_sops(desk: Any) -> None:
    """sops reads plain values as YAML 1.1 with Go's types, `017` as fifteen; cfgc keeps its own reading."""
    path = desk.encrypt("environments/prod/x.sops.yaml", "number_unencrypted: 15\npassword: p\n")
    desk.change(path, "number_unencrypted: 15", "number_unencrypted: 017")
    (document,) = desk.reveal(path)
    assert [finding.name for finding in desk.found if finding.is_error] == []
    assert desk.opened(document) == {"number_unencrypted": 17, "password": "p"}


def test_a_text_that_is_not_utf8_is_refused_and_not_mangled(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: !!binary //4=\n")
    finding = desk.refusal(path)
    assert finding.message.endswith("holds a text that is not UTF-8")


def test_the_environment_names_no_key_by_a_project_file(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.sops.yaml` of the project is not read when decrypting: a broken one changes nothing."""
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.write(".sops.yaml", "creation_rules: [")
    monkeypatch.chdir(desk.root)
    assert desk.plain(path) == {"a": "b"}


def test_c12_each_file_is_decrypted_once_a_run(desk: Any, program: Program, tmp_path: Path) -> None:
    log = tmp_path / "log"
    program(f'echo "$1" >> {log}; exec {sops._packaged()[0]} "$@"')  # type: ignore[index]
    paths = [desk.encrypt(f"environments/prod/{name}.sops.yaml", f"a: {name}") for name in "abc"]
    reader = desk.reader()
    documents = [desk.seal(path, reader) for path in paths]
    revealer = desk.revealer(reader)
    for environment in ("prod", "prod-eu"):
        revealed, found = revealer.reveal(documents, environment)
        assert found == []
        assert [desk.opened(document) for document in revealed] == [{"a": "a"}, {"a": "b"}, {"a": "c"}]
    assert log.read_text().split().count("--config") == 3
    assert log.read_text().split().count("--version") == 1


def test_several_files_are_decrypted_at_a_time(desk: Any, program: Program, tmp_path: Path) -> None:
    """Each waits until the other has started: one after the other would end in the deadline."""
    meet = (
        f"touch {tmp_path}/$$.here; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "
        f"[ $(ls {tmp_path}/*.here | wc -l) -ge 2 ] && break; sleep 0.2; done; "
        f"[ $(ls {tmp_path}/*.here | wc -l) -ge 2 ] || exit 1;"
    )
    program(f'if [ "$1" = --version ]; then echo "sops 3.11.0"; exit 0; fi; {meet} exec {sops._packaged()[0]} "$@"')  # type: ignore[index]
    paths = [desk.encrypt(f"environments/prod/{name}.sops.yaml", "a: b") for name in "ab"]
    desk.reveal(*paths)
    assert desk.found == []


def test_a_file_without_a_secret_needs_no_sops(desk: Any, program: Program) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a_unencrypted: b")
    program("exit 1")
    (document,) = desk.reveal(path)
    assert [finding.name for finding in desk.found] == ["unprotected-value"]
    assert document.data == {"a_unencrypted": "b"}


def test_documents_of_a_revision_and_of_the_index(desk: Any, git: Callable[..., str]) -> None:
    """The bytes come from the source, by standard input: no working tree, no file in plain text."""
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: committed")
    git(desk.root, "init", "-q")
    git(desk.root, "add", ".")
    git(desk.root, "commit", "-q", "-m", "one")
    desk.encrypt("environments/prod/x.sops.yaml", "a: staged")
    git(desk.root, "add", ".")
    desk.encrypt("environments/prod/x.sops.yaml", "a: working")
    for source, expected in ((Revision(desk.root, "HEAD"), "committed"), (Index(desk.root), "staged")):
        reader = Reader(source)
        document, _ = reader.read(LayerFile(path, "prod", (), "yaml", sops=True))
        sealed, _ = seal(document, reader.locator)  # type: ignore[arg-type]
        revealer = Revealer(Doors(source.read, reader.locator, desk.root))
        (revealed,), found = revealer.reveal([sealed], "prod")
        assert (desk.opened(revealed), found) == ({"a": expected}, [])


def test_a_file_that_is_gone_since_it_was_read(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    reader = desk.reader()
    document = desk.seal(path, reader)
    (desk.root / path).unlink()
    _, found = desk.revealer(reader).reveal([document], "prod")
    assert [finding.name for finding in found] == ["sops-failed"]


@pytest.mark.parts
def test_pgp(desk: Any, monkeypatch: pytest.MonkeyPatch, part: Callable[[str], str]) -> None:
    """A PGP key in a keyring of its own; the agent is ended again."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(prefix="g") as home:  # sockets of the agent need a short path
        monkeypatch.setenv("GNUPGHOME", home)
        batch = [
            part("gpg"),
            "--batch",
            "--passphrase",
            "",
            "--quick-gen-key",
            "ann@example.org",
            "default",
            "default",
            "never",
        ]
        subprocess.run(batch, check=True, capture_output=True)
        listing = subprocess.run(["gpg", "--list-keys", "--with-colons"], check=True, capture_output=True, text=True)
        fingerprint = next(line.split(":")[9] for line in listing.stdout.splitlines() if line.startswith("fpr"))
        path = desk.encrypt("environments/prod/x.sops.yaml", "a: b", "--pgp", fingerprint)
        monkeypatch.delenv("SOPS_AGE_KEY_FILE")
        try:
            assert desk.plain(path) == {"a": "b"}
        finally:
            subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)
