"""A project from a mapping of files, discovered by the real working tree and the real reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cfgc.diagnostics import Diagnostic, Failed
from cfgc.external.files import WorkTree
from cfgc.model.project import Project
from cfgc.stages.discover import discover
from cfgc.stages.read import Reader

Discover = Callable[[Mapping[str, str]], tuple[Project, list[Diagnostic]]]
Refused = Callable[[Mapping[str, str]], list[Diagnostic]]
Write = Callable[[Mapping[str, str]], Path]


def discover_folder(root: Path) -> tuple[Project, list[Diagnostic]]:
    source = WorkTree(root)
    reader = Reader(source)
    return discover(source, reader.data, reader.locator)


@pytest.fixture
def discovered(project: Write) -> Discover:
    """A function: files -> project and findings."""
    return lambda files: discover_folder(project(files))


@pytest.fixture
def refused(project: Write) -> Refused:
    """A function: files of no usable project -> what is wrong with it."""

    def refuse(files: Mapping[str, str]) -> list[Diagnostic]:
        with pytest.raises(Failed) as caught:
            discover_folder(project(files))
        return list(caught.value.diagnostics)

    return refuse


def layers(found: tuple[Project, list[Diagnostic]]) -> dict[str, tuple[str, ...]]:
    """Environment -> its layers."""
    return {name: environment.layers for name, environment in found[0].environments.items()}


def shown(findings: list[Diagnostic]) -> list[str]:
    """Findings as a reader sees them: place, code, message."""
    return [f"{found.location}: {found.code} {found.message}" for found in findings]
