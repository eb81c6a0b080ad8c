"""The whole estate compiles cleanly, needs no key to be checked, and says what its overlays mean."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from cfgc.model.values import MASK
from tests.estate.conftest import ENVIRONMENTS, run_cfgc


def show(environment: str) -> dict[str, Any]:
    done = run_cfgc("show", environment, "--format", "json")
    assert done.returncode == 0, done.stderr
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


def test_all_environments_validate_without_a_key_and_without_noise() -> None:
    """Issue 2, section 6: `validate` of every environment works with no key at hand."""
    done = run_cfgc("validate", "--format", "json")
    found = json.loads(done.stdout)
    assert [one for one in found["diagnostics"] if one["severity"] != "note"] == []
    assert found["summary"]["environments"] in (4, list(ENVIRONMENTS))
    assert done.returncode == 0


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_done_when_show_of_every_environment_needs_no_key(environment: str) -> None:
    """Issue 2, section 6: its secrets are masked, and what is made of them."""
    assert not [name for name in os.environ if name.startswith("SOPS_")]
    assert (MASK in json.dumps(show(environment))) is (environment != "staging")


def test_the_waiver_is_what_lets_one_manager_run_alone() -> None:
    """A waiver that has run out is an error, and so is what it no longer covers."""
    later = run_cfgc("validate", "prod", "--date", "2027-07-01", "--format", "json")
    assert later.returncode == 1
    assert "managers.config-manager" in later.stdout


def test_the_region_keeps_its_data() -> None:
    tree = show("prod-eu")
    assert set(tree["managers"]["replication-manager"]["sites"]) == {"eu-central-1", "eu-west-1"}
    assert tree["managers"]["storage-manager"]["objects"]["region"] == "eu-central-1"
    assert tree["extensions"]["analytics"]["tracking"] == {
        "opens": False,
        "clicks": True,
        "base_url": "https://click.eu.emailsender.example",
    }
    assert tree["extensions"]["unsubscribe-portal"]["languages"] == ["de", "fr", "es", "it", "en"]


def test_overlays_change_single_items_by_name() -> None:
    alerts = {alert["name"]: alert for alert in show("prod")["managers"]["monitoring-manager"]["alerts"]}
    assert alerts["QueueBacklog"]["severity"] == "page"
    assert alerts["QueueBacklog"]["expr"] == "sum by (queue) (emailsender_queue_depth) > 10000"
    assert list(alerts)[-1] == "CertificateExpiresSoon"
    pools = {pool["name"]: pool for pool in show("test")["managers"]["load-balancer-manager"]["pools"]}
    assert [target["name"] for target in pools["smtp"]["targets"]] == ["smtp-a"]


def test_other_programs_keep_their_own_dollar_signs() -> None:
    tree = show("prod")
    assert tree["managers"]["monitoring-manager"]["dashboards"]["delivery"]["datasource"] == "${DS_PROMETHEUS}"
    assert tree["plugins"]["template-renderer"]["fallback_greeting"] == "Hello ${first_name},"


def test_staging_renders_without_any_key(tmp_path: Path) -> None:
    """SPEC 8: only components that use a secret need a key; staging gets its secrets at run time."""
    done = run_cfgc("render", "staging", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    env = (tmp_path / "staging/cache-manager/.env").read_text()
    assert 'REDIS_PASSWORD="${REDIS_PASSWORD}"' in env


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_set_holds_every_component_and_its_manifest(rendered: Mapping[str, Path], environment: str) -> None:
    """Issue 2, section 6: `dist/prod` holds each component's files and a manifest."""
    folder = rendered[environment]
    manifest = json.loads((folder / "manifest.json").read_text())
    on_disk = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {artifact["path"] for artifact in manifest["artifacts"]} == on_disk - {"manifest.json"}
    tree = show(environment)
    groups = ("managers", "plugins", "extensions", "services")
    components = {name for group in groups for name in tree[group]} | {"orchestrator"}
    assert {path.name for path in folder.iterdir() if path.is_dir()} == components


def test_files_with_a_secret_are_for_their_owner_only(rendered: Mapping[str, Path]) -> None:
    """SPEC 6: a secret artifact has mode 0600, others 0644."""
    folder = rendered["prod"]
    manifest = json.loads((folder / "manifest.json").read_text())
    secret = {artifact["path"] for artifact in manifest["artifacts"] if artifact["secret"]}
    assert {"storage-manager/.env", "dkim-signer/secret.yaml", "payments/client.json"} <= secret
    assert not {"compose.yaml", "gateway-manager/nginx.conf", "dkim-signer/configmap.yaml"} & secret
    for artifact in manifest["artifacts"]:
        mode = stat.S_IMODE((folder / artifact["path"]).stat().st_mode)
        assert mode == (0o600 if artifact["path"] in secret else 0o644), artifact["path"]


def test_references_join_what_layers_say_once(rendered: Mapping[str, Path]) -> None:
    storage = yaml.safe_load((rendered["prod"] / "storage-manager/config.yaml").read_text())
    assert storage["database"]["url"].startswith("postgres://emailsender:prod-database-")
    assert storage["database"]["url"].endswith("@postgres-primary.internal:5432/emailsender")
    payments = json.loads((rendered["prod"] / "payments/client.json").read_text())
    assert payments["fallback"] == "https://backup-payments.company.com/v2"
    assert payments["circuit_breaker"] == {"timeout": "2m", "threshold": 5}
