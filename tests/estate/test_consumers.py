"""The files of the estate are read by the programs they are for, in every environment."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.estate.conftest import ENVIRONMENTS

Part = Callable[[str], str]
each_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)


def run(*command: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)


def gateway(rendered: Mapping[str, Path], environment: str, folder: Path, openssl: str) -> Path:
    """The gateway's folder with a certificate, as it is mounted in its container."""
    shutil.copytree(rendered[environment] / "gateway-manager", folder, dirs_exist_ok=True)
    (folder / "tls").mkdir()
    files = ["-keyout", folder / "tls/gateway.key", "-out", folder / "tls/gateway.crt"]
    made = run(openssl, "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=test", "-days", "1", *files)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.mark.parts
@each_environment
def test_nginx_takes_the_gateway_s_file(
    rendered: Mapping[str, Path], environment: str, tmp_path: Path, part: Part
) -> None:
    folder = gateway(rendered, environment, tmp_path, part("openssl"))
    done = run(part("nginx"), "-t", "-p", folder, "-c", "nginx.conf")
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@contextmanager
def serving(nginx: str, folder: Path) -> Iterator[int]:
    """nginx on a free port of this machine, with the rest of its file as it was rendered."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    conf = folder / "nginx.conf"
    text = conf.read_text().replace("listen 8443 ", f"listen 127.0.0.1:{port} ")
    conf.write_text(text.replace("/tmp/nginx.pid", str(folder / "nginx.pid")))
    server = subprocess.Popen([nginx, "-p", folder, "-c", "nginx.conf", "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(port: int, method: str, path: str, **headers: str) -> Answer:
    context = ssl._create_unverified_context()
    for _ in range(100):
        with closing(http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=5)) as connection:
            try:
                connection.request(method, path, headers=headers)
            except ConnectionRefusedError:
                time.sleep(0.05)
                continue
            with connection.getresponse() as response:
                return Answer(response.status, dict(response.getheaders()), response.read())
    pytest.fail("nginx does not answer")


@pytest.mark.parts
def test_the_gateway_answers_browsers_as_configured(rendered: Mapping[str, Path], tmp_path: Path, part: Part) -> None:
    """The origins that layer `prod` appends are let in, others are not."""
    folder = gateway(rendered, "prod", tmp_path, part("openssl"))
    with serving(part("nginx"), folder) as port:
        assert ask(port, "GET", "/health").body == b"ok\n"
        console = "https://console.emailsender.example"
        welcome = ask(port, "OPTIONS", "/v1/messages", Origin=console)
        assert (welcome.status, welcome.headers["Access-Control-Allow-Origin"]) == (204, console)
        assert welcome.headers["Access-Control-Max-Age"] == "3600"
        foreign = ask(port, "GET", "/health", Origin="https://evil.example")
        assert "Access-Control-Allow-Origin" not in foreign.headers


@pytest.mark.parts
@each_environment
def test_prometheus_takes_the_alerts(rendered: Mapping[str, Path], environment: str, part: Part) -> None:
    done = run(part("promtool"), "check", "rules", rendered[environment] / "monitoring-manager/alerts.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{5 if environment.startswith('prod') else 4} rules found" in done.stdout


@pytest.mark.parts
@each_environment
def test_systemd_takes_the_unit(rendered: Mapping[str, Path], environment: str, tmp_path: Path, part: Part) -> None:
    program = tmp_path / "replication-manager"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "replication-manager.service"
    text = (rendered[environment] / "replication-manager/replication-manager.service").read_text()
    unit.write_text(text.replace("/usr/local/bin/replication-manager", str(program)))
    done = run(part("systemd-analyze"), "verify", "--man=no", unit)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform != "linux", reason="the package of Compose is for Linux")
@each_environment
def test_compose_takes_the_whole_environment(rendered: Mapping[str, Path], environment: str) -> None:
    """Every runtime variable that Compose asks for is in the manifest, and reaches its container."""
    folder = rendered[environment]
    manifest = json.loads((folder / "manifest.json").read_text())
    required = {need["variable"] for artifact in manifest["artifacts"] for need in artifact["requires_env"]}
    assert {"DATABASE_URL", "SLACK_WEBHOOK_URL"} <= required
    given = {name: f"value-of-{name}" for name in required}
    compose = Path(sys.executable).with_name("docker-compose")
    command = [compose, "-f", folder / "compose.yaml", "config", "--format", "json"]
    done = run(*command, env={"PATH": os.environ["PATH"], **given})
    assert (done.returncode, done.stderr) == (0, "")
    services = json.loads(done.stdout)["services"]
    assert "replication-manager" not in services, "it runs on the database hosts"
    assert services["path-manager"]["environment"]["DATABASE_URL"] == "value-of-DATABASE_URL"
    assert services["path-manager"]["deploy"]["replicas"] == (4 if environment.startswith("prod") else 1)
    published = [port["published"] for port in services["gateway-manager"]["ports"]]
    assert len(published) in (1, services["gateway-manager"]["deploy"]["replicas"])
