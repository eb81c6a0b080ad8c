"""`make lock`: writes requirements/NAME.txt from pyproject.toml, pinned with hashes for every platform."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = str(Path(sys.executable).with_name("uv"))

# each lock adds groups to the one it names and keeps that one's versions; beside Kapitan some have to be older
LOCKS = {
    "runtime": (["--group", "build"], None),
    "bench": (["--group", "build", "--group", "bench"], None),
    "test": (["--all-extras", "--group", "build", "--group", "test"], "runtime"),
    "check": (["--all-extras", "--group", "build", "--group", "test", "--group", "check"], "test"),
}
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--upgrade"]


def main(name: str) -> None:
    groups, below = LOCKS[name]
    pins = ["--constraint", f"requirements/{below}.txt"] if below else []
    output = ["--custom-compile-command", "make lock", "--quiet", "--output-file", f"requirements/{name}.txt"]
    command = [UV, "pip", "compile", *OPTIONS, *groups, *pins, *output, "pyproject.toml"]
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
