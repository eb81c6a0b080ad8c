"""What a rendered set says about itself (SPEC section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cfgc.model.artifact import Required

MANIFEST_NAME = "manifest.json"
MANIFEST_VERSION = 1


class Revision(NamedTuple):
    """The commit that was compiled, and whether the inputs were exactly its content. No Git: an empty id, not clean."""

    id: str = ""
    clean: bool = False


class Entry(NamedTuple):
    """One artifact of a set; `digest` is of the sealed form."""

    path: str
    component: str
    secret: bool
    digest: str
    requires_env: tuple[Required, ...] = ()

    @property
    def mode(self) -> int:
        return 0o600 if self.secret else 0o644


class Manifest(NamedTuple):
    """One whole set: what it was made from and what it holds."""

    environment: str
    cfgc: str
    semantics: str
    source: Revision = Revision()
    sealed: bool = False
    overrides: tuple[str, ...] = ()
    """key paths that `--set`, variables or `--resolve-env` decided: with any, Git alone does not give these bytes"""
    components: Mapping[str, Revision] = MappingProxyType({})
    inputs: Mapping[str, str] = MappingProxyType({})
    """project path -> content id (Git blob id)"""
    artifacts: tuple[Entry, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The manifest as JSON data, in the order in which it is written."""
        return {
            "version": MANIFEST_VERSION,
            "environment": self.environment,
            "cfgc": self.cfgc,
            "semantics": self.semantics,
            "source": {"revision": self.source.id, "clean": self.source.clean},
            "sealed": self.sealed,
            "reproducible": not self.overrides,
            "overrides": list(self.overrides),
            "components": {
                name: {"revision": revision.id, "clean": revision.clean} for name, revision in self.components.items()
            },
            "inputs": dict(self.inputs),
            "artifacts": [_entry_data(entry) for entry in self.artifacts],
        }


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {
        "path": entry.path,
        "mode": f"{entry.mode:04o}",
        "component": entry.component,
        "secret": entry.secret,
        "digest": entry.digest,
        "requires_env": [item._asdict() for item in entry.requires_env],
    }
