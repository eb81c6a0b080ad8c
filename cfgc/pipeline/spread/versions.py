"""What has to be the same on every machine, so that the bytes are: cfgc, Python, and libraries that write or judge."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from cfgc import __version__

_LIBRARIES = ("jinja2", "jsonschema", "jsonschema-rs", "pyyaml", "referencing", "yaml-rs")


def versions() -> dict[str, str]:
    """Program -> version, of this process."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"cfgc": __version__, "Python": python, **{name: _installed(name) for name in _LIBRARIES}}


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
