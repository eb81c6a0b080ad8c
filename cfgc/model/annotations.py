"""`x-cfgc-*` keywords of the schemas, looked up by key path."""

from __future__ import annotations

from typing import Any, Protocol

from cfgc.model.keypath import KeyPath


class Cursor(Protocol):
    """The schemas that speak about one place of the tree."""

    def step(self, step: str | int) -> Cursor | None:
        """The cursor one key or index deeper; none when no schema with a keyword lies below."""

    def get(self, keyword: str) -> Any:
        """The value of `x-cfgc-...` here, or none."""


class Annotations(Protocol):
    """All keywords of a project's schemas."""

    def root(self) -> Cursor | None:
        """The cursor at the tree's root; none when no schema carries any keyword."""

    def get(self, keyword: str, path: KeyPath) -> Any:
        """The value of one keyword at one path, or none."""

    def uses(self, keyword: str) -> bool:
        """Whether any schema carries the keyword at all."""
