"""Sets of artifacts that say which generation they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from cfgc.model.artifact import Artifact
from cfgc.model.manifest import Manifest
from cfgc.stages.write import Request


def artifacts(generation: str, components: Iterable[int] = range(6)) -> list[Artifact]:
    """A secret `.env` and a public `config.yaml` for each component, every byte of the same generation."""
    made = []
    for number in components:
        text = f"generation: {generation}\ncomponent: {number}\n".encode()
        made.append(Artifact(f"app-{number}/.env", f"managers.app-{number}", text, b"sealed " + text, secret=True))
        made.append(Artifact(f"app-{number}/config.yaml", f"managers.app-{number}", text, text))
    return made


@pytest.fixture
def request_for(tmp_path: Path) -> Callable[..., Request]:
    """A request that writes to `tmp_path/dist`."""

    def make(made: list[Artifact], **options: object) -> Request:
        manifest = Manifest("prod", "0.1.0", "2026.1")
        return Request(str(tmp_path / "dist"), manifest, made, tmp_path / "state", **options)  # type: ignore[arg-type]

    return make
