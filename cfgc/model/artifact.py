"""Rendered files, in memory."""

from __future__ import annotations

from typing import NamedTuple

from cfgc.model.location import Location


class Required(NamedTuple):
    """A runtime variable that an artifact's consumer must provide: its name, the key path, the name in the output."""

    variable: str
    path: str
    output: str


class Artifact(NamedTuple):
    """One rendered file. `path` is relative to `dist/ENV`. `sealed` equals `content` when nothing in it is secret."""

    path: str
    component: str
    content: bytes
    sealed: bytes
    secret: bool = False
    requires_env: tuple[Required, ...] = ()
    setting: Location | None = None
    """the line of `cfgc.yaml` that asks for this artifact, for collisions"""
