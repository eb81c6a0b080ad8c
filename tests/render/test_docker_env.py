"""docker-env: the lines that `docker create --env-file` sends to its engine (THREATS O02).

The docker program parses the file itself; the engine here is a stand-in that keeps what it is sent.
"""

from __future__ import annotations

import json
import socketserver
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar

import pytest

from tests.render.corpus import V, samples
from tests.render.world import refused, run, text


class Engine(BaseHTTPRequestHandler):
    """As much of the engine's API as `docker create` asks for."""

    created: ClassVar[list[list[str]]] = []

    def do_HEAD(self) -> None:
        self._answer({}, body=False)

    def do_GET(self) -> None:
        self._answer({"ApiVersion": "1.41", "Version": "20.10"})

    def do_POST(self) -> None:
        data = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        self.created.append(data.get("Env") or [])
        self._answer({"Id": "0" * 64, "Warnings": []}, code=201)

    def _answer(self, data: object, *, code: int = 200, body: bool = True) -> None:
        text = json.dumps(data).encode()
        self.send_response(code)
        self.send_header("API-Version", "1.41")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if body:
            self.wfile.write(text)

    def address_string(self) -> str:
        return "docker"

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[str]:
    Engine.created = []
    with socketserver.ThreadingUnixStreamServer(str(tmp_path / "docker.sock"), Engine) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"unix://{tmp_path / 'docker.sock'}"
        server.shutdown()
        thread.join()


@pytest.mark.parts
def test_o02_docker_reads_back_the_corpus(engine: str, tmp_path: Path, part: Callable[[str], str]) -> None:
    values = {f"V{n}": v for n, v in enumerate((*V, *samples(400))) if not run("docker-env", {"a": v})[1]}
    assert len(values) > 100
    file = tmp_path / "docker.env"
    file.write_bytes(text("docker-env", values).encode())
    command: list[str | Path] = [part("docker"), "--host", engine, "create", "--env-file", file, "image"]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    assert Engine.created == [[f"{name}={value}" for name, value in values.items()]]


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "\0", " lead", "trail ", "\t", "x" * 65536])
def test_o02_what_has_no_quoting_is_refused(value: str) -> None:
    (found,) = refused("docker-env", {"a": value})
    assert found.name == "text-not-held"
    assert found.path == ("managers", "web", "a")


def test_section_8_scalars_are_words() -> None:
    assert text("docker-env", {"a": True, "b": False, "c": 1.5, "d": [True, {"x": 0}]}) == (
        'A=true\nB=false\nC=1.5\nD=[true,{"x":0}]\n'
    )


@pytest.mark.parametrize("value", ["", "'", '"a"', "$HOME", "#h", "\\n", "a=b", "é"])
def test_o02_everything_else_stands_as_it_is(value: str) -> None:
    assert text("docker-env", {"a": value}) == f"A={value}\n"
