"""The file that sops takes its age identities from, looked at only as far as its safety needs (THREATS C11)."""

from __future__ import annotations

import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from cfgc.external import process

_PUBLIC = re.compile(
    r"^#.*\b(?:this|these) (?:keys?|identit(?:y|ies)) (?:is|are) public\b", re.IGNORECASE | re.MULTILINE
)
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file: its path as the user knows it, and what is to be said about its safety.

    `public` is true when a comment in it says so in these words: `# This key is public`.
    """

    path: str
    public: bool
    open_to_others: bool
    inside: bool


def age_key_file(project: Path | None) -> KeyFile | None:
    """The file in `SOPS_AGE_KEY_FILE`, or the standard one; none where there is none that can be read."""
    settings = process.inherited("SOPS_AGE_KEY_FILE", "XDG_CONFIG_HOME", "HOME")
    path = Path(settings["SOPS_AGE_KEY_FILE"]) if settings.get("SOPS_AGE_KEY_FILE") else _standard(settings)
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            return None  # a pipe can be read once, and sops must be the one
        with path.open("rb") as opened:
            head = opened.read(_HEAD).decode("ascii", "replace")
    except OSError:
        return None
    inside = project is not None and path.resolve().is_relative_to(project.resolve())
    return KeyFile(str(path), bool(_PUBLIC.search(head)), bool(mode & 0o077), inside)


def _standard(settings: dict[str, str]) -> Path:
    """Where sops looks when no variable says otherwise."""
    home = Path(settings.get("HOME", ""))
    if settings.get("XDG_CONFIG_HOME"):
        folder = Path(settings["XDG_CONFIG_HOME"])
    else:
        folder = home / "Library" / "Application Support" if sys.platform == "darwin" else home / ".config"
    return folder / "sops" / "age" / "keys.txt"
