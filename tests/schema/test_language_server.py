"""The real yaml-language-server on what `cfgc schema --write` wrote: it completes and checks layer files (issue 2)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cfgc.cli.app import run as run_program

FILES = {
    "cfgc.yaml": "version: 1\nenvironments: {prod: {extends: base}, eu: {layers: [regions/eu]}}\n",
    "environments/base/services/_each.yaml": "replicas: 1\n",
    "environments/base/services/web.yaml": "replicas: 2\n",
    "environments/regions/eu/features.yaml": "dark: true\n",
    "schemas/services/_each.schema.json": json.dumps(
        {
            "properties": {
                "replicas": {"type": "integer"},
                "level": {"enum": ["info", "debug"]},
                "hosts": {"type": "array"},
                "ports": {"items": {"format": "port"}},
            },
            "required": ["replicas", "level"],
            "additionalProperties": False,
        }
    ),
    "schemas/features.schema.json": '{"properties": {"dark": {"type": "boolean"}}, "additionalProperties": false}',
}


class LanguageServer:
    """A conversation with the server over its standard input and output."""

    def __init__(self, program: str, root: Path) -> None:
        self._child = subprocess.Popen([program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._root = root
        self._count = 0
        self._settings = json.loads((root / ".vscode/settings.json").read_text())
        self.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": _CAPABILITIES})
        self._send({"method": "initialized", "params": {}})

    def open(self, path: str, text: str) -> list[str]:
        """What the server says of a file that an editor has open with this text."""
        uri = (self._root / path).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return [found["message"] for found in message["params"]["diagnostics"]]

    def complete(self, path: str, line: int, character: int) -> list[str]:
        """What the server offers at a place of an open file."""
        where = {"textDocument": {"uri": (self._root / path).as_uri()}}
        answer = self.ask("textDocument/completion", {**where, "position": {"line": line, "character": character}})
        return sorted(item["label"] for item in answer["items"])

    def ask(self, method: str, params: object) -> Any:
        self._count += 1
        self._send({"id": self._count, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._count and "method" not in message:
                return message["result"]

    def close(self) -> None:
        self._child.kill()
        self._child.communicate()

    def _send(self, message: Mapping[str, object]) -> None:
        assert self._child.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._child.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._child.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """The next message; what the server asks of its editor is answered on the way."""
        assert self._child.stdout is not None
        length = 0
        while line := self._child.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name == b"Content-Length" else length
        message: dict[str, Any] = json.loads(self._child.stdout.read(length))
        if "id" in message and message.get("method") == "workspace/configuration":
            wanted = [item.get("section") for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": [self._section(name) for name in wanted]})
        elif "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})
        return message

    def _section(self, name: str) -> object:
        usual = {"schemaStore": {"enable": False}, "validate": True, "completion": True}
        written = {key.removeprefix("yaml."): value for key, value in self._settings.items()}
        return {**usual, **written} if name == "yaml" else {}


_CAPABILITIES = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {"completion": {"completionItem": {"snippetSupport": False}}, "publishDiagnostics": {}},
}


@pytest.fixture
def server(project: Callable[[Mapping[str, str]], Path], part: Callable[[str], str]) -> Iterator[LanguageServer]:
    root = project(FILES)
    assert run_program(["-C", str(root), "schema", "--write"]) == 0
    server = LanguageServer(part("yaml-language-server"), root)
    yield server
    server.close()


@pytest.mark.parts
def test_an_editor_completes_the_keys_of_a_place(server: LanguageServer) -> None:
    web = "environments/base/services/web.yaml"
    assert server.open(web, "replicas: 2\n\n") == []
    offered = [label for label in server.complete(web, 1, 0) if not label.startswith("!")]
    assert offered == ["<<", "hosts", "level", "ports"]


@pytest.mark.parts
def test_an_editor_takes_references_and_markers_and_refuses_a_wrong_value(server: LanguageServer) -> None:
    marked = "hosts: !by:name [{name: a}, !unset {name: b}]\nports: !append [1]\n"
    assert server.open("environments/base/services/web.yaml", f"replicas: ${{.other}}\nlevel: !unset\n{marked}") == []
    assert '"info", "debug"' in str(server.open("environments/base/services/_each.yaml", "level: inof\n"))


@pytest.mark.parts
@pytest.mark.parametrize(
    "path",
    [
        "environments/base/services/web.yaml",
        "environments/prod/services/web.yaml",
        "environments/regions/eu/services/web.yaml",
        "environments/prod/features.yaml",
    ],
)
def test_an_editor_knows_a_place_in_every_layer_also_where_no_file_stood(server: LanguageServer, path: str) -> None:
    assert "replcas" in str(server.open(path, "replcas: 2\n"))


@pytest.mark.parts
def test_an_editor_says_nothing_of_a_file_that_is_no_layer_file(server: LanguageServer) -> None:
    assert server.open("docs/services/web.yaml", "replcas: 2\n") == []
