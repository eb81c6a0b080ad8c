"""The set that stands in `dist/ENV` now: what it says of itself, and whether that is true."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cfgc.diagnostics import Diagnostic
from cfgc.model.manifest import MANIFEST_NAME, Entry, Manifest
from cfgc.stages.write import state
from cfgc.stages.write.finding import about
from cfgc.stages.write.folder import Folder, files_below, is_folder, parents
from cfgc.stages.write.manifest import ManifestError, load


def digest(content: bytes) -> str:
    """How a manifest writes the digest of a public or sealed artifact."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Current:
    """A set on disk. `manifest` is none when there is none or when it is damaged, foreign or newer."""

    def __init__(self, folder: Folder, environment: str, machine_key: state.MachineKey) -> None:
        self.folder = folder
        self.environment = environment
        self._key = machine_key
        self.text = folder.read(MANIFEST_NAME)
        self.manifest = self._load()
        self.entries = {entry.path: entry for entry in self.manifest.artifacts} if self.manifest else {}
        self._remembered: dict[str, str] = {}

    def remember(self, beside: Folder) -> None:
        """Take the local HMACs of this set from `.ENV.state`."""
        if self.text is not None:
            self._remembered = state.load(beside, self.environment).get(digest(self.text), {})

    def _load(self) -> Manifest | None:
        try:
            found = load(self.text) if self.text else None
        except ManifestError:
            return None
        return found if found and found.environment == self.environment else None

    def paths(self) -> Iterator[str]:
        """Every path on disk but the manifest's."""
        return (path for path, _ in files_below(self.folder) if path != MANIFEST_NAME)

    def holds(self, entry: Entry, content: bytes | None) -> bool:
        """Whether `content`, found on disk, is what the manifest says of `entry`."""
        if content is None:
            return False
        if not entry.secret or (self.manifest and self.manifest.sealed):
            return entry.digest == digest(content)
        import hmac

        known = self._remembered.get(entry.path, "")
        return hmac.compare_digest(known, self._key.fingerprint(self.environment, entry.path, content))

    def drifted(self, path: str, content: bytes) -> Diagnostic | None:
        """A warning when a file that is about to be replaced is not what was rendered."""
        entry = self.entries.get(path)
        if entry is None or self.holds(entry, content) or (entry.secret and entry.path not in self._remembered):
            return None
        place = f"{self.folder.path}/{path}"
        return about("drifted-artifact", place, environment=self.environment)

    def foreign(self, expected: set[str]) -> list[str]:
        """Paths that neither the manifest nor the new set names. A folder of theirs that was emptied is none."""
        known = {*self.entries, *expected}
        found = [path for path in self.paths() if path not in known]
        ours = set().union(*map(parents, known)) if found else set()
        return [path for path in found if path not in ours or not is_folder(self.folder, path)]
