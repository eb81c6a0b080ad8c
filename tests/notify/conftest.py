"""Real receivers on loopback: an HTTP and an SMTP server, which stop with their test."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.system.conftest import age_key, cfgc, seal, shop

__all__ = ["age_key", "cfgc", "seal", "shop"]


class Hook:
    """An HTTP receiver: what it was told, and the answers that it gives one after the other, the last for good."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.answers = [200]
        self.hangs = threading.Event()
        self.hangs.set()
        self.port = 0

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/token-kNary"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback goes through no proxy, and the pipeline that runs the tests is none of a merge request to them."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    for name in ("CI_MERGE_REQUEST_IID", "GITHUB_EVENT_NAME", "CI_JOB_URL", "BUILD_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            made.hangs.wait(60)
            self.send_response(made.answers.pop(0) if len(made.answers) > 1 else made.answers[0])
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    with server:
        thread.start()
        yield made
        made.hangs.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def mailbox() -> Iterator[tuple[int, list[Any]]]:
    """The port of an SMTP server, and the envelopes that it got."""
    envelopes: list[Any] = []

    class Handler:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            envelopes.append(envelope)
            return "250 OK"

    controller = Controller(Handler(), hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield controller.port, envelopes
    controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Gives each receiver so many seconds."""

    def give(seconds: float) -> None:
        monkeypatch.setattr("cfgc.external.postman.send.__defaults__", (seconds,))

    return give
