"""k8s-configmap and k8s-secret: `kubectl` accepts them and reads back the data.

`kubectl create --dry-run=client` asks a server which kinds there are; `kubectl patch --local` reads the same files
without one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.render.corpus import V, samples
from tests.render.world import emitted, refused, secret, text, unknown

KUBECTL = Path(sys.executable).parent / "kubectl"


def kubectl(written: str, folder: Path) -> dict[str, Any]:
    file = folder / "object.yaml"
    file.write_bytes(written.encode())
    command: list[str | Path] = [KUBECTL, "patch", "--local", "-p", "{}", "-o", "json", "-f", file]
    done = subprocess.run(
        command, capture_output=True, check=True, env={"HOME": str(folder), "KUBECONFIG": "/dev/null"}
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def values() -> dict[str, str]:
    held = [value for value in (*V, *samples(200)) if "\0" not in value and len(value) < 1000]
    return {f"V{number}": value for number, value in enumerate(held)}


def test_o05_kubectl_reads_back_a_configmap(tmp_path: Path) -> None:
    found = kubectl(text("k8s-configmap", values(), namespace="apps", labels={"app": "web"}), tmp_path)
    assert found["data"] == values()
    assert found["metadata"] == {"name": "web", "namespace": "apps", "labels": {"app": "web"}}


def test_o05_kubectl_reads_back_a_secret(tmp_path: Path) -> None:
    config = {name: secret(value) for name, value in values().items()}
    found = kubectl(text("k8s-secret", config, name="web-keys"), tmp_path)
    assert {name: base64.b64decode(value).decode() for name, value in found["data"].items()} == values()
    assert (found["kind"], found["metadata"]["name"]) == ("Secret", "web-keys")


@pytest.mark.parametrize("format", ["k8s-configmap", "k8s-secret"])
def test_section_8_data_file_holds_the_whole_as_yaml(format: str, tmp_path: Path) -> None:
    config = {"a": {"b": [1, None]}, "c": "x"} if format == "k8s-configmap" else {"a": {"b": secret("p")}}
    found = kubectl(text(format, config, data="file"), tmp_path)
    (held,) = found["data"].values()
    held = held if format == "k8s-configmap" else base64.b64decode(held).decode()
    assert yaml.safe_load(held) == (config if format == "k8s-configmap" else {"a": {"b": "p"}})
    assert list(found["data"]) == ["config.yaml"]


def test_section_8_a_configmap_leaves_secrets_out_and_refuses_them_on_demand() -> None:
    config = {"a": 1, "b": {"c": secret("p"), "d": [secret("q")]}, "e": [1, {"f": secret("r")}]}
    assert yaml.safe_load(text("k8s-configmap", config))["data"] == {"A": "1"}
    (found,) = refused("k8s-configmap", config, only="all")
    assert (found.name, found.path) == ("secret-refused", ("managers", "web", "b", "c"))


def test_section_8_a_secret_holds_secrets_only() -> None:
    config = {"a": 1, "b": {"c": secret("p"), "x": 2}, "e": {}}
    assert list(yaml.safe_load(text("k8s-secret", config))["data"]) == ["B_C"]
    assert list(yaml.safe_load(text("k8s-secret", config, only="all"))["data"]) == ["A", "B_C", "B_X"]


def test_section_8_without_entries_there_is_an_empty_object(tmp_path: Path) -> None:
    assert kubectl(text("k8s-secret", {"a": 1}), tmp_path)["data"] == {}


def test_section_8_a_digest_in_the_name_follows_the_data() -> None:
    def name(config: Any) -> str:
        return str(yaml.safe_load(text("k8s-configmap", config, suffix="digest"))["metadata"]["name"])

    assert name({"a": 1}) == name({"a": 1})
    assert name({"a": 1}) != name({"a": 2})
    assert name({"a": 1}).startswith("web-")


def test_section_6_the_digest_of_a_secret_is_that_of_its_sealed_form() -> None:
    """No plain hash of a secret anywhere: another value under the same token gives the same name."""
    one = emitted("k8s-secret", {"a": secret("1234")}, suffix="digest")
    other = emitted("k8s-secret", {"a": secret("5678")}, suffix="digest")
    rotated = emitted("k8s-secret", {"a": secret("1234", token="ENC[AES256_GCM,data:new]")}, suffix="digest")
    names = [yaml.safe_load(found.content)["metadata"]["name"] for found in (one, other, rotated)]
    assert names[0] == names[1] != names[2]
    plain = text("k8s-secret", {"a": secret("1234")})
    assert names[0] != f"web-{hashlib.sha256(plain.encode()).hexdigest()[:10]}"


@pytest.mark.parametrize(
    "options",
    [{"name": "Web_1"}, {"name": "a" * 254}, {"namespace": "a.b"}, {"labels": {"a b": "x"}}, {"labels": {"a": "x y"}}],
)
def test_section_8_names_that_kubernetes_refuses_are_refused(options: dict[str, Any]) -> None:
    (found,) = refused("k8s-configmap", {"a": 1}, **options)
    assert found.name == "k8s-name-invalid"
    assert found.location is not None
    assert found.location.file == "cfgc.yaml"


def test_section_8_more_than_kubernetes_holds_is_refused() -> None:
    (found,) = refused("k8s-configmap", {"a": "x" * (1 << 20)})
    assert found.name == "k8s-too-large"


def test_section_8_nul_is_refused() -> None:
    (found,) = refused("k8s-configmap", {"a": {"b": "\0"}})
    assert (found.name, found.path) == ("text-not-held", ("managers", "web", "a", "b"))


def test_section_8_runtime_variables_are_left_out_and_listed() -> None:
    artifact = emitted("k8s-configmap", {"a": unknown("$URL"), "b": 1})
    assert yaml.safe_load(artifact.content)["data"] == {"B": "1"}
    assert artifact.requires_env == (("URL", "managers.web.a", "A"),)
