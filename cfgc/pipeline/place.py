"""Findings on the merged tree get their lines: key path -> through references -> the layer line that causes it."""

from __future__ import annotations

from collections.abc import Callable

from cfgc.diagnostics import Diagnostic, Label
from cfgc.model.keypath import KeyPath, show
from cfgc.model.layers import Locator
from cfgc.model.location import Location
from cfgc.stages.discover import placed as setting_placed
from cfgc.stages.merge import Merged
from cfgc.stages.resolve import Resolved


class Placing:
    """The places of one environment's values. A `Placer` that also follows references."""

    def __init__(self, merged: Merged, resolved: Resolved, locator: Locator) -> None:
        self._merged = merged
        self._resolved = resolved
        self._locator = locator

    def place(self, path: KeyPath) -> Location | None:
        """The span of the value at `path`, where it is really written."""
        return self._merged.place(self._resolved.follow(path)[0])

    def place_key(self, path: KeyPath) -> Location | None:
        """The span of the key at `path`, where the value is really written."""
        return self._merged.place_key(self._resolved.follow(path)[0])

    def diagnostic(self, found: Diagnostic) -> Diagnostic:
        """The finding with the line that causes it, and the references on the way to it as other places."""
        if found.location is not None or found.path is None:
            return setting_placed(found, self._locator)
        final, hops = self._resolved.follow(found.path)
        removal = self._merged.place_removal((*final, found.lacks)) if found.lacks else None
        if removal is not None:
            return found.but(location=removal, label=f"`{found.lacks}` is removed here")
        location = self._merged.place_key(final) if found.blame_key else self._merged.place(final)
        places = [(hop, self._merged.place(hop.path)) for hop in hops]
        passed = [
            Label(place, f"refers to `{show(hop.target)}`") for hop, place in places if place not in (None, location)
        ]
        return found.but(location=location, related=(*found.related, *passed))


def belonging(found: Diagnostic, environment: str, component_of: Callable[[KeyPath], KeyPath | None]) -> Diagnostic:
    """The finding with its environment and, where its key path stands in one, its component."""
    component = found.component
    if not component and found.path is not None:
        path = component_of(found.path)
        component = "" if path is None else show(path)
    return found.but(environment=found.environment or environment, component=component)
