"""The estate of this repository, rendered once for all tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("test", "staging", "prod", "prod-eu")

Cfgc: TypeAlias = "Callable[..., subprocess.CompletedProcess[str]]"


def run_cfgc(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`cfgc ARGUMENTS` in this repository, with the variables added to the tests' own."""
    command = [sys.executable, "-m", "cfgc", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


@pytest.fixture(scope="session")
def rendered(hermetic: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Environment -> its rendered set, plain, under the demo key."""
    out = tmp_path_factory.mktemp("dist")
    key = str(ROOT / "keys" / "demo.agekey")
    done = run_cfgc("render", *ENVIRONMENTS, "--out", str(out), SOPS_AGE_KEY_FILE=key)
    assert done.returncode == 0, done.stderr
    return {name: out / name for name in ENVIRONMENTS}
