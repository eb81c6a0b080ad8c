"""What sops refuses: a key that is missing, and every change of an encrypted file (THREATS C01 to C13, R10)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyrage
import pytest

import cfgc


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
