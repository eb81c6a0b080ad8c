"""Relative references: the dots -> a key path from the root."""

from __future__ import annotations

from cfgc.model.keypath import KeyPath
from cfgc.stages.resolve.template import Reference


def container(path: KeyPath, up: int) -> KeyPath | None:
    """The map around a value, `up` times; lists do not count. None above the root."""
    for _ in range(up):
        keys = [index for index, step in enumerate(path) if isinstance(step, str)]
        if not keys:
            return None
        path = path[: keys[-1]]
    return path


def absolute(reference: Reference, path: KeyPath) -> KeyPath:
    """The key path that a reference at `path` names; what climbs above the root starts there."""
    return (*(container(path, reference.up) or ()), *reference.path) if reference.up else reference.path
