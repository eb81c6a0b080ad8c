"""The estate is what its brief asks for (issue 2, section 1)."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ROOT / "environments"

SEED = """\
paths:
  database:
    url: "${DATABASE_URL}"
    max_connections: 100
    health_check: "/health"
  services:
    auth:
      endpoint: "https://auth.company.com/api"
      timeout: 30s
      circuit_breaker:
        threshold: 5
        timeout: 30s
    payment:
      endpoint: "https://payments.company.com/v2"
      timeout: 60s
      fallback: "https://backup-payments.company.com/v2"
audit:
  enabled: true
  retention: 30d
  export_format: json
monitoring:
  prometheus:
    enabled: true
    endpoint: "/metrics"
  slack_webhook: "${SLACK_WEBHOOK_URL}"
"""


def children(group: str) -> set[str]:
    return {path.name.split(".")[0] for path in (LAYERS / "base" / group).iterdir()} - {"_each"}


def test_the_path_manager_carries_the_seed_s_configuration_as_it_stands() -> None:
    assert (LAYERS / "base/managers/path-manager.yaml").read_text().endswith(SEED)


def test_all_components_are_there() -> None:
    managers = ["path", "config", "error", "monitoring", "security", "gateway", "replication", "load-balancer"]
    managers += ["storage", "cache"]
    assert children("managers") == {f"{name}-manager" for name in managers}
    assert len(children("plugins")) >= 3
    assert len(children("extensions")) >= 2
    assert len(children("services")) >= 2
    assert (LAYERS / "base/orchestrator.yaml").exists()


def test_each_group_has_defaults() -> None:
    """`_each.yaml` gives all managers their defaults."""
    for group in ("managers", "plugins", "extensions", "services"):
        assert (LAYERS / "base" / group / "_each.yaml").exists()
        assert list((ROOT / "schemas" / group).glob("_each.schema.*"))


def test_a_platform_team_s_policies_and_a_waiver_that_ends() -> None:
    files = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "policies").glob("*.yaml"))]
    assert sum(len(file["policies"]) for file in files) >= 10
    waivers = [waiver for file in files for waiver in file.get("waivers", [])]
    assert [waiver["until"][:4] for waiver in waivers] == ["2027"]


def test_the_layers_use_the_markers_with_purpose() -> None:
    text = "\n".join(path.read_text() for path in LAYERS.rglob("*.yaml"))
    assert set(re.findall(r"!(?:[a-z]+)(?::[a-z]+)?", text)) == {
        "!append",
        "!prepend",
        "!by:name",
        "!unset",
        "!replace",
        "!raw",
    }
