"""SPEC section 2: the working tree, the index and a revision give the same result through one interface."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from deepdiff import DeepDiff

from tests.system.conftest import ROOT, Cfgc

NAMES = ["cfgc.yaml", "environments", "files", "schemas", "policies", "templates"]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    for name in NAMES:
        subprocess.run(["cp", "-r", str(ROOT / name), str(tmp_path / name)], check=True)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "the estate"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("environment", ["test", "staging", "prod", "prod-eu"])
def test_show_is_the_same_from_every_source(cfgc: Cfgc, estate: Path, environment: str) -> None:
    tree = cfgc(estate, "show", environment, "--format", "json").data
    for option in (["--rev", "HEAD"], ["--staged"]):
        other = cfgc(estate, "show", environment, "--format", "json", *option).data
        assert DeepDiff(tree, other) == {}


def test_sealed_artifacts_are_the_same_from_every_source(cfgc: Cfgc, estate: Path) -> None:
    from_tree = cfgc(estate, "render", "prod", "--sealed", "--stdout").out
    assert from_tree == cfgc(estate, "render", "prod", "--sealed", "--stdout", "--rev", "HEAD").out
    assert len(from_tree) > 10_000


def test_each_component_alone_is_what_it_is_in_the_whole(cfgc: Cfgc, estate: Path) -> None:
    whole, alone = estate / "whole", estate / "alone"
    assert cfgc(estate, "render", "prod", "--sealed", "--out", str(whole)).code == 0
    components = sorted(path.name for path in (whole / "prod").iterdir() if path.is_dir())
    assert len(components) > 15
    for name in components:
        assert cfgc(estate, "render", "prod", "--sealed", "--out", str(alone), "--component", name).code == 0
        for path in (whole / "prod" / name).iterdir():
            assert path.read_bytes() == (alone / "prod" / name / path.name).read_bytes(), path
