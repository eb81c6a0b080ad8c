"""The local memory of secret artifacts: an HMAC each, under a key that stays on this machine (SPEC section 8).

The manifest holds no hash of a secret's text. To notice that a secret artifact was damaged or edited, cfgc keeps
`.ENV.state` beside the set: `{digest of manifest: {path: hmac}}`, for the current set and the one about to replace it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from cfgc.external.machine_key import machine_key
from cfgc.stages.write.folder import Folder


class MachineKey:
    """The key of this machine: read, or made with mode 0600, when a secret artifact first asks for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key: bytes | None = None

    def fingerprint(self, environment: str, path: str, content: bytes) -> str:
        """The HMAC of one artifact, bound to where it stands."""
        if self._key is None:
            self._key = machine_key(str(self._folder))
        import hmac

        message = b"\0".join((b"cfgc artifact", environment.encode(), path.encode(), content))
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def load(folder: Folder, environment: str) -> dict[str, dict[str, str]]:
    """The remembered HMACs; a damaged file remembers nothing."""
    text = folder.read(_name(environment))
    try:
        data = json.loads(text or b"{}")
    except (ValueError, RecursionError):
        return {}
    sets = data.items() if isinstance(data, dict) else ()
    return {name: _texts(hashes) for name, hashes in sets if isinstance(hashes, dict)}


def _texts(hashes: dict[str, object]) -> dict[str, str]:
    return {path: known for path, known in hashes.items() if isinstance(known, str) and known.isascii()}


def save(folder: Folder, environment: str, sets: dict[str, dict[str, str]]) -> None:
    folder.replace_file(_name(environment), json.dumps(sets, indent=1).encode() + b"\n", 0o600)


def _name(environment: str) -> str:
    return f".{environment}.state"
