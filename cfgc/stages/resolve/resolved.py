"""What resolving gives: the tree, and the answers to what was followed on the way."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cfgc.diagnostics import Diagnostic
from cfgc.model.keypath import KeyPath
from cfgc.model.provenance import Hop
from cfgc.model.values import Tree, Value

if TYPE_CHECKING:
    from cfgc.stages.resolve.evaluate import Evaluate
    from cfgc.stages.resolve.locate import Locate


class Use(NamedTuple):
    """A runtime variable and a key path whose value holds it."""

    variable: str
    path: KeyPath


class Resolved:
    """A resolved tree and what was learned on the way. Findings carry a key path and no location."""

    def __init__(self, tree: Tree, findings: list[Diagnostic], known: Evaluate | None = None) -> None:
        self.tree = tree
        self.diagnostics = findings
        self.references: tuple[Hop, ...] = tuple(known.references) if known else ()
        """every reference into the tree: where it is written, and where the value really stands"""
        self.asked: tuple[Hop, ...] = tuple(known.asked) if known else ()
        """every reference as it is written, also where nothing stands: what else a value would depend on"""
        self.variables: tuple[Use, ...] = tuple(Use(*found) for found in known.variables.found) if known else ()
        self.missing: tuple[KeyPath, ...] = tuple(known.not_loaded) if known else ()
        """key paths that are needed and not loaded: merge them too, then resolve anew"""
        self._known = known

    def follow(self, path: KeyPath) -> tuple[KeyPath, tuple[Hop, ...]]:
        """Where the value at `path` of the resolved tree really stands in the merged tree, and the hops to it.

        A text that holds more than one reference stands where it is written. A path that leads nowhere is
        followed as far as it goes.
        """
        from cfgc.stages.resolve.locate import Absent, Broken, hops

        try:
            first = self._locate(path)[0]
        except Absent as absent:
            return absent.place.path, hops(absent.place.via)
        except Broken:
            return path, ()
        return first.path, hops(first.via)

    @cached_property
    def _locate(self) -> Locate:
        from cfgc.stages.resolve.locate import Locate

        return self._known.locate if self._known else Locate(self.tree, None, _no_text)


def _no_text(_: KeyPath) -> Value:
    return None
