"""SPEC section 6, first two points: SOPS documents are recognised and sealed without any key."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cfgc.model.values import MASK, Secret, masked
from cfgc.stages.secrets.sealing import SealedDocument
from cfgc.stages.secrets.token import parse_token, type_of

PLAIN = """\
# a comment
db:
  password: hunter2 # another
  port: 5432
  ratio: 0.5
  tls: true
  day: 2024-01-02
hosts: [a, {name: b}]
"""


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOPS_AGE_KEY_FILE", raising=False)


def test_an_encrypted_leaf_is_a_typed_placeholder(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = desk.seal(desk.encrypt("environments/prod/x.sops.yaml", PLAIN))
    assert isinstance(document, SealedDocument)
    assert list(document.data) == ["db", "hosts"], "comments and the `sops` block are gone"
    kinds = {key: value.kind for key, value in document.data["db"].items()}
    assert kinds == {"password": "string", "port": "integer", "ratio": "number", "tls": "boolean", "day": "string"}
    assert masked(document.data["hosts"]) == [MASK, {"name": MASK}]
    assert document.data["db"]["password"].token.startswith("ENC[AES256_GCM,data:")
    assert [finding.name for finding in desk.found] == ["retyped-value"], "a date becomes a point in time"


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ("str", "string"),
        ("int", "integer"),
        ("float", "number"),
        ("bool", "boolean"),
        ("time", "string"),
        ("bytes", "string"),
    ],
)
def test_section_6_sops_states_the_type_and_time_and_bytes_are_strings(stated: str, kind: str) -> None:
    secret = parse_token(f"ENC[AES256_GCM,data:aa==,iv:bb==,tag:cc==,type:{stated}]")
    assert secret is not None
    assert (secret.kind, type_of(secret)) == (kind, stated)


def test_section_6_a_number_of_json_is_a_float_to_sops_so_whether_it_is_whole_is_not_known(desk: Any) -> None:
    document = desk.seal(desk.encrypt("environments/prod/x.sops.json", '{"n": 5, "s": "5"}'))
    assert {key: value.kind for key, value in document.data.items()} == {"n": "number", "s": "string"}


def test_json_and_dotenv_too(desk: Any) -> None:
    document = desk.seal(desk.encrypt("environments/prod/x.sops.json", '{"a": "x", "n": 5, "z": null}'))
    assert masked(document.data) == {"a": MASK, "n": MASK, "z": None}
    document = desk.seal(desk.encrypt("environments/prod/y.sops.env", "A=x\nB=y\n"))
    assert masked(document.data) == {"A": MASK, "B": MASK}
    assert document.metadata.recipients[0].identity == desk.recipient


def test_what_is_no_sops_file_comes_back_as_it_is(desk: Any) -> None:
    reader = desk.reader()
    document = desk.seal(desk.write("environments/prod/x.yaml", "a: {b: [1, text]}"), reader)
    assert not isinstance(document, SealedDocument)
    assert desk.found == []
    assert document.data == {"a": {"b": [1, "text"]}}


def test_a_sops_file_must_be_named_so(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.yaml", "a: b")
    assert desk.names(path) == ["misnamed-sops-file"]
    assert "`x.sops.yaml`" in desk.found[0].help


@pytest.mark.parametrize("name", ["x.sops.yaml", "x.sops.json", "x.sops.env"])
def test_a_file_named_so_must_be_encrypted(name: str, desk: Any) -> None:
    text = {"yaml": "a: b", "json": '{"a": "b"}', "env": "A=b"}[name.rsplit(".", 1)[1]]
    assert desk.names(desk.write(f"environments/prod/{name}", text)) == ["unencrypted-sops-file"]
    assert not desk.found[0].quotable, "its first line may be a secret"


TOKEN = "ENC[AES256_GCM,data:aa==,iv:bb==,tag:cc==,type:str]"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (f"a: {{b: ['x', '{TOKEN}']}}", "at.a.b[1]"),
        ("a: 'x ENC[AES256_GCM,data:'", "at.a"),
        (f"a: !append ['{TOKEN}']", "at.a[0]"),
        (f"a: !replace '{TOKEN}'", "at.a"),
        (f"'{TOKEN}': 1", None),
    ],
)
def test_l15_ciphertext_anywhere_else_is_an_error(text: str, path: str | None, desk: Any) -> None:
    desk.seal(desk.write("environments/prod/x.yaml", text))
    (finding,) = desk.found
    assert (finding.name, finding.is_error) == ("stray-ciphertext", True)
    assert finding.location.line == 1
    if path:
        assert finding.path_text.startswith(path)


@pytest.mark.parametrize(
    "broken",
    [
        lambda token: token[:-1],
        lambda token: f" {token}",
        lambda token: f"{token}x",
        lambda token: token.replace("type:str", "type:text"),
        lambda token: token.replace("type:str", "type:comment"),
        lambda token: token.replace(",iv:", ",xx:"),
        lambda token: token.replace("data:", "data:!"),
    ],
)
def test_malformed_tokens_are_findings_and_never_text(broken: Callable[[str], str], desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    token = json.dumps(desk.seal(path).data["a"].token)[1:-1]
    desk.change(path, token, f"'{broken(token)}'")
    document = desk.seal(path)
    assert [finding.name for finding in desk.found] == ["malformed-ciphertext"]
    assert desk.found[0].path == ("at", "a")
    assert isinstance(document.data["a"], Secret)


@pytest.mark.parametrize("marker", ["!append", "!replace", "!prepend", "!by:name", "!raw"])
def test_a_marker_in_a_sops_file_is_an_error(marker: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a:\n  - b\n")
    desk.change(path, "a:\n", f"a: {marker}\n")
    document = desk.seal(path)
    assert [finding.name for finding in desk.found] == ["marker-in-sops-file"]
    assert masked(document.data) == {"a": [MASK]}
    assert not document.marked


def test_an_include_in_a_sops_file_is_an_error(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.write(path, "<<: ${c.d}\n" + desk.text(path))
    assert "marker-in-sops-file" in desk.names(path)
    assert desk.names(desk.write("environments/prod/y.sops.yaml", "<<: ${c.d}\n")) == [
        "unencrypted-sops-file",
        "marker-in-sops-file",
    ]


def test_ciphertext_in_a_key_of_a_sops_file(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.write(path, "'ENC[AES256_GCM,x': ''\n" + desk.text(path))
    assert desk.names(path) == ["malformed-ciphertext", "unprotected-value"]


@pytest.mark.parametrize("pattern", ["(?=x)", "("])
def test_a_rule_that_cannot_be_evaluated_says_nothing_about_plain_values(pattern: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.change(path, "sops:\n", f"sops:\n    encrypted_regex: {pattern}\n")
    desk.write(path, "c: x\n" + desk.text(path))
    assert desk.names(path) == ["unprotected-value"]


@pytest.mark.parametrize("line", ["sops_a" + "__map_b" * 50 + "=x", "sops_mac__map_x=1", "sops_age=x", "sops_x=y"])
def test_a_dotenv_block_that_sops_did_not_write(line: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.env", "A=b\n")
    desk.write(path, desk.text(path) + line + "\n")
    assert "invalid-sops-block" in desk.names(path)


def test_a_marker_at_the_root_of_a_sops_file(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.write(path, "!replace\n" + desk.text(path))
    document = desk.seal(path)
    assert [finding.name for finding in desk.found] == ["marker-in-sops-file"]
    assert masked(document.data) == {"a": MASK}


def test_l16_a_marker_in_a_file_about_to_be_encrypted_is_found_before_sops_drops_it(desk: Any) -> None:
    """Before encryption the file has the name and no block; the hook refuses it for that, and sops keeps no tag."""
    path = desk.write("environments/prod/x.sops.yaml", "a: !append [b]")
    assert "marker-in-sops-file" in desk.names(path)
    assert "unencrypted-sops-file" in desk.names(path)


@pytest.mark.parametrize(
    ("options", "plain", "encrypted"),
    [
        (["--encrypted-regex", "^pass"], "name: x", "password: y"),
        (["--unencrypted-regex", "^name"], "name: x", "password: y"),
        (["--encrypted-suffix", "_s"], "name: x", "password_s: y"),
        (["--unencrypted-suffix", "_p"], "name_p: x", "password: y"),
        ([], "name_unencrypted: x", "password: y"),
    ],
)
def test_l16_a_value_that_the_files_own_rule_encrypts_stands_in_plain_text(
    options: list[str], plain: str, encrypted: str, desk: Any
) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", f"{plain}\n{encrypted}\n", *options)
    assert desk.names(path) == ["unprotected-value"], "left alone by the rule: a warning only"
    key = encrypted.split(":")[0]
    token = desk.seal(path).data[key].token
    desk.change(path, token, "in-plain-text")
    assert desk.names(path) == ["plain-value-in-sops-file", "unprotected-value"]
    assert desk.found[0].path == ("at", key)


@pytest.mark.parametrize("value", ["0", "false", "1.5", "text"])
def test_l16_a_plain_value_of_any_kind(value: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.write(path, f"new: {value}\n" + desk.text(path))
    assert desk.names(path) == ["plain-value-in-sops-file"]


def test_l16_ciphertext_that_the_files_own_rule_leaves_alone_is_never_decrypted(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a_unencrypted: x\nb: y")
    token = desk.seal(path).data["b"].token
    desk.change(path, "a_unencrypted: x", f"a_unencrypted: {token}")
    assert desk.names(path) == ["stray-ciphertext"]


@pytest.mark.parametrize("value", ['""', "null", "~"])
def test_empty_values_stay_as_sops_leaves_them(value: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", f"a: b\nempty: {value}\n")
    document = desk.seal(path)
    assert document.data["empty"] in ("", None)
    assert [finding.name for finding in desk.found] == ["unprotected-value"]


def test_c02_plain_values_beside_secrets_are_named_once_a_file(desk: Any) -> None:
    """sops does not notice renamed, moved or added plain keys: they belong into a plain file."""
    path = desk.encrypt("environments/prod/x.sops.yaml", "host_unencrypted: h\nport_unencrypted: 5\npassword: p\n")
    desk.seal(path)
    (finding,) = desk.found
    assert (finding.name, str(finding.severity)) == ("unprotected-value", "warning")
    assert finding.path == ("at", "host_unencrypted")
    assert finding.notes == ("`port_unencrypted` too",)


def test_c03_mac_only_encrypted_is_an_error(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b", rule=", mac_only_encrypted: true")
    assert desk.names(path) == ["mac-only-encrypted"]
    assert desk.found[0].is_error
    path = desk.encrypt("environments/prod/y.sops.env", "A=b", rule=", mac_only_encrypted: true")
    assert desk.names(path) == ["mac-only-encrypted"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("    lastmodified:", "    x_lastmodified:", "`x_lastmodified` is not known"),
        ("    age:", "    bge:", "it names nobody who could decrypt"),
        ("- recipient:", "- Recipient:", "a `age` key lacks `recipient`"),
        ("sops:\n", "sops:\n    hc_vault: x\n", "`hc_vault` is no list"),
        ("sops:\n", "sops:\n    key_groups: [1]\n", "a key group is no map"),
        ("sops:\n", "sops:\n    encrypted_regex: 5\n", "`encrypted_regex` is no text"),
        ("sops:\n", "SOPS: 5\nsops:\n", "the key `SOPS` is a second `sops` block to sops"),
        ("    mac:", "    MAC:", "`MAC` is not known"),
    ],
)
def test_a_block_that_sops_did_not_write(old: str, new: str, problem: str, desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.change(path, old, new)
    desk.seal(path)
    assert "invalid-sops-block" in {finding.name for finding in desk.found}
    assert any(finding.message.endswith(problem) for finding in desk.found)


def test_no_finding_of_a_sealed_file_quotes_a_value(desk: Any) -> None:
    path = desk.encrypt("environments/prod/x.sops.yaml", "a: b")
    desk.write(path, "canary: canary-value\n" + desk.text(path))
    desk.seal(path)
    assert "canary-value" not in repr(desk.found)
