"""`--set`, variables that override, and `--resolve-env` (SPEC section 10)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.system.conftest import Cfgc


def test_set_overrides_and_marks_the_set_as_not_reproducible(cfgc: Cfgc, shop: Path) -> None:
    done = cfgc(shop, "render", "prod", "--out", str(shop / "dist"), "--set", "managers.web.replicas=9")
    assert done.code == 0
    assert "REPLICAS=9" in (shop / "dist/prod/web/.env").read_text()
    manifest = json.loads((shop / "dist/prod/manifest.json").read_text())
    assert manifest["reproducible"] is False
    assert manifest["overrides"] == ["managers.web.replicas <--set>"]


def test_environment_overrides_only_when_allowed(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CFGC_SET__managers__web__replicas", "8")
    assert cfgc(shop, "show", "prod", "managers.web.replicas").out == "3\n"
    allowed = cfgc(shop, "show", "prod", "managers.web.replicas", "--allow-env-overrides")
    assert allowed.out == "8\n"
    both = cfgc(
        shop, "show", "prod", "managers.web.replicas", "--allow-env-overrides", "--set", "managers.web.replicas=2"
    )
    assert both.out == "2\n"


def test_resolve_env_fills_in_and_reports_all_missing_ones_at_once(
    cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "environments/prod/managers/db.yaml").write_text("user: ${DB_USER}\nhost: ${DB_HOST}\nzone: ${DB_ZONE}\n")
    monkeypatch.setenv("DB_USER", "ann")
    done = cfgc(shop, "show", "prod", "managers.db", "--resolve-env")
    assert done.code == 1
    assert "DB_HOST" in done.err
    assert "DB_ZONE" in done.err
    assert "DB_USER" not in done.err


def test_an_override_that_is_no_utf_8_is_a_finding(cfgc: Cfgc, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a character in `--set` or a variable was a UnicodeEncodeError."""
    done = cfgc(shop, "show", "prod", "--set", "managers.web.owner=\udcff")
    assert (done.code, "UTF-8" in done.err) == (1, True)
    monkeypatch.setenv("CFGC_SET__managers__web__owner", "\udcff")
    assert cfgc(shop, "show", "prod", "--allow-env-overrides").code == 1
