"""The manifest's text: one line an entry, so that `git diff` shows entries and the C encoder writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cfgc.model.artifact import Required
from cfgc.model.manifest import MANIFEST_VERSION, Entry, Manifest, Revision
from cfgc.stages.write.folder import parents


class ManifestError(ValueError):
    """A text that is no manifest of this version."""


def dump(manifest: Manifest) -> bytes:
    """The bytes of a manifest; the same manifest always gives the same bytes."""
    data = manifest.as_data()
    rows = [f"  {_text(key)}: {_member(value)}" for key, value in data.items()]
    return ("{\n" + ",\n".join(rows) + "\n}\n").encode()


def _member(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {_text(item)}" for item in value) + "\n  ]"
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f"    {_text(key)}: {_text(item)}" for key, item in value.items()) + "\n  }"
    return _text(value)


_text = json.JSONEncoder(ensure_ascii=False).encode


def load(text: bytes) -> Manifest:
    """The manifest that bytes hold; raises `ManifestError` for a damaged, foreign or newer one."""
    try:
        data = json.loads(text)
        if data["version"] != MANIFEST_VERSION:
            raise ManifestError("another version")
        entries = tuple(_entry(item) for item in data["artifacts"])
        _check(entry.path for entry in entries)
        return Manifest(
            environment=data["environment"],
            cfgc=data["cfgc"],
            semantics=data["semantics"],
            source=_revision(data["source"]),
            sealed=data["sealed"],
            overrides=tuple(data["overrides"]),
            components={name: _revision(item) for name, item in data["components"].items()},
            inputs=dict(data["inputs"]),
            artifacts=entries,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ManifestError(type(error).__name__) from None


def _check(paths: Iterable[str]) -> None:
    """What carries artifacts over trusts their paths: each stays inside the set, and none is another or its folder."""
    known = list(paths)
    folders: set[str] = set().union(*map(parents, known))
    if len(folders.union(known)) != len(folders) + len(known):
        raise ManifestError("paths that exclude each other")
    if any(not {"", ".", ".."}.isdisjoint(path.split("/")) for path in known):
        raise ManifestError("a path that leaves the set")


def _revision(data: dict[str, Any]) -> Revision:
    return Revision(str(data["revision"]), bool(data["clean"]))


def _entry(data: dict[str, Any]) -> Entry:
    required = tuple(Required(item["variable"], item["path"], item["output"]) for item in data["requires_env"])
    return Entry(str(data["path"]), str(data["component"]), bool(data["secret"]), str(data["digest"]), required)
