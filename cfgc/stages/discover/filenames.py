"""What a file's name says of it: its key, its format, whether SOPS encrypts it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cfgc.model.layers import Format

INDEX, EACH = "_index", "_each"

_FORMATS: dict[str, Format] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".toml": "toml",
    ".sops.yaml": "yaml",
    ".sops.json": "json",
    ".sops.env": "dotenv",
}
_NAME = re.compile(r"(.+?)((?:\.sops)?\.[a-z]+)")
_DOCUMENTATION = re.compile(r".*\.(?:md|rst)|README|LICENSE|OWNERS|CODEOWNERS")


class FileName(NamedTuple):
    """The parts of a layer file's name: `x`, `.sops.yaml` and what the latter means."""

    stem: str
    suffix: str
    format: Format

    @property
    def sops(self) -> bool:
        return self.suffix.startswith(".sops")


@lru_cache(maxsize=1 << 14)  # every layer has its own file of the same name
def parse(name: str) -> FileName | None:
    """The parts of a file's name; none for a file that is no layer file."""
    found = _NAME.fullmatch(name)
    if found is None or found[2] not in _FORMATS:
        return None
    return FileName(found[1], found[2], _FORMATS[found[2]])


def is_documentation(name: str) -> bool:
    """Whether a file may lie in a layer though it configures nothing: `*.md`, `*.rst`, README and the like."""
    return bool(_DOCUMENTATION.fullmatch(name))


def advice(name: str) -> str | None:
    """What to do about a file that is no layer file, where its name tells what it was meant to be."""
    folded = name.lower()
    for wrong, right in ((".sops.yml", ".sops.yaml"), (".sops.toml", ".sops.yaml"), (".env", ".sops.env")):
        if folded.endswith(wrong) and not folded.endswith(right):
            return _ADVICE[wrong]
    if parse(folded):
        return f"name it `{folded}`"
    return None


_ADVICE = {
    ".sops.yml": "name it `*.sops.yaml`",
    ".sops.toml": "SOPS writes no TOML: make it a `*.sops.yaml`",
    ".env": "in a layer only an encrypted file may be dotenv (`*.sops.env`); write plain values as YAML",
}
